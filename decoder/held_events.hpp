// Events that only matter to their own process, held back until somebody looks at it.
//
// Purpose: what a process opens and closes names its events and those of its children. Of a process
// that exits before it had either, a filtered copy need not say anything: half of a trace is such.
//
// Contract: `hold` appends a process's events in order; `release` appends them to `out` and `drop`
// forgets them. Both are given the key of a process: its pid, or a tid where that is not known.
// Bounded: `hold` releases what has become too much.
//
// Example:
//   held.hold(pid, block, out);
//   held.release(pid, out);   // before an event of the process that is shown
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"

namespace gyr {

class HeldEvents {
 public:
  static constexpr size_t max_of_process = 1u << 20;
  static constexpr size_t max_together = 64u << 20;

  void hold(int64_t process, Bytes blocks, std::vector<std::byte>& out);
  void release(int64_t process, std::vector<std::byte>& out);
  void release_all(std::vector<std::byte>& out);
  void drop(int64_t process);
  void clear();

 private:
  std::unordered_map<int64_t, std::vector<std::byte>> held_;
  size_t together_ = 0;  // bytes
};

}  // namespace gyr
