#include "base/utf8.hpp"

#include "base/bytes.hpp"

namespace gyr {

namespace {

/// What may stand behind the first byte: how many bytes, and the range of the first of them. The
/// ranges exclude overlong forms, surrogates and what lies beyond U+10FFFF.
struct Form {
  unsigned char first, last;  // of the leading bytes
  unsigned char length;
  unsigned char second_min, second_max;
};

constexpr Form forms[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

}  // namespace

size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  for (const Form& form : forms) {
    if (byte(0) < form.first || byte(0) > form.last) continue;
    if (form.length == 1) return 1;
    if (text.size() < form.length || byte(1) < form.second_min || byte(1) > form.second_max)
      return 0;
    for (size_t i = 2; i < form.length; ++i)
      if ((byte(i) & 0xc0) != 0x80) return 0;
    return form.length;
  }
  return 0;
}

size_t printable_utf8_length(std::string_view text) {
  const size_t length = utf8_length(text);
  if (length == 0) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  const bool c0 = first < 0x20 || first == 0x7f;
  const bool c1 = first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
  return c0 || c1 ? 0 : length;
}

bool is_utf8(std::string_view text) {
  constexpr uint64_t high_bits = 0x8080808080808080;
  while (!text.empty()) {
    if (text.size() >= sizeof(uint64_t) &&
        (load<uint64_t>(as_bytes_of(text).data()) & high_bits) == 0) {
      text.remove_prefix(sizeof(uint64_t));
      continue;
    }
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const size_t length = printable_utf8_length(text);
    shown += length != 0 ? text.substr(0, length) : ".";
    text.remove_prefix(length != 0 ? length : 1);
  }
  return shown;
}

void append_as_utf8(std::string& to, std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    to += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace gyr
