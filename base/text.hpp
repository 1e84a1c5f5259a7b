// A growing text buffer for output lines.
//
// Purpose: lines are built from many small pieces, a million a second; every append is a bounds
// check and a copy, and the memory is kept from one line to the next.
//
// Contract: appends never fail but for lack of memory (std::bad_alloc). Numbers are rendered as
// printf's %d, %X, %o and %0Nd would.
//
// Example:
//   Text line;
//   line.append("fd=").append_dec(3).append('\n');
//   out.write(line.view()); line.clear();
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace gyr {

class Text {
 public:
  std::string_view view() const { return {data_.get(), size_}; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  void truncate(size_t size) { size_ = size < size_ ? size : size_; }
  char* data() { return data_.get(); }

  Text& append(char c) {
    *room(1) = c;
    ++size_;
    return *this;
  }

  Text& append(std::string_view text) {
    if (text.empty()) return *this;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
    return *this;
  }

  Text& append_dec(int64_t value);
  Text& append_unsigned(uint64_t value);
  Text& append_hex(uint64_t value, bool upper);
  Text& append_octal(uint64_t value);
  /// At least `width` digits, zero-padded.
  Text& append_padded(uint64_t value, unsigned width);

  /// Space for n more bytes; the caller writes them and reports how many with `added`.
  char* room(size_t n) {
    if (capacity_ - size_ < n) grow(n);
    return data_.get() + size_;
  }
  void added(size_t n) { size_ += n; }

 private:
  void grow(size_t n);

  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace gyr
