#include "filter/fields/value.hpp"

namespace gyr::filter {

void Extraction::add(Value value) {
  if (count_ == 0) {
    many_.clear();
    composed_at_.clear();
    one_ = value;
  }
  many_.push_back(value);
  ++count_;
}

void Extraction::add_composed(size_t begin) {
  add({});
  composed_at_.emplace_back(static_cast<uint32_t>(count_ - 1), static_cast<uint32_t>(begin));
}

void Extraction::seal() {
  if (composed_) {
    one_.text = buffer_.view();
    composed_ = false;
    return;
  }
  if (composed_at_.empty() || count_ == 0) return;
  for (size_t i = 0; i < composed_at_.size(); ++i) {
    const auto [index, begin] = composed_at_[i];
    const size_t end = i + 1 < composed_at_.size() ? composed_at_[i + 1].second : buffer_.size();
    many_[index].text = buffer_.view().substr(begin, end - begin);
  }
  one_ = many_.front();
  composed_at_.clear();
}

}  // namespace gyr::filter
