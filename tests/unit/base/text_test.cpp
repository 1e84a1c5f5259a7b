#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

using gyr::Text;

namespace {

// printf as the slow oracle.
template <class T>
std::string printed(const char* format, T value) {
  char text[64];
  const int n = std::snprintf(text, sizeof text, format, value);
  return {text, static_cast<size_t>(n)};
}

constexpr uint64_t numbers[] = {
    0,    1,         7,          9,          10,         99,        100,        255,
    4096, 999999999, 1000000000, UINT32_MAX, 1ull << 32, INT64_MAX, 1ull << 63, UINT64_MAX};

}  // namespace

TEST_CASE("numbers print as printf prints them") {
  for (const uint64_t n : numbers) {
    const auto value = static_cast<int64_t>(n);
    CHECK(Text().append_dec(value).view() == printed("%ld", value));
    CHECK(Text().append_unsigned(n).view() == printed("%lu", n));
    CHECK(Text().append_hex(n, false).view() == printed("%lx", n));
    CHECK(Text().append_hex(n, true).view() == printed("%lX", n));
    CHECK(Text().append_octal(n).view() == printed("%lo", n));
    CHECK(Text().append_padded(n, 9).view() == printed("%09lu", n));
    CHECK(Text().append_padded(n, 1).view() == printed("%01lu", n));
    CHECK(Text().append_padded(n, 40).view() == printed("%040lu", n));
  }
}

TEST_CASE("upper-case hexadecimal leaves what stands before it alone") {
  CHECK(Text().append("abc ").append_hex(0xdef, true).view() == "abc DEF");
}

TEST_CASE("a text grows over many appends and keeps its content") {
  Text text;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    text.append("item ").append_dec(i).append(';');
    expected += "item " + std::to_string(i) + ';';
  }
  CHECK(text.view() == expected);
  CHECK(text.size() == expected.size());
}

TEST_CASE("clear and truncate") {
  Text text;
  CHECK(text.empty());
  CHECK(text.view() == "");
  text.append("abcdef");
  text.truncate(3);
  CHECK(text.view() == "abc");
  text.truncate(10);
  CHECK(text.view() == "abc");
  text.clear();
  CHECK(text.empty());
  CHECK(text.append("x").view() == "x");
  CHECK(text.append(std::string_view()).view() == "x");
}

TEST_CASE("room gives space that added makes part of the text") {
  Text text;
  text.append("<");
  char* to = text.room(100000);
  for (int i = 0; i < 100000; ++i) to[i] = 'y';
  text.added(99999);
  text.append('>');
  CHECK(text.size() == 100001);
  CHECK(text.view().substr(0, 3) == "<yy");
  CHECK(text.view().substr(99999) == "y>");
}
