#include "cli/scan/html/time_bins.hpp"

#include <algorithm>

namespace gyr {

void TimeBins::add(uint64_t ts, uint32_t what) {
  if (counts_.empty()) begin_ = ts;
  const uint64_t since = ts > begin_ ? ts - begin_ : 0;
  while (since / width_ >= capacity) widen();
  std::vector<uint64_t>& counts = counts_[what];
  counts.resize(capacity);
  ++counts[since / width_];
}

void TimeBins::widen() {
  width_ *= 2;
  for (auto& [what, counts] : counts_) {
    for (size_t i = 0; i < capacity / 2; ++i) counts[i] = counts[2 * i] + counts[2 * i + 1];
    std::fill(counts.begin() + capacity / 2, counts.end(), 0);
  }
}

}  // namespace gyr
