#include "chisels/arguments.hpp"

#include <doctest/doctest.h>

#include "cli/chisels.hpp"

using namespace gyr;
using namespace gyr::chisels;

namespace {

using Words = std::vector<std::string>;

Description taking(std::vector<ArgumentRow> rows) {
  Description d;
  d.arguments = std::move(rows);
  return d;
}

}  // namespace

TEST_CASE("the arguments of a chisel are one word, and blanks part them") {
  CHECK(*split_arguments("c", "") == Words{});
  CHECK(*split_arguments("c", "1 disable_color") == Words{"1", "disable_color"});
  CHECK(*split_arguments("c", "  a   b ") == Words{"a", "b"});
  CHECK(*split_arguments("c", "'a and b' `c d`e") == Words{"a and b", "c d", "e"});
  CHECK(*split_arguments("c", "''") == Words{""});
  CHECK(split_arguments("c", "a 'b").error().message == "chisel c: the quote ' is not closed");
}

TEST_CASE("which word behind a chisel's name is its arguments") {
  const Description none = taking({});
  const Description needs = taking({{"n", "", "int", false}, {"o", "", "string", true}});
  const Description may = taking({{"o", "", "string", true}});
  const Description filters = taking({{"f", "", "filter", true}});
  CHECK_FALSE(takes_word(none, Words{"5"}));
  CHECK(takes_word(needs, Words{"-r"}));
  CHECK(takes_word(needs, Words{}));  // and misses it
  CHECK(takes_word(may, Words{"5"}));
  CHECK_FALSE(takes_word(may, Words{"-r", "t.scap"}));
  CHECK_FALSE(takes_word(may, Words{"evt.type=open"}));
  CHECK_FALSE(takes_word(may, Words{"evt.type=open", "and", "fd.num>3"}));
  CHECK(takes_word(may, Words{"evt.type=open", "-r", "t.scap"}));
  CHECK_FALSE(takes_word(may, Words{}));
  CHECK(takes_word(filters, Words{"evt.type=open"}));
}

TEST_CASE("the words of a command line with chisels") {
  CHECK(*join_chisel_words({"-r", "t", "fd.num>3"}) == Words{"-r", "t", "fd.num>3"});
  CHECK(*join_chisel_words({"-cl", "top"}) == Words{"--list-chisels", "top"});
  CHECK(*join_chisel_words({"-c", "l"}) == Words{"--list-chisels"});
  CHECK(*join_chisel_words({"--", "-c", "nosuch"}) == Words{"--", "-c", "nosuch"});
  CHECK(join_chisel_words({"-c"}).error().message.starts_with("-c: which chisel?"));
  CHECK(join_chisel_words({"-cnosuch"}).error().message.starts_with("-c: there is no chisel"));
}
