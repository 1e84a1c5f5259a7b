// A count that one thread raises and another waits for: how buffers go from one to the other.
//
// Purpose: the two threads of a Window hand over thousands of buffers a second. A mutex and a
// signal for each would put them to sleep and wake them as often, and a wake-up costs as much as
// decoding a hundred events.
//
// Contract: one thread raises, one waits. What the first wrote before `raise` is seen by the other
// behind `wait_beyond`. Waiting begins with a short look around, as long as that was worth it
// lately, then sleeps.
//
// Example:
//   filled.raise();                                // one thread
//   const uint32_t n = filled.wait_beyond(taken);  // the other: at least taken + 1
#pragma once

#include <atomic>
#include <cstdint>

namespace gyr {

class HandOver {
 public:
  uint32_t count() const { return count_.load(std::memory_order_acquire); }

  void raise() {
    count_.fetch_add(1, std::memory_order_seq_cst);
    if (sleeping_.load(std::memory_order_seq_cst)) count_.notify_one();
  }

  /// Waits until the count is not `seen` any more.
  uint32_t wait_beyond(uint32_t seen) {
    const uint32_t now = count();
    return now != seen ? now : wait(seen);
  }

 private:
  uint32_t wait(uint32_t seen);

  std::atomic<uint32_t> count_ = 0;
  std::atomic<bool> sleeping_ = false;
  uint32_t patience_ = 1;  // of the waiting thread
};

}  // namespace gyr
