// Unaligned little-endian loads and a bounds-checked cursor over untrusted bytes.
//
// Contract: `load` reads exactly sizeof(T) bytes, alignment does not matter. A Cursor never reads
// beyond its span: the first read that would marks it failed, and from then on every read gives a
// zero or empty value. So a parser reads a whole record and asks `ok()` once.
//
// Example:
//   Cursor c(body);
//   auto tid = c.take<int64_t>();
//   auto name = c.take_str16();
//   if (!c.ok()) return fail("entry cut short");
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace gyr {

static_assert(std::endian::native == std::endian::little,
              "traces are little-endian and read in place");

using Bytes = std::span<const std::byte>;

template <class T>
inline T load(const std::byte* from) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes as_bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

class Cursor {
 public:
  explicit Cursor(Bytes bytes) : rest_(bytes), whole_(bytes.size()) {}

  bool ok() const { return ok_; }
  size_t left() const { return rest_.size(); }
  size_t consumed() const { return whole_ - rest_.size(); }

  template <class T>
  T take() {
    T value{};
    if (const Bytes raw = take_bytes(sizeof(T)); ok_) std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }

  Bytes take_bytes(size_t n) {
    if (n > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(n);
    rest_ = rest_.subspan(n);
    return taken;
  }

  /// u16 length, then that many bytes.
  std::string_view take_str16() {
    const auto n = take<uint16_t>();
    return as_text(take_bytes(n));
  }

  void skip(size_t n) { take_bytes(n); }

 private:
  Bytes rest_;
  size_t whole_;
  bool ok_ = true;
};

}  // namespace gyr
