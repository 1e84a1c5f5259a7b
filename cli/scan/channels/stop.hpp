// How a delivery that takes too long is told to give up.
//
// Contract: `pull` is for any thread, once; from then on every wait ends at once. Waits are given
// in milliseconds and say whether the delivery may go on.
//
// Example:
//   if (!stop.wait(500)) return fail("there was no more time");
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace gyr {

class Stop {
 public:
  Stop();

  void pull();
  bool pulled() const { return pulled_; }
  /// Readable once it has been pulled.
  int fd() const { return fd_.get(); }

  /// False: it was pulled meanwhile.
  bool wait(uint64_t ms) const;
  /// Waits until something can be written; false: it was pulled meanwhile.
  bool wait_writable(int fd) const;

 private:
  UniqueFd fd_;
  std::atomic<bool> pulled_ = false;
};

/// Writes all of it to a descriptor that does not block.
Result<void> write_all(int fd, std::string_view text, const Stop& stop);

/// What deliveries that were given up say.
inline constexpr char out_of_time[] = "there was no more time";

}  // namespace gyr
