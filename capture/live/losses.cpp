#include "capture/live/losses.hpp"

#include "capture/file/gap_event.hpp"

namespace gyr {

namespace {

using probe::loss_reasons;

uint64_t counter(const probe::u64& value) { return __atomic_load_n(&value, __ATOMIC_RELAXED); }

}  // namespace

void Losses::append_new(uint64_t now, std::vector<std::byte>& blocks) {
  for (size_t cpu = 0; cpu < cpus_.size(); ++cpu) {
    probe::cpu_stats& stats = cpus_[cpu];
    for (size_t reason = 0; reason < loss_reasons; ++reason) {
      const uint64_t lost = counter(stats.lost[reason]);
      const uint64_t count = lost - seen_[cpu][reason];
      if (count == 0) continue;
      seen_[cpu][reason] = lost;
      const uint64_t from = __atomic_exchange_n(&stats.lost_from[reason], 0, __ATOMIC_RELAXED);
      const uint64_t to = counter(stats.lost_to[reason]);
      append_gap({.ts = now,
                  .count = count,
                  .cpu = static_cast<int32_t>(cpu),
                  .from = from != 0 ? from : to,
                  .to = to,
                  .reason = static_cast<GapReason>(reason + 1)},
                 blocks);
    }
  }
}

LossCounts count_losses(std::span<const probe::cpu_stats> cpus) {
  LossCounts counts;
  for (const probe::cpu_stats& stats : cpus) {
    counts.events += counter(stats.events);
    for (size_t reason = 0; reason < loss_reasons; ++reason)
      counts.lost[reason] += counter(stats.lost[reason]);
  }
  return counts;
}

}  // namespace gyr
