#include "base/text_file.hpp"

#include <doctest/doctest.h>

using namespace gyr;

TEST_CASE("text file: what cannot be read gives nothing") {
  CHECK(read_text_file("/proc/self/comm").has_value());
  CHECK_FALSE(read_text_file("/nowhere/to-be-found").has_value());
  CHECK_FALSE(read_text_file("/").has_value());
}

TEST_CASE("text file: a byte order mark goes, where it stands in front") {
  CHECK(without_byte_order_mark("\xef\xbb\xbf"
                                "a\xef\xbb\xbf") == "a\xef\xbb\xbf");
  CHECK(without_byte_order_mark("a").size() == 1);
  CHECK(without_byte_order_mark("").empty());
}
