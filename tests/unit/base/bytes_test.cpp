#include "base/bytes.hpp"

#include <doctest/doctest.h>

#include <string>

using gyr::as_bytes_of;
using gyr::Cursor;

namespace {

Cursor over(const std::string& bytes) { return Cursor(as_bytes_of(bytes)); }

}  // namespace

TEST_CASE("load reads little-endian from any alignment") {
  const std::string bytes("x\x01\x02\x03\x04\x05\x06\x07\x88", 9);
  const std::byte* at = as_bytes_of(bytes).data() + 1;
  CHECK(gyr::load<uint8_t>(at) == 1);
  CHECK(gyr::load<uint16_t>(at) == 0x0201);
  CHECK(gyr::load<uint32_t>(at) == 0x04030201);
  CHECK(gyr::load<uint64_t>(at) == 0x8807060504030201);
  CHECK(gyr::load<int64_t>(at) < 0);
}

TEST_CASE("a cursor takes one value after the other and counts what it took") {
  const std::string bytes(
      "\x07\x01\x02\x03\x00"
      "abcde",
      10);
  Cursor cursor = over(bytes);
  CHECK(cursor.take<uint8_t>() == 7);
  CHECK(cursor.take<uint16_t>() == 0x0201);
  CHECK(cursor.take_str16() == "abc");
  CHECK(cursor.consumed() == 8);
  CHECK(cursor.left() == 2);
  cursor.skip(1);
  CHECK(gyr::as_text(cursor.take_bytes(1)) == "e");
  CHECK(cursor.ok());
  CHECK(cursor.left() == 0);
  CHECK(cursor.take_bytes(0).empty());
  CHECK(cursor.ok());
}

TEST_CASE("after the first read beyond the end every read is zero or empty") {
  const std::string bytes("\x01\x02\x03", 3);
  Cursor cursor = over(bytes);
  CHECK(cursor.take<uint32_t>() == 0);
  CHECK_FALSE(cursor.ok());
  CHECK(cursor.left() == 0);
  CHECK(cursor.take<uint8_t>() == 0);  // the three bytes are gone too
  CHECK(cursor.take_bytes(1).empty());
  CHECK(cursor.take_str16() == "");
  CHECK_FALSE(cursor.ok());
}

TEST_CASE("a text whose length lies fails and is empty") {
  const std::string bytes(
      "\x05\x00"
      "abcd",
      6);
  Cursor cursor = over(bytes);
  CHECK(cursor.take_str16() == "");
  CHECK_FALSE(cursor.ok());
}

TEST_CASE("an empty cursor") {
  Cursor cursor{gyr::Bytes()};
  CHECK(cursor.ok());
  CHECK(cursor.left() == 0);
  CHECK(cursor.take<uint8_t>() == 0);
  CHECK_FALSE(cursor.ok());
}
