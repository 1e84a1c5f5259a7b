#include "decoder/render/buffers.hpp"

#include <algorithm>

namespace gyr {

namespace {

constexpr size_t row_size = 16;
constexpr std::string_view ellipsis = "...";

constexpr bool is_printable(unsigned char c) { return c >= 0x20 && c < 0x7f; }

/// Text for people: line ends kept, other control characters dropped.
void append_ascii(Text& to, Bytes bytes) {
  to.append('\n');
  unsigned char last = 0;
  bool first = true;
  for (const std::byte byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    if (is_printable(c))
      to.append(static_cast<char>(c));
    else if (c == '\r')
      to.append('\n');
    else if (c == '\n' && last != '\r' && !first)
      to.append('\n');
    last = c;
    first = false;
  }
}

void append_hex_digits(Text& to, unsigned value, int digits) {
  static constexpr char hex[] = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) to.append(hex[(value >> shift) & 15]);
}

void append_hex_rows(Text& to, Bytes bytes, bool with_ascii) {
  constexpr std::string_view missing_group = "     ";
  for (size_t at = 0; at < bytes.size(); at += row_size) {
    const Bytes row = bytes.subspan(at, std::min(row_size, bytes.size() - at));
    to.append("\n\t0x");
    append_hex_digits(to, static_cast<unsigned>(at), at > 0xffff ? 8 : 4);
    to.append(':');
    for (size_t i = 0; i < row.size(); ++i) {
      if (i % 2 == 0) to.append(' ');
      append_hex_digits(to, static_cast<unsigned>(row[i]), 2);
    }
    if (!with_ascii) continue;
    for (size_t groups = (row.size() + 1) / 2; groups < row_size / 2; ++groups)
      to.append(missing_group);
    to.append("  ");
    append_dots(to, row);
  }
  to.append('\n');
}

void append_base64(Text& to, Bytes bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t n = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < n ? static_cast<uint32_t>(bytes[at + i]) : 0);
    for (size_t i = 0; i < 4; ++i) to.append(i <= n ? digits[(group >> (18 - 6 * i)) & 63] : '=');
  }
}

}  // namespace

void append_dots(Text& to, Bytes bytes) {
  char* at = to.room(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    at[i] = is_printable(c) ? static_cast<char>(c) : '.';
  }
  to.added(bytes.size());
}

void append_buffer(Text& to, Bytes bytes, BufferMode mode, size_t limit) {
  if (bytes.empty()) return;
  switch (mode) {
    case BufferMode::ascii:
      append_ascii(to, bytes);
      return;
    case BufferMode::hex:
      append_hex_rows(to, bytes, false);
      return;
    case BufferMode::hex_ascii:
      append_hex_rows(to, bytes, true);
      return;
    case BufferMode::base64:
      append_base64(to, bytes);
      return;
    case BufferMode::dots:
      break;
  }
  if (limit == 0 || bytes.size() <= limit) {
    append_dots(to, bytes);
  } else {
    append_dots(to, bytes.first(limit - ellipsis.size()));
    to.append(ellipsis);
  }
}

}  // namespace gyr
