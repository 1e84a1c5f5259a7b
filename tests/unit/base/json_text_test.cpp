// JSON strings: valid whatever the bytes, and nothing is lost.
#include "base/json_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

using namespace gyr;

namespace {

std::string json_of(std::string_view text) {
  Text to;
  append_json_string(to, text);
  return std::string(to.view());
}

/// The bytes again: an escape of \u0080 and above is a byte, all else is as JSON has it.
std::string bytes_of(std::string_view json) {
  std::string bytes;
  for (size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      bytes += json[i];
      continue;
    }
    ++i;
    if (json[i] == 'u') {
      bytes += static_cast<char>(std::stoi(std::string(json.substr(i + 1, 4)), nullptr, 16));
      i += 4;
    } else {
      const size_t known = std::string_view("bfnrt").find(json[i]);
      bytes += known == std::string_view::npos ? json[i] : "\b\f\n\r\t"[known];
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("json text: what stands for itself and what does not") {
  CHECK(json_of("") == "\"\"");
  CHECK(json_of("plain text / 1") == "\"plain text / 1\"");
  CHECK(json_of("a\"b\\c") == R"("a\"b\\c")");
  CHECK(json_of("\b\f\n\r\t\x01\x1f\x7f") == R"("\b\f\n\r\t\u0001\u001f\u007f")");
  CHECK(json_of(std::string_view("a\0b", 3)) == R"("a\u0000b")");
  CHECK(json_of("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7") ==
        "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7\"");
}

TEST_CASE("json text: bytes that are no UTF-8 become escapes of their values") {
  CHECK(json_of("\xff") == R"("\u00ff")");
  CHECK(json_of("x\xe9y") == R"("x\u00e9y")");
  CHECK(json_of("\xe2\x82") == R"("\u00e2\u0082")");            // cut short
  CHECK(json_of("\xc0\xaf") == R"("\u00c0\u00af")");            // overlong
  CHECK(json_of("\xed\xa0\x80") == R"("\u00ed\u00a0\u0080")");  // a surrogate
  CHECK(json_of("\xf4\x90\x80\x80") == R"("\u00f4\u0090\u0080\u0080")");
}

TEST_CASE("json text: any bytes are valid JSON, and can be had back") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes)
      c = static_cast<char>(random() % 3 == 0 ? random() : 0x80 + random() % 128);
    const std::string json = json_of(bytes);
    INFO(json);
    CHECK(nlohmann::json::accept(json));
    CHECK(bytes_of(json) == bytes);
  }
}
