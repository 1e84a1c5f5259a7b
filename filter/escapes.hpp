// Escapes in quoted strings: \b \f \n \r \t \\ \/ \xHH, the quote itself, and backslash-blank,
// which is a backslash (rules have it from a time when there were no escapes).
//
// Contract: no value has a NUL byte in it. `unescape` gets what stands between the quotes; its
// error's offset counts from `offset`. `quote` gives a string in double quotes that reads back as
// `text`, whatever is in it but NUL.
//
// Example:
//   unescape(R"(a\x20b)", '"', 1);   // "a b"
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gyr::filter {

Result<std::string> unescape(std::string_view content, char quote, size_t offset);

std::string quote(std::string_view text);

}  // namespace gyr::filter
