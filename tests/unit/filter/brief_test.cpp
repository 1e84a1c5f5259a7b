#include "filter/brief.hpp"

#include <doctest/doctest.h>

#include "filter/parser.hpp"

using namespace gyr::filter;

namespace {

std::string brief_of(std::string_view text, size_t most = 200) {
  const auto tree = parse_filter(text, {});
  REQUIRE(tree);
  return brief(**tree, most);
}

}  // namespace

TEST_CASE("brief: long lists are cut, short ones are not") {
  CHECK(brief_of("proc.name in (a, b, c, d, e, f, g, h)") ==
        "proc.name in (a, b, c, d, e, f, g, h)");
  CHECK(brief_of("proc.name in (a, b, c, d, e, f, g, h, i)") ==
        "proc.name in (a, b, c, d, e, ... 4 more)");
  CHECK(brief_of("not proc.name = x and (evt.type = open or fd.num > 3)") ==
        "(not proc.name = x and (evt.type = open or fd.num > 3))");
}

TEST_CASE("brief: macros go by their names") {
  const auto tree = parse_filter("not (proc.name = x and fd.num = 3)", {});
  REQUIRE(tree);
  (*tree)->children.front()->macros = {"outer", "inner"};
  CHECK(brief(**tree) == "not outer");
}

TEST_CASE("brief: what is too long is cut between characters") {
  CHECK(cut_short("abcdef", 6) == "abcdef");
  CHECK(cut_short("abcdefg", 6) == "abc...");
  CHECK(cut_short("ab\xc3\xa4\xc3\xa4z", 6) == "ab...");
  CHECK(brief_of("proc.name = aaaaaaaaaaaaaaaaaaaaaaaa or fd.num = 3", 20) ==
        "(proc.name = aaaa...");
}
