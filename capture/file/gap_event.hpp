// Writes the event that says that events are missing.
//
// Purpose: a recorder that had to lose events says so in the trace, in the place where they would
// be: how many, of which CPU, since when and why. The event is one of gyr's own (type::gap_exit);
// sysdig passes over it.
//
// Contract: appends one whole block, which any number of other blocks may stand before and behind.
//
// Example:
//   append_gap({.ts = now, .count = lost, .cpu = 1, .from = last_kept, .to = now,
//               .reason = GapReason::ring_full}, out);
#pragma once

#include <cstdint>
#include <vector>

namespace gyr {

/// Values of the flag table gap_reasons.
enum class GapReason : uint8_t {
  ring_full = 1,      // the reader did not keep up
  too_big,            // for the buffer
  page_not_resident,  // no event is missing, but a parameter in one that is there: its memory was
                      // not, and could not be waited for
  table_full,         // of the recorder
  other,
};

struct Gap {
  uint64_t ts = 0;     // of the event itself
  uint64_t count = 0;  // of events lost, or parameters
  int32_t cpu = -1;    // on which they were lost; -1: not known
  uint64_t from = 0, to = 0;
  GapReason reason = GapReason::other;
};

void append_gap(const Gap& gap, std::vector<std::byte>& to);

}  // namespace gyr
