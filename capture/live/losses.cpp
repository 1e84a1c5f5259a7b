#include "capture/live/losses.hpp"

#include "capture/file/gap_event.hpp"

namespace gyr {

namespace {

using probe::loss_reasons;

uint64_t counter(const probe::u64& value) { return __atomic_load_n(&value, __ATOMIC_RELAXED); }

}  // namespace

void Losses::append_new(uint64_t now, std::vector<std::byte>& blocks) {
  for (uint32_t cpu = 0; cpu < probe_.cpus(); ++cpu) {
    probe::cpu_stats& stats = probe_.stats(cpu);
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

LossCounts count_losses(Probe& probe) {
  LossCounts counts;
  for (uint32_t cpu = 0; cpu < probe.cpus(); ++cpu) {
    counts.events += counter(probe.stats(cpu).events);
    for (size_t reason = 0; reason < loss_reasons; ++reason)
      counts.lost[reason] += counter(probe.stats(cpu).lost[reason]);
  }
  return counts;
}

}  // namespace gyr
