// The events around others, by a second reading of a trace.
//
// Contract: `found` is called once, in order, for every event whose number is at most `reach` away
// from one of `nums`, if gyr prints it. `nums` is sorted. Only a regular file can be read twice:
// `can_read_again` says whether it is one.
//
// Example:
//   read_nearby("t.scap", {3787, 29351}, 7, [&](NearbyEvent event) { … });
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace gyr {

struct NearbyEvent {
  uint64_t num = 0, ts = 0;
  int64_t tid = 0;
  std::string line;  // the default line behind its number and time
};

bool can_read_again(const std::string& trace);

/// Fails where the trace is damaged, after what is before; an interrupt ends it early.
Result<void> read_nearby(const std::string& trace, const std::vector<uint64_t>& nums,
                         uint64_t reach, const std::function<void(NearbyEvent)>& found);

}  // namespace gyr
