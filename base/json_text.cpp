#include "base/json_text.hpp"

#include <array>

#include "base/utf8.hpp"

namespace gyr {

namespace {

/// What must be looked at: everything but ASCII that stands for itself.
constexpr auto is_special = [] {
  std::array<bool, 256> special{};
  for (size_t c = 0; c < special.size(); ++c)
    special[c] = c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
  return special;
}();

void append_unicode_escape(Text& to, unsigned char byte) {
  static constexpr char hex[] = "0123456789abcdef";
  to.append("\\u00").append(hex[byte >> 4]).append(hex[byte & 15]);
}

void append_escape(Text& to, unsigned char byte) {
  switch (byte) {
    case '"':
    case '\\':
      to.append('\\').append(static_cast<char>(byte));
      break;
    case '\b':
      to.append("\\b");
      break;
    case '\f':
      to.append("\\f");
      break;
    case '\n':
      to.append("\\n");
      break;
    case '\r':
      to.append("\\r");
      break;
    case '\t':
      to.append("\\t");
      break;
    default:
      append_unicode_escape(to, byte);
      break;
  }
}

}  // namespace

void append_json_escaped(Text& to, std::string_view text) {
  size_t done = 0, at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (!is_special[byte]) [[likely]] {
      ++at;
      continue;
    }
    const size_t length = byte < 0x80 ? 0 : utf8_length(text.substr(at));
    if (length != 0) {
      at += length;
      continue;
    }
    to.append(text.substr(done, at - done));
    append_escape(to, byte);
    done = ++at;
  }
  to.append(text.substr(done));
}

void append_json_string(Text& to, std::string_view text) {
  to.append('"');
  append_json_escaped(to, text);
  to.append('"');
}

}  // namespace gyr
