// What the probe lost, as gap events.
//
// Contract: `append_new` looks at the counters of all CPUs and appends a gap event for each CPU and
// reason that has lost events since the last time. Sums of all gap events and counters agree at any
// time. Parameters that could not be read because their page was not there are counted apart:
// the event itself is not lost. What a call that fails was
// pointed to is not counted: the address was none, or the kernel had not looked there.
//
// Example:
//   Losses losses(probe.stats());
//   losses.append_new(now, blocks);
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "probe/shared.h"

namespace gyr {

class Losses {
 public:
  explicit Losses(std::span<probe::cpu_stats> cpus) : cpus_(cpus), seen_(cpus.size()) {}

  void append_new(uint64_t now, std::vector<std::byte>& blocks);

 private:
  std::span<probe::cpu_stats> cpus_;
  std::vector<std::array<uint64_t, probe::loss_reasons>> seen_;
};

/// Sums over all CPUs.
struct LossCounts {
  uint64_t events = 0;  // that the probe made, delivered or not
  std::array<uint64_t, probe::loss_reasons> lost{};

  /// Events that are missing; those without their data are there.
  uint64_t missing() const {
    return lost[probe::lost_ring_full] + lost[probe::lost_too_big] + lost[probe::lost_table_full];
  }
};

LossCounts count_losses(std::span<const probe::cpu_stats> cpus);

}  // namespace gyr
