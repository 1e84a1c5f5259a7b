// Telling text from other bytes.
//
// Contract: UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
//
// Example:
//   while (!text.empty()) {
//     const size_t n = utf8_length(text);
//     to += n != 0 ? text.substr(0, n) : "?";
//     text.remove_prefix(n != 0 ? n : 1);
//   }
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gyr {

/// The length of the character that `text` begins with, 0 if it begins with none.
size_t utf8_length(std::string_view text);

/// The same, but 0 for control characters too (C0, DEL and C1), which a terminal would obey.
size_t printable_utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

/// The text with a dot for each byte that belongs to no character, or that a terminal would obey.
std::string printable(std::string_view text);

/// Appends the text with U+FFFD in place of each byte that belongs to no character.
void append_as_utf8(std::string& to, std::string_view text);

}  // namespace gyr
