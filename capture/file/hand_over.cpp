#include "capture/file/hand_over.hpp"

#include <algorithm>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace gyr {

namespace {

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

}  // namespace

uint32_t HandOver::wait(uint32_t seen) {
  // With a single processor the other thread cannot do anything meanwhile.
  static const bool alone = std::thread::hardware_concurrency() < 2;
  for (uint32_t looks = alone ? 0 : patience_; looks != 0; --looks) {
    pause();
    if (const uint32_t now = count(); now != seen) {
      patience_ = std::min(2 * patience_, most_patience);
      return now;
    }
  }
  patience_ = std::max(patience_ / 2, least_patience);
  count_.wait(seen);
  return count();
}

}  // namespace gyr
