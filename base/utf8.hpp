// Text that should be UTF-8 and may not be.
//
// Contract: well-formed as RFC 3629 says: no overlong forms, no surrogates, nothing beyond
// U+10FFFF.
//
// Example:
//   if (!is_utf8(name)) append_as_utf8(clean, name);
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gyr {

/// Bytes of the well-formed character that `text` begins with; 0 when it begins with none.
size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

/// Appends the text with U+FFFD in place of each byte that belongs to no character.
void append_as_utf8(std::string& to, std::string_view text);

}  // namespace gyr
