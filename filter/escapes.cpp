#include "filter/escapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/utf8.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

struct Escape {
  char letter;
  char byte;
};

constexpr Escape escapes[] = {{'b', '\b'}, {'f', '\f'},  {'n', '\n'}, {'r', '\r'},
                              {'t', '\t'}, {'\\', '\\'}, {'/', '/'},  {' ', '\\'}};

struct Unescaped {
  char byte = '\0';
  size_t length = 2;  // of the escape
};

Result<Unescaped> unescape_hex(std::string_view escape, size_t offset) {
  const std::string_view digits = escape.substr(2, 2);
  unsigned value = 0;
  const auto [end, status] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() < 2 || status != std::errc() || end != digits.data() + digits.size())
    return fail(Error{fmt::format("the escape \\x needs two hexadecimal digits, found {}",
                                  digits.empty() ? "the end of the string" : shown(digits)),
                      offset});
  return Unescaped{static_cast<char>(value), 4};
}

/// `escape` begins with a backslash.
Result<Unescaped> unescape_one(std::string_view escape, char quote, size_t offset) {
  const char letter = escape.size() > 1 ? escape[1] : '\0';
  if (letter == 'x') return unescape_hex(escape, offset);
  if (letter == quote) return Unescaped{quote};
  if (letter == '"' || letter == '\'')
    return fail(Error{
        fmt::format("no backslash is needed before {} in a string in {} quotes", letter, quote),
        offset});
  const auto* known = std::find_if(std::begin(escapes), std::end(escapes),
                                   [&](const Escape& e) { return e.letter == letter; });
  if (known != std::end(escapes)) return Unescaped{known->byte};
  return fail(Error{fmt::format("unknown escape {}; a backslash in quotes is written \\\\",
                                shown(escape.substr(0, 2))),
                    offset});
}

}  // namespace

Error nul_error(size_t offset) {
  return {"a value cannot have a NUL byte (\\x00) in it, unless it is compared with a data buffer",
          offset};
}

Result<std::string> unescape(std::string_view content, char quote, size_t offset, Nul nul) {
  std::string text;
  text.reserve(content.size());
  for (size_t i = 0; i < content.size();) {
    if (content[i] == '\0') return fail(Error{"a value cannot have a NUL byte in it", offset + i});
    if (content[i] != '\\') {
      text += content[i++];
      continue;
    }
    const auto one = unescape_one(content.substr(i), quote, offset + i);
    if (!one) return fail(one.error());
    if (one->byte == '\0' && nul == Nul::refused) return fail(nul_error(offset + i));
    text += one->byte;
    i += one->length;
  }
  return text;
}

std::string quote(std::string_view text) {
  std::string to = "\"";
  while (!text.empty()) {
    const char c = text.front();
    const auto* known = std::find_if(std::begin(escapes), std::end(escapes),
                                     [&](const Escape& e) { return e.byte == c; });
    const size_t length = printable_utf8_length(text);
    if (c == '"')
      to += "\\\"";
    else if (known != std::end(escapes) && c != '/')
      to += {'\\', known->letter};
    else if (length == 0)
      fmt::format_to(std::back_inserter(to), "\\x{:02x}", static_cast<unsigned char>(c));
    else
      to += text.substr(0, length);
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return to += '"';
}

}  // namespace gyr::filter
