#include "base/utf8.hpp"

#include "base/bytes.hpp"

namespace gyr {

size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool too_large = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
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

void append_as_utf8(std::string& to, std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    to += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace gyr
