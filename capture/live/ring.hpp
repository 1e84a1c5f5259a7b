// The reading side of one BPF ring buffer, mapped into this process.
//
// Contract: `peek` gives the next record that is complete, in place; `pop` gives its room back to
// the kernel. One reader per ring. The layout of the mapping is the kernel's (ringbuf.rst): a page
// that the reader writes, one that the kernel writes, then the data, twice in a row.
//
// Example:
//   while (auto record = ring.peek()) { use(*record); ring.pop(); }
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace gyr {

class Ring {
 public:
  static Result<Ring> map(int fd, size_t size);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  Ring(const Ring&) = delete;
  ~Ring();

  /// Empty when there is none, or it is still being written.
  Bytes peek() {
    if (position_ == produced_) {
      produced_ = __atomic_load_n(producer_, __ATOMIC_ACQUIRE);
      if (position_ == produced_) return {};
    }
    const std::byte* at = data_ + (position_ & mask_);
    const uint32_t header =
        __atomic_load_n(reinterpret_cast<const uint32_t*>(at), __ATOMIC_ACQUIRE);
    if ((header & busy) != 0) return {};
    size_ = header & ~(busy | discarded);
    return {at + header_size, size_};
  }
  void pop() { position_ += (uint64_t{size_} + header_size + 7) & ~uint64_t{7}; }
  /// What was popped is free for the kernel.
  void release() { __atomic_store_n(consumer_, position_, __ATOMIC_RELEASE); }
  /// Bytes that wait to be read.
  uint64_t waiting() const { return __atomic_load_n(producer_, __ATOMIC_ACQUIRE) - position_; }

 private:
  static constexpr uint32_t busy = 1u << 31, discarded = 1u << 30;
  static constexpr size_t header_size = 8;

  Ring() = default;

  uint64_t* consumer_ = nullptr;
  const uint64_t* producer_ = nullptr;
  const std::byte* data_ = nullptr;
  uint64_t mask_ = 0, position_ = 0, produced_ = 0;
  uint32_t size_ = 0;  // of the record that was peeked
  size_t mapped_ = 0;  // bytes from producer_ on
};

}  // namespace gyr
