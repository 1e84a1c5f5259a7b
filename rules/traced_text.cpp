#include "rules/traced_text.hpp"

namespace gyr::rules {

Place TracedText::place(size_t offset) const {
  if (offset < places_.size()) return places_[offset];
  if (places_.empty()) return begin_;
  return {places_.back().file, places_.back().at + 1};
}

void TracedText::append(const TracedText& other, size_t from, size_t length) {
  text_.append(other.text_, from, length);
  const auto first = other.places_.begin() + static_cast<std::ptrdiff_t>(from);
  places_.insert(places_.end(), first, first + static_cast<std::ptrdiff_t>(length));
}

void TracedText::trim() {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const size_t first = text_.find_first_not_of(blanks);
  if (first == std::string::npos) {
    begin_ = begin();
    text_.clear();
    places_.clear();
    return;
  }
  const size_t length = text_.find_last_not_of(blanks) + 1 - first;
  TracedText trimmed;
  trimmed.append(*this, first, length);
  *this = std::move(trimmed);
}

}  // namespace gyr::rules
