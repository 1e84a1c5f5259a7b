// Strings of JSON, for output that is too hot for a library.
//
// Contract: whatever the bytes, what is appended is a valid JSON string in valid UTF-8. Characters
// stand as they are but for '"', '\' and control characters. A byte that is no part of valid UTF-8
// becomes the escape \u0080 ... \u00ff of its value; characters of that range that are valid are
// never written as escapes, so nothing is lost.
//
// Example:
//   append_json_string(text, "a\"b\xff");   // "a\"b\u00ff", with the quotes
#pragma once

#include <string_view>

#include "base/text.hpp"

namespace gyr {

void append_json_string(Text& to, std::string_view text);

/// What stands between the quotes.
void append_json_escaped(Text& to, std::string_view text);

}  // namespace gyr
