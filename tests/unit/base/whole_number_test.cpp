#include "base/whole_number.hpp"

#include <doctest/doctest.h>

using namespace gyr;

TEST_CASE("whole number: digits and nothing else") {
  CHECK(whole_number("0") == 0);
  CHECK(whole_number("18446744073709551615") == UINT64_MAX);
  for (const char* other : {"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "18446744073709551616"})
    CHECK_FALSE(whole_number(other).has_value());
}
