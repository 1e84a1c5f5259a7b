// Output formats: how they are read, and the lines they make.
#include "filter/format.hpp"

#include <doctest/doctest.h>

#include "tests/support/allocations.hpp"
#include "tests/unit/filter/operands.hpp"

using namespace gyr;
using namespace gyr::test;
using filter::unescape_format;

TEST_CASE("formats: text and fields") {
  Bench b;
  CHECK(b.line("plain") == "plain");
  CHECK(b.line("*").empty());
  CHECK(b.line(R"(<%toupper("a")>)") == "<A>");
  CHECK(b.line(R"(%toupper("a")%toupper("b"))") == "AB");
  CHECK(b.line(R"(%getopt(("-a"), "a")[a]x)") == "ax");
  CHECK(b.line(R"(%getopt(("-a"), "a").)") == "(a).");
}

TEST_CASE("formats: a missing value drops the line, or is said with a star") {
  Bench b;
  CHECK(b.line(R"(a %b64("?") b)") == "(dropped)");
  CHECK(b.line(R"(*a %b64("?") b)") == "a <NA> b");
  CHECK(b.line(R"(*%6b64("?")|%2b64("?")|)") == "<NA>  |<N|");
}

TEST_CASE("formats: a width pads and cuts") {
  Bench b;
  CHECK(b.line(R"(%5toupper("abc")|)") == "ABC  |");
  CHECK(b.line(R"(%2toupper("abc")|)") == "AB|");
  CHECK(b.line(R"(%3toupper("abc")|)") == "ABC|");
  CHECK(b.line(R"(%0toupper("abc")|)") == "ABC|");
  CHECK(b.line(R"(%4getopt(("-a"), "a")|)") == "(a) |");
}

TEST_CASE("formats: a width does not cut a character in half, but in sysdig 0.29's dialect") {
  Bench b;
  const char* const euros = "%4concat(\"\xe2\x82\xac\", \"\xe2\x82\xac\")|";
  CHECK(b.line(euros) == "\xe2\x82\xac |");
  CHECK(b.line("%3toupper(\"\xf0\x9f\x90\xa7\")|") == "   |");
  CHECK(b.line("%2toupper(\"a\x82\x82\")|") == "A\x82|");  // no character at all
  b.settings.render.dialect = Dialect::sysdig_0_29;
  CHECK(b.line(euros) == "\xe2\x82\xac\xe2|");
}

TEST_CASE(
    "formats: control characters of values are masked on a terminal, those of the format not") {
  Bench b;
  CHECK(b.line("\x1b[1m%toupper(\"a\\x1bb\")") ==
        "\x1b[1mA\x1b"
        "B");
  b.settings.render.safe_for_terminal = true;
  CHECK(b.line("\x1b[1m%toupper(\"a\\x1bb\")") == "\x1b[1mA.B");
}

TEST_CASE("formats: what is wrong, and where") {
  Bench b;
  CHECK(b.line("") == "the format is empty");
  CHECK(b.line("ab%") == "a field must follow '%' @3");
  CHECK(b.line("ab%12") == "a field must follow the width @5");
  CHECK(b.line("a%%b") == "a field must follow '%'; there is no way to print a '%' @2");
  CHECK(b.line("%4097evt.num") == "a width is at most 4096 @1");
  CHECK(b.line("%99999999999999999999999evt.num") == "a width is at most 4096 @1");
  CHECK(b.line("a %x") == "expected a field, found 'x' @3");
  CHECK(b.line(R"(a %7toupper(len("x")))") == R"(toupper takes a text; len("x") is a uint64 @12)");
  CHECK(b.line(R"(a %nosuch("x"))").starts_with("unknown transformer 'nosuch'"));
  CHECK(b.line("*a %nosuch.field x").ends_with(" @4"));
}

TEST_CASE("formats: escapes of the command line") {
  CHECK(unescape_format(R"(a\tb\nc\e[0m\\d)") == "a\tb\nc\x1b[0m\\d");
  CHECK(unescape_format(R"(\q\\n\)") == R"(\q\n\)");
  CHECK(unescape_format("").empty());
}

TEST_CASE("formats: fields that have no value in between do not disturb the others") {
  Bench b;
  CHECK(b.line("*%evt.num %fd.name %proc.name[%proc.pid] %evt.type") == "1 <NA> sh[7] getuid");
  CHECK(b.line("%evt.num %fd.name") == "(dropped)");
  CHECK(b.line("%evt.numx %evt.type.: %proc.name-") == "1x getuid.: sh-");
  CHECK(b.line("*%proc.aname[%evt.type]").ends_with("[getuid]"));
}

TEST_CASE("formats: what is wrong with fields, and where") {
  Bench b;
  CHECK(b.line("a %evt.nmu") == "there is no field 'evt.nmu'; did you mean 'evt.num'? @3");
  CHECK(b.line("%proc.aname[x]") == "the argument of proc.aname is a number, not 'x' @1");
  CHECK(b.line("%evt.num %fd.ip") == "fd.ip is for filters only, it has no value to print @10");
  CHECK(b.line("%toupper(evt.num)") == "toupper takes a text; evt.num is a uint64 @9");
  CHECK(b.line("%toupper(proc.aname)") == "proc.aname cannot stand inside of a transformer @9");
  const std::string endless = "%" + std::string(100'000, 'a') + ".b";
  CHECK(b.line(endless).starts_with("there is no field 'aaa"));
}

TEST_CASE("formats: text and JSON allocate nothing once they are warm") {
  Bench b;
  const char* const text =
      "*%evt.num %evt.outputtime %proc.name %evt.args %fd.name %evt.time.iso8601 "
      R"x(%toupper(proc.name) %join("/", (proc.name, evt.num)) %getopt(("-a", "b"), "a:"))x";
  auto format = filter::OutputFormat::parse(text);
  REQUIRE(format);
  filter::JsonFormat json(*filter::OutputFormat::parse(text));
  Text line;
  const auto print = [&] {
    line.clear();
    format->append(line, b.moment());
    json.append(line, b.moment());
  };
  for (int i = 0; i < 3; ++i) print();
  const uint64_t before = allocations();
  for (int i = 0; i < 100; ++i) print();
  CHECK(allocations() == before);
}
