// The text of each type of value.
#include "filter/render_value.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace gyr;
using namespace gyr::filter;
using schema::Format;
using schema::ParamType;

namespace {

std::string shown(const Value& value, ParamType type, Format format = Format::dec,
                  const RenderOptions& options = {}) {
  Text to;
  append_value(to, value, {type, format}, options);
  return std::string(to.view());
}

Value signed_value(int64_t number) { return {static_cast<uint64_t>(number), {}}; }
Value double_value(double number) { return {std::bit_cast<uint64_t>(number), {}}; }
Value text_value(std::string_view text) { return {0, text}; }

}  // namespace

TEST_CASE("values: integers by type and format") {
  CHECK(shown({42, {}}, ParamType::uint32) == "42");
  CHECK(shown(signed_value(-42), ParamType::int16) == "-42");
  CHECK(shown(signed_value(-1), ParamType::uint32) == "4294967295");
  CHECK(shown(signed_value(-1), ParamType::uint64) == "18446744073709551615");
  CHECK(shown(signed_value(-1), ParamType::pid) == "-1");
  CHECK(shown(signed_value(-2), ParamType::errno_code) == "-2");
  CHECK(shown({255, {}}, ParamType::uint32, Format::hex) == "FF");
  CHECK(shown(signed_value(-1), ParamType::int32, Format::hex) == "FFFFFFFF");
  CHECK(shown(signed_value(-1), ParamType::int64, Format::hex) == "FFFFFFFFFFFFFFFF");
  CHECK(shown({420, {}}, ParamType::mode, Format::oct) == "644");
  CHECK(shown({42, {}}, ParamType::reltime, Format::dec_padded) == "000000042");
  CHECK(shown({443, {}}, ParamType::port) == "443");
}

TEST_CASE("values: bools and numbers with a fraction") {
  CHECK(shown({0, {}}, ParamType::boolean) == "false");
  CHECK(shown({1, {}}, ParamType::boolean) == "true");
  CHECK(shown(double_value(0.25), ParamType::float64) == "0.2");
  CHECK(shown(double_value(-7), ParamType::float64) == "-7.0");
  CHECK(shown(double_value(std::numeric_limits<double>::max()), ParamType::float64).size() == 311);
  CHECK(shown(double_value(std::numeric_limits<double>::lowest()), ParamType::float64).size() ==
        312);
}

TEST_CASE("values: addresses and networks") {
  using namespace std::string_view_literals;
  CHECK(shown(text_value("\x0a\0\0\x01"sv), ParamType::ipaddr) == "10.0.0.1");
  CHECK(shown(text_value("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"sv), ParamType::ipaddr) ==
        "2001:db8::1");
  CHECK(shown(text_value("\x0a\0\0\0\x08"sv), ParamType::ipnet) == "10.0.0.0/8");
  CHECK(shown(text_value("abc"), ParamType::ipaddr) == "<INVALID>");
  CHECK(shown(text_value(""), ParamType::ipnet) == "<INVALID>");
}

TEST_CASE("values: texts and buffers") {
  CHECK(shown(text_value("a\tb\x1b"), ParamType::charbuf) == "a\tb\x1b");
  CHECK(shown(text_value("a\tb\x1b"), ParamType::fspath, Format::none,
              {.safe_for_terminal = true}) == "a.b.");
  CHECK(shown(text_value("a\n\xff"), ParamType::bytebuf) == "a..");
  CHECK(shown(text_value("abcdefgh"), ParamType::bytebuf, Format::none, {.buffer_limit = 6}) ==
        "abc...");
  CHECK(shown(text_value("abc"), ParamType::bytebuf, Format::none,
              {.buffers = BufferMode::base64}) == "YWJj");
}

TEST_CASE("values: lists") {
  const auto list = [](std::initializer_list<Value> values, ParamType type) {
    Text to;
    append_list(to, {values.begin(), values.size()}, {type, Format::dec}, {});
    return std::string(to.view());
  };
  CHECK(list({}, ParamType::uint32) == "()");
  CHECK(list({{1, {}}, {2, {}}}, ParamType::uint32) == "(1,2)");
  CHECK(list({text_value("a"), text_value("b c")}, ParamType::charbuf) == "(a,b c)");
}
