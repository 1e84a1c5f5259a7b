#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gyr {

namespace {

constexpr size_t max_digits = 24;  // an octal uint64_t has 22

// "000102...99"
constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (unsigned i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

Text& append_number(Text& text, uint64_t value, int base) {
  char* to = text.room(max_digits);
  const auto end = std::to_chars(to, to + max_digits, value, base);
  text.added(static_cast<size_t>(end.ptr - to));
  return text;
}

}  // namespace

Text& Text::append_dec(int64_t value) {
  if (value >= 0) return append_unsigned(static_cast<uint64_t>(value));
  append('-');
  return append_unsigned(0 - static_cast<uint64_t>(value));
}

Text& Text::append_unsigned(uint64_t value) {
  if (value < 10) return append(static_cast<char>('0' + value));
  return append_number(*this, value, 10);
}

Text& Text::append_hex(uint64_t value, bool upper) {
  const size_t start = size_;
  append_number(*this, value, 16);
  if (upper) {
    std::for_each(data_.get() + start, data_.get() + size_, [](char& c) {
      if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    });
  }
  return *this;
}

Text& Text::append_octal(uint64_t value) { return append_number(*this, value, 8); }

Text& Text::append_padded(uint64_t value, unsigned width) {
  std::array<char, max_digits> digits;
  char* const end = digits.data() + digits.size();
  char* at = end;
  while (value >= 100) {
    at -= 2;
    std::memcpy(at, &digit_pairs[value % 100 * 2], 2);
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    std::memcpy(at, &digit_pairs[value * 2], 2);
  } else {
    *--at = static_cast<char>('0' + value);
  }
  for (auto count = static_cast<unsigned>(end - at); count < width; ++count) append('0');
  return append(std::string_view(at, static_cast<size_t>(end - at)));
}

void Text::grow(size_t n) {
  const size_t wanted = std::max({size_ + n, capacity_ * 2, size_t{256}});
  auto bigger = std::make_unique_for_overwrite<char[]>(wanted);
  if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
  data_ = std::move(bigger);
  capacity_ = wanted;
}

}  // namespace gyr
