// A count that one thread raises and another waits for: how buffers go from one to the other.
//
// Purpose: the two threads of a Window hand over thousands of buffers a second. A mutex and a
// signal for each would put them to sleep and wake them as often, and a wake-up costs as much as
// decoding a hundred events.
//
// Contract: one thread raises, one waits. What the first wrote before `raise` is seen by the other
// behind `wait_beyond`. Who waits looks again and again at first, as long as that was worth it
// lately, then sleeps: threads that keep step never sleep, and one that is far ahead sleeps at
// once.
//
// Example:
//   filled.raise();                                // one thread
//   const uint32_t n = filled.wait_beyond(taken);  // the other: at least taken + 1
#pragma once

#include <atomic>
#include <cstdint>

namespace gyr {

/// In a cache line of its own: who looks at it again and again must not take away the line that the
/// other thread works with.
class alignas(64) HandOver {
 public:
  uint32_t count() const { return count_.load(std::memory_order_acquire); }

  void raise() {
    count_.fetch_add(1);
    count_.notify_one();  // costs nothing while nobody sleeps
  }

  /// Waits until the count is not `seen` any more.
  uint32_t wait_beyond(uint32_t seen) {
    const uint32_t now = count();
    return now != seen ? now : wait(seen);
  }

 private:
  // A look takes some ten nanoseconds: together that is longer than one buffer takes.
  static constexpr uint32_t most_patience = 8192, least_patience = 64;

  uint32_t wait(uint32_t seen);

  std::atomic<uint32_t> count_ = 0;
  uint32_t patience_ = most_patience;  // of the waiting thread, in looks
};

}  // namespace gyr
