#include "filter/lexer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gyr;
using namespace gyr::filter;

namespace {

std::string_view field(std::string_view text, bool strict) {
  return Lexer(text, strict).field_name();
}

std::string_view bare(std::string_view text, bool strict, bool in_list = false) {
  return Lexer(text, strict).bare(in_list);
}

/// The string and, behind a bar, what is left; or the error.
std::string quoted(std::string_view text, bool strict = false) {
  Lexer lex(text, strict);
  const auto string = lex.quoted();
  if (!string) return std::to_string(*string.error().offset) + ": " + string.error().message;
  return *string + '|' + std::string(lex.rest());
}

std::string argument(std::string_view text) {
  Lexer lex(text, false);
  const auto argument = lex.argument();
  if (!argument) return std::to_string(*argument.error().offset) + ": " + argument.error().message;
  return argument->value_or("none") + '|' + std::string(lex.rest());
}

}  // namespace

TEST_CASE("the cursor") {
  Lexer lex(" \t\r\n\bab", false);
  CHECK(lex.at_blank());
  CHECK(lex.skip_blanks());
  CHECK_FALSE(lex.skip_blanks());
  CHECK(lex.at() == 5);
  CHECK(lex.peek() == 'a');
  CHECK_FALSE(lex.take('b'));
  CHECK(lex.take('a'));
  CHECK(lex.since(5) == "a");
  lex.take(lex.word());
  CHECK(lex.at_end());
  CHECK(lex.peek() == '\0');
  CHECK_FALSE(lex.take('\0'));
  CHECK_FALSE(lex.at_blank());
  CHECK(Lexer("\f", false).skip_blanks() == false);
}

TEST_CASE("words") {
  CHECK(Lexer("a_9Z-x", false).word() == "a_9Z");
  CHECK(Lexer("9a", false).word().empty());
  CHECK(Lexer("_a", false).word().empty());
  CHECK(Lexer("", false).word().empty());
}

TEST_CASE("names of fields") {
  for (const bool strict : {false, true}) {
    CHECK(field("proc.name=x", strict) == "proc.name");
    CHECK(field("fd.cip.name exists", strict) == "fd.cip.name");
    CHECK(field("proc.aname[1]", strict) == "proc.aname");
    CHECK(field("proc", strict).empty());
    CHECK(field("proc.", strict).empty());
    CHECK(field(".name", strict).empty());
    CHECK(field("proc.name. ", strict) == "proc.name");
    CHECK(field("proc..name", strict).empty());
  }
  CHECK(field("evt.arg.0=", true) == "evt.arg");
  CHECK(field("evt.arg.0=", false) == "evt.arg.0");
  CHECK(field("evt.type.is.3", false) == "evt.type.is.3");
  CHECK(field("k8s.pod.label.a-b/c_d.e=1", false) == "k8s.pod.label.a-b/c_d.e");
  CHECK(field("k8s.pod.label.a-b/c_d.e=1", true) == "k8s.pod.label.a");
}

TEST_CASE("numbers") {
  const auto number = [](std::string_view text) { return Lexer(text, false).number(); };
  CHECK(number("12)") == "12");
  CHECK(number("-12") == "-12");
  CHECK(number("+1.5e+3x") == "+1.5e+3");
  CHECK(number("1.") == "1.");
  CHECK(number("1e5") == "1");
  CHECK(number("1e+") == "1");
  CHECK(number("0xfFg") == "0xfF");
  CHECK(number("0X1") == "0X1");
  CHECK(number("0x") == "0");
  CHECK(number("-0x1") == "-0");
  CHECK(number("-").empty());
  CHECK(number(".5").empty());
  CHECK(number("x").empty());
  CHECK(is_number("0x10"));
  CHECK_FALSE(is_number(""));
  CHECK_FALSE(is_number("5 "));
}

TEST_CASE("signs, the longest first") {
  const auto sign = [](std::string_view text) { return Lexer(text, false).sign(); };
  CHECK(sign("<=1") == "<=");
  CHECK(sign("<1") == "<");
  CHECK(sign(">=1") == ">=");
  CHECK(sign(">1") == ">");
  CHECK(sign("==1") == "==");
  CHECK(sign("=1") == "=");
  CHECK(sign("!=1") == "!=");
  CHECK(sign("!1").empty());
  CHECK(sign("").empty());
}

