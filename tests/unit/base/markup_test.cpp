// Text in HTML and XML: valid whatever the bytes, and nothing of it is markup.
#include "base/markup.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "base/utf8.hpp"

using namespace gyr;

namespace {

std::string markup_of(std::string_view text) {
  Text to;
  append_markup(to, text);
  return std::string(to.view());
}

}  // namespace

TEST_CASE("markup: what stands for itself and what becomes a reference") {
  CHECK(markup_of("") == "");
  CHECK(markup_of("plain text / 1 \\") == "plain text / 1 \\");
  CHECK(markup_of("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;");
  CHECK(markup_of("a\"b'c&d;") == "a&quot;b&#39;c&amp;d;");
  CHECK(markup_of("&lt;") == "&amp;lt;");
  CHECK(markup_of("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7") ==
        "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7");
}

TEST_CASE("markup: what cannot be seen is an escape") {
  CHECK(markup_of("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(markup_of(std::string_view("a\0b\x1b[31m\x7f", 9)) == "a\\x00b\\x1b[31m\\x7f");
  CHECK(markup_of("\xff<\xc3") == "\\xff&lt;\\xc3");
  CHECK(markup_of("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(markup_of("\xc2\x85\xc2\xa0") == "\\u0085\xc2\xa0");
  CHECK(markup_of("\xe2\x80\xae\xe2\x81\xa6") == "\\u202e\\u2066");
  CHECK(markup_of("\xef\xbf\xbe\xef\xbf\xbd") == "\\ufffe\xef\xbf\xbd");
}

TEST_CASE("markup: whatever the bytes, it is one line of valid text without markup") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255), length(0, 40);
  for (int round = 0; round < 5000; ++round) {
    std::string text(static_cast<size_t>(length(random)), '\0');
    for (char& c : text) c = static_cast<char>(byte(random));
    const std::string markup = markup_of(text);
    CHECK(is_utf8(markup));
    CHECK(markup.find_first_of("<>\"'\n\r\t") == std::string::npos);
    for (const char c : markup) CHECK((static_cast<unsigned char>(c) >= ' ' && c != '\x7f'));
  }
}
