#include "base/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace gyr {

namespace {

/// What must be looked at: everything but ASCII that stands for itself.
constexpr auto is_special = [] {
  std::array<bool, 256> special{};
  for (size_t c = 0; c < special.size(); ++c) special[c] = c < 0x20 || c >= 0x7f;
  for (const char c : {'&', '<', '>', '"', '\''}) special[static_cast<unsigned char>(c)] = true;
  return special;
}();

/// Characters that are valid and still not to be shown: they turn the direction of what follows,
/// end a line, or are excluded from XML.
constexpr std::pair<uint32_t, uint32_t> hidden[] = {
    {0x61c, 0x61c},   {0x200e, 0x200f}, {0x2028, 0x202e},
    {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfffe, 0xffff},
};

uint32_t code_point(std::string_view character) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(character[i]); };
  uint32_t code = byte(0) & (0x7fU >> character.size());
  for (size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fU);
  return code;
}

void append_ascii(Text& to, char c) {
  switch (c) {
    case '&':
      to.append("&amp;");
      break;
    case '<':
      to.append("&lt;");
      break;
    case '>':
      to.append("&gt;");
      break;
    case '"':
      to.append("&quot;");
      break;
    case '\'':
      to.append("&#39;");
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
      to.append(fmt::format("\\x{:02x}", static_cast<unsigned char>(c)));
      break;
  }
}

void append_character(Text& to, std::string_view character) {
  const uint32_t code = code_point(character);
  const auto holds = [&](const auto& range) { return range.first <= code && code <= range.second; };
  if (code < 0xa0 || std::ranges::any_of(hidden, holds))
    to.append(fmt::format("\\u{:04x}", code));
  else
    to.append(character);
}

}  // namespace

void append_markup(Text& to, std::string_view text) {
  while (!text.empty()) {
    const auto* const found = std::ranges::find_if(
        text, [](char c) { return is_special[static_cast<unsigned char>(c)]; });
    const auto plain = static_cast<size_t>(found - text.begin());
    to.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const size_t length = utf8_length(text);
    if (length > 1)
      append_character(to, text.substr(0, length));
    else if (length == 1)
      append_ascii(to, text[0]);
    else
      to.append(fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0])));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
}

}  // namespace gyr
