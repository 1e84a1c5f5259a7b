// Where the bytes of a scalar come from.
//
// What a scalar says has the characters that the file has, in their order; only blanks, line ends
// and escapes differ. So both are walked side by side, and what does not fit is passed over.
#include <algorithm>
#include <bitset>

#include "rules/yaml.hpp"

namespace gyr::rules {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Walk {
 public:
  Walk(std::string_view source, size_t at) : source_(source), at_(at) {}

  void begin();
  /// The place of the next byte of the value.
  size_t step(char c);

 private:
  enum class Style : uint8_t { plain, single_quoted, double_quoted };

  bool at_end() const { return at_ >= source_.size(); }
  /// The byte that comes next, or the last.
  size_t here() const { return std::min(at_, source_.empty() ? 0 : source_.size() - 1); }
  size_t escape();

  std::string_view source_;
  size_t at_;
  size_t pending_ = 0;  // bytes of the value that come from the escape before
  size_t escape_at_ = 0;
  Style style_ = Style::plain;
  std::bitset<256> absent_;  // bytes that nothing from here on stands for
};

/// Passes over what stands in front of the value: tags, anchors, quotes, the header of a block.
void Walk::begin() {
  while (!at_end() && (source_[at_] == '!' || source_[at_] == '&')) {
    while (!at_end() && !is_blank(source_[at_])) ++at_;
    while (!at_end() && is_blank(source_[at_])) ++at_;
  }
  if (at_end()) return;
  const char first = source_[at_];
  if (first == '"' || first == '\'') {
    style_ = first == '"' ? Style::double_quoted : Style::single_quoted;
    ++at_;
  } else if (first == '|' || first == '>') {
    at_ = std::min(source_.find('\n', at_), source_.size());
  }
}

/// Passes over an escape of a string in double quotes; gives how many bytes it may stand for.
size_t Walk::escape() {
  const char kind = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
  const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  at_ = std::min(at_ + 2 + digits, source_.size());
  return kind == 'x' || kind == 'u' || kind == 'U' || kind == 'N' || kind == '_' ? 4 : 1;
}

size_t Walk::step(char c) {
  const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
  if (pending_ != 0 && continues) {
    --pending_;
    return escape_at_;
  }
  pending_ = 0;
  if (is_blank(c)) {
    // Folding makes one blank of several, and several of one.
    if (!at_end() && source_[at_] == c) return at_++;
    if (style_ != Style::double_quoted || at_end() || source_[at_] != '\\') return here();
  }
  if (absent_[static_cast<unsigned char>(c)]) return here();
  const size_t before = at_;
  while (!at_end()) {
    if (style_ == Style::double_quoted && source_[at_] == '\\') {
      escape_at_ = at_;
      const bool joins_lines = at_ + 1 < source_.size() && is_blank(source_[at_ + 1]);
      pending_ = escape() - 1;
      if (!joins_lines) return escape_at_;
      pending_ = 0;
    } else if (source_[at_] == c) {
      break;
    } else {
      ++at_;
    }
  }
  if (at_end()) {  // not in the file: what the parser put in place of bytes that are no UTF-8
    at_ = before;
    absent_.set(static_cast<unsigned char>(c));
    return here();
  }
  const size_t found = at_++;
  if (style_ == Style::single_quoted && c == '\'' && !at_end() && source_[at_] == '\'') ++at_;
  return found;
}

}  // namespace

TracedText trace_scalar(std::string_view source, uint32_t file, size_t at, std::string_view value) {
  TracedText text;
  text.set_begin({file, static_cast<uint32_t>(at)});
  Walk walk(source, at);
  walk.begin();
  for (const char c : value) text.append(c, {file, static_cast<uint32_t>(walk.step(c))});
  return text;
}

}  // namespace gyr::rules
