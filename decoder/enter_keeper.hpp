// Keeps the enter event that each thread is in, as long as a copy may need it.
//
// Purpose: an exit event is worth little without its enter event: that has the time the call began,
// the descriptor it works on, and in old traces most parameters. Whether an exit event belongs into
// a copy is known only when it comes; then its enter event, if it was left out, is put before it.
//
// Contract: `remember` every enter event, copied or not; `missing` gives the block of the enter
// event that the copy lacks for an exit event, once, or nothing. `new_copy`: what was copied so far
// went into another file. Bounded: with too many threads all is forgotten, and enter events that
// are larger than any usual one are not kept. Allocates nothing once a thread was seen.
//
// Example:
//   keeper.remember(raw.tid, block, /*copied=*/false);
//   if (Bytes enter = keeper.missing(raw.tid); !enter.empty()) append_state_only(enter, out);
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"

namespace gyr {

class EnterKeeper {
 public:
  static constexpr size_t max_threads = 1u << 16;
  static constexpr size_t max_block = 4096;

  void remember(int64_t tid, Bytes block, bool copied);
  Bytes missing(int64_t tid);
  void new_copy() { ++copy_; }
  void forget(int64_t tid) { entries_.erase(tid); }
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    uint64_t copied_in = 0;  // the copy that has it
    std::vector<std::byte> block;
  };
  std::unordered_map<int64_t, Entry> entries_;
  uint64_t copy_ = 1;
};

}  // namespace gyr
