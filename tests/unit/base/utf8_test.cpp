#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace gyr;

TEST_CASE("the length of a character") {
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("ab") == 1);
  CHECK(utf8_length("\n") == 1);
  CHECK(utf8_length(std::string_view("\0", 1)) == 1);
  CHECK(utf8_length("\u00e4b") == 2);
  CHECK(utf8_length("\u20acb") == 3);
  CHECK(utf8_length("\U0001f600b") == 4);
  CHECK(utf8_length("\U0010ffff") == 4);
}

TEST_CASE("what is no character has length 0") {
  // Continuation alone, cut short, overlong, surrogate, beyond U+10FFFF.
  for (const std::string_view text :
       {"\x80", "\xbf", "\xc3", "\xc3x", "\xe2\x82", "\xe2\x82x", "\xf0\x9f\x98", "\xf0\x9f\x98x",
        "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CAPTURE(text);
    CHECK(utf8_length(text) == 0);
  }
}

TEST_CASE("control characters are not printable") {
  for (const std::string_view text : {"\x1b", "\x7f", "\n", "\u0080", "\u009b", "\xff"})
    CHECK(printable_utf8_length(text) == 0);
  CHECK(printable_utf8_length(" ") == 1);
  CHECK(printable_utf8_length("~") == 1);
  CHECK(printable_utf8_length("\u00a0") == 2);
  CHECK(printable_utf8_length("\u20ac") == 3);
}

TEST_CASE("what is printed to a terminal has no control characters") {
  CHECK(printable("a\x1b[1m\n\u009b\u20ac\xff.") == "a.[1m...\u20ac..");
}
