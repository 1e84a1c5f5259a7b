// A number as people write it on a command line or in a file.
//
// Contract: digits and nothing else, up to 2^64-1.
//
// Example:
//   whole_number("48");    // 48
//   whole_number("48 ");   // nothing
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gyr {

inline std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace gyr