TEST_CASE("values without quotes") {
  CHECK(bare("/a?x=1,2 and", false) == "/a?x=1,2");
  CHECK(bare("/a?x=1,2 and", true) == "/a?x");
  CHECK(bare("a,b", true) == "a");
  CHECK(bare("a,b", false, true) == "a");
  CHECK(bare("a=b)", false, true) == "a=b");
  CHECK(bare("a=b)", true, true) == "a");
  for (const bool strict : {false, true}) {
    CHECK(bare("<", strict) == "<");
    CHECK(bare("\\[x]*\f\xff", strict) == "\\[x]*\f\xff");
    CHECK(bare("a\bb", strict) == "a");
    CHECK(bare("it's", strict) == "it");
    CHECK(bare("f(x)", strict) == "f");
    CHECK(bare("=x", strict).empty());
    CHECK(bare(",x", strict).empty());
    CHECK(bare(std::string_view("\0x", 2), strict).empty());
  }
}

TEST_CASE("strings in quotes, with escapes") {
  for (const bool strict : {false, true}) {
    CHECK(quoted(R"("")", strict) == "|");
    CHECK(quoted(R"("it's" x)", strict) == "it's| x");
    CHECK(quoted(R"('a"b')", strict) == "a\"b|");
    CHECK(quoted(R"("\b\f\n\r\t\\\/\"\x41\xfF")", strict) == "\b\f\n\r\t\\/\"A\xff|");
    CHECK(quoted(R"('\'')", strict) == "'|");
    CHECK(quoted(R"("a\ b")", strict) == "a\\b|");
    CHECK(quoted("\"a\n(\"", strict) == "a\n(|");
  }
}

TEST_CASE("a backslash that is escaped does not keep the quote open, but in Falco") {
  CHECK(quoted(R"("C:\\" x)") == "C:\\| x");
  CHECK(quoted(R"("C:\\\"" x)") == "C:\\\"| x");
  CHECK(quoted(R"("C:\\" x)", true) ==
        "0: the quote \" opened at byte 0 is never closed; a backslash before the closing quote "
        "keeps "
        "it open, even an escaped one");
  CHECK(quoted(R"("a\\"b")", true) == "a\\\"b|");
}

TEST_CASE("what is wrong with a string") {
  CHECK(quoted(R"("abc)") == "0: the quote \" opened at byte 0 is never closed");
  CHECK(quoted(R"('abc\')") == "0: the quote ' opened at byte 0 is never closed");
  CHECK(quoted(R"("abc\)") == "0: the quote \" opened at byte 0 is never closed");
  CHECK(quoted(R"("a\q")") == R"(2: unknown escape '\q'; a backslash in quotes is written \\)");
  CHECK(quoted(R"("a\'")") == R"(2: no backslash is needed before ' in a string in " quotes)");
  CHECK(quoted(R"('a\"')") == R"(2: no backslash is needed before " in a string in ' quotes)");
  CHECK(quoted(R"("a\x4")") == R"(2: the escape \x needs two hexadecimal digits, found '4')");
  CHECK(quoted(R"("a\x")") ==
        R"(2: the escape \x needs two hexadecimal digits, found the end of the string)");
  CHECK(quoted(R"("a\x-1")") == R"(2: the escape \x needs two hexadecimal digits, found '-1')");
  CHECK(
      quoted(R"("a\x00b")") ==
      R"(2: a value cannot have a NUL byte (\x00) in it, unless it is compared with a data buffer)");
  CHECK(quoted(std::string_view("\"a\0\"", 4)) == "2: a value cannot have a NUL byte in it");
}

TEST_CASE("arguments in brackets") {
  CHECK(argument("x") == "none|x");
  CHECK(argument("[2]=") == "2|=");
  CHECK(argument("[PATH-1.x/(=,\\]") == "PATH-1.x/(=,\\|");
  CHECK(argument(R"(["a ]\x41"] x)") == "a ]A| x");
  CHECK(argument("['']") == "|");
  CHECK(argument("[]") == "1: an argument must stand between the brackets, found ']'");
  CHECK(argument("[ 2]") == "1: an argument must stand between the brackets, found a blank");
  CHECK(argument("[2") ==
        "2: expected ']' for the bracket opened at byte 0, found the end of the "
        "filter");
  CHECK(argument("[a b]") ==
        "2: expected ']' for the bracket opened at byte 0, found a blank; an "
        "argument with blanks in it needs quotes");
  CHECK(argument("['a'x]") == "4: expected ']' for the bracket opened at byte 0, found 'x'");
  CHECK(argument("['a") == "1: the quote ' opened at byte 1 is never closed");
}
