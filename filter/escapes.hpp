// Escapes in quoted strings: \b \f \n \r \t \\ \/ \xHH, the quote itself, and backslash-blank,
// which is a backslash (rules have it from a time when there were no escapes).
//
// Contract: `unescape` gets what stands between the quotes; its error's offset counts from
// `offset`. A NUL byte is written \x00, where there may be one at all. `quote` gives a string in
// double quotes that reads back as `text`, whatever is in it.
//
// Example:
//   unescape(R"(a\x20b)", '"', 1);   // "a b"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gyr::filter {

enum class Nul : uint8_t { refused, allowed };

Result<std::string> unescape(std::string_view content, char quote, size_t offset,
                             Nul nul = Nul::refused);
/// That a value has a NUL byte in it.
Error nul_error(size_t offset);

std::string quote(std::string_view text);

}  // namespace gyr::filter
