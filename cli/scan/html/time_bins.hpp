// When something happened how often, in bounded memory.
//
// Contract: times are counted in bins of one width, which doubles as often as it must for all of
// them to fit. A time before the first one (the clocks of CPUs differ) counts as the first.
//
// Example:
//   TimeBins bins;
//   bins.add(alert.ts, alert.rule);
//   for (const auto& [rule, counts] : bins.counts()) …   // counts[i]: from begin() + i * width()
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace gyr {

class TimeBins {
 public:
  static constexpr size_t capacity = 512;

  void add(uint64_t ts, uint32_t what);

  bool empty() const { return counts_.empty(); }
  uint64_t begin() const { return begin_; }
  uint64_t width() const { return width_; }  // ns
  /// By what was counted; `capacity` numbers each.
  const std::map<uint32_t, std::vector<uint64_t>>& counts() const { return counts_; }

 private:
  void widen();

  uint64_t begin_ = 0;
  uint64_t width_ = 1;
  std::map<uint32_t, std::vector<uint64_t>> counts_;
};

}  // namespace gyr
