// Numbers and names of numbers, as cases write them.
//
// Purpose: "O_RDONLY|O_CLOEXEC", "-ENOENT", "SIGKILL", "0644", "5ms" for the values that events
// store.
//
// Contract: numbers are decimal, hexadecimal (0x) or octal (0, 0o), with a sign; where a type has
// names, they may stand instead, several joined with '|' where they are bits. A number that its
// type has no room for is an error. An Error's message says what is wrong and which name is near.
//
// Example:
//   auto value = encode_number(param, "O_RDWR|O_CREAT");   // four bytes
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "schema/schema.hpp"

namespace gyr::rules {

struct Number {
  bool negative = false;
  uint64_t magnitude = 0;

  /// In two's complement.
  uint64_t bits() const { return negative ? uint64_t{0} - magnitude : magnitude; }
};

std::optional<Number> parse_number(std::string_view text);
/// "5us", "250ms", "0.5s", "1m", "1h" in nanoseconds; a unit there must be.
std::optional<uint64_t> parse_duration(std::string_view text);
/// The names of a table of flags that are joined with '|', or a number.
Result<Number> parse_flags(const schema::FlagTable& table, std::string_view text);
/// nullptr: there is no such table.
const schema::FlagTable* find_flag_table(std::string_view name);

/// The bytes of a value of fixed size. Names of descriptors and users are the caller's.
Result<std::string> encode_number(const schema::Param& param, std::string_view text);
/// The bytes of a number in a type of fixed size.
Result<std::string> number_bytes(schema::ParamType type, Number number);

}  // namespace gyr::rules
