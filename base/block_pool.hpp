// Memory blocks of one size, given again to whoever asks next.
//
// Purpose: the state makes and drops a descriptor and its name for each open and close; a list
// of free blocks costs a fraction of what an allocator does.
//
// Contract: as operator new and delete, but a block stays on the thread that gave it back, of which
// the pool keeps at most `most` for as long as the thread runs. With the address sanitizer there is
// no pool: it has to see when a block is dropped.
//
// Example:
//   void* block = BlockPool<64>::take();
//   BlockPool<64>::give(block);
#pragma once

#include <cstddef>
#include <new>

namespace gyr {

consteval bool has_address_sanitizer() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#elif defined(__has_feature)
  return __has_feature(address_sanitizer);
#else
  return false;
#endif
}

template <size_t size>
class BlockPool {
 public:
  static constexpr size_t most = has_address_sanitizer() ? 0 : 1024;

  static void* take() {
    Block* block = free_;
    if (block == nullptr) return ::operator new(size);
    free_ = block->next;
    --count_;
    return block;
  }

  static void give(void* memory) noexcept {
    if (count_ >= most) {
      ::operator delete(memory);
      return;
    }
    free_ = new (memory) Block{free_};
    ++count_;
  }

  /// Blocks that are waiting to be taken.
  static size_t count() { return count_; }

 private:
  struct Block {
    Block* next;
  };
  static_assert(size >= sizeof(Block));
  // Without destructors, so that a use is not preceded by a question.
  static inline constinit thread_local Block* free_ = nullptr;
  static inline constinit thread_local size_t count_ = 0;
};

}  // namespace gyr
