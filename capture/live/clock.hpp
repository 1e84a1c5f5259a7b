// The clocks that events are timed by, in nanoseconds.
//
// Example:
//   const uint64_t offset = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
#pragma once

#include <cstdint>
#include <ctime>

namespace gyr {

inline uint64_t clock_ns(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace gyr
