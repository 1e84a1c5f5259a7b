// Immutable text that many records share: names, arguments, environments, paths.
//
// Purpose: a fork copies all that its parent knows; with shared text that is a few pointers.
//
// Contract: as Ref, confined to one thread. `live_bytes` counts what the texts of this thread hold,
// for the state's memory limit. An empty text holds no memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "base/block_pool.hpp"

namespace gyr {

class SharedText {
 public:
  SharedText() = default;
  explicit SharedText(std::string_view text) {
    if (text.empty()) return;
    const size_t size = sizeof(Rep) + text.size();
    rep_ = new (allocate(size)) Rep{1, static_cast<uint32_t>(text.size())};
    std::memcpy(rep_ + 1, text.data(), text.size());
    live_bytes_ += size;
  }
  SharedText(const SharedText& other) : rep_(other.rep_) {
    if (rep_ != nullptr) ++rep_->refs;
  }
  SharedText(SharedText&& other) noexcept : rep_(std::exchange(other.rep_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(rep_, other.rep_);
    return *this;
  }
  ~SharedText() {
    if (rep_ == nullptr || --rep_->refs != 0) return;
    const size_t size = sizeof(Rep) + rep_->size;
    live_bytes_ -= size;
    release(rep_, size);
  }

  std::string_view view() const {
    if (rep_ == nullptr) return {};
    return {reinterpret_cast<const char*>(rep_ + 1), rep_->size};
  }
  bool empty() const { return rep_ == nullptr; }

  static size_t live_bytes() { return live_bytes_; }
  /// Beyond this the state takes in no more, and lets go of threads.
  static constexpr size_t limit = size_t{512} << 20;

 private:
  struct Rep {
    uint32_t refs;
    uint32_t size;
  };
  // Paths are mostly of these sizes.
  static constexpr size_t small = 48, medium = 96;

  static void* allocate(size_t size) {
    if (size <= small) return BlockPool<small>::take();
    return size <= medium ? BlockPool<medium>::take() : ::operator new(size);
  }
  static void release(void* memory, size_t size) {
    if (size <= small)
      BlockPool<small>::give(memory);
    else if (size <= medium)
      BlockPool<medium>::give(memory);
    else
      ::operator delete(memory);
  }

  Rep* rep_ = nullptr;
  static inline thread_local size_t live_bytes_ = 0;
};

}  // namespace gyr
