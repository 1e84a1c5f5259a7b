// How much CPU time threads have had: procinfo events, as sysdig makes them.
//
// Purpose: topprocs_cpu and the field thread.cpu need them, and no system call tells.
//
// Contract: `read` looks at /proc and appends an event for each thread that it sees for the first
// time or whose times (clock ticks in user mode and in the kernel) have changed. It is due once a
// second, and less often where a look takes long: a fiftieth of a CPU at most.
//
// Example:
//   CpuTimes times("/proc");
//   if (times.is_due(now)) times.read(now, ts, nobody_is_left_out, blocks);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capture/live/proc_files.hpp"
#include "capture/live/proc_text.hpp"

namespace gyr {

class CpuTimes {
 public:
  explicit CpuTimes(const char* proc);

  /// `now`: ns of a clock that always moves forward.
  bool is_due(uint64_t now) const { return now >= due_; }
  /// Of processes that `wanted` says so of; the events have the time `ts`.
  void read(uint64_t now, uint64_t ts, const std::function<bool(int64_t)>& wanted,
            std::vector<std::byte>& blocks);

 private:
  struct Known {
    uint64_t user = 0, system = 0;
    uint64_t round = 0;  // of looks; those that were not seen in the last one have ended
  };

  void read_process(int64_t pid, uint64_t ts, std::vector<std::byte>& blocks);
  void note(int64_t tid, const ProcStat& stat, uint64_t ts, std::vector<std::byte>& blocks);

  UniqueFd proc_;
  ProcFiles files_;
  std::vector<int64_t> pids_, tids_;
  std::unordered_map<int64_t, Known> known_;  // by tid
  uint64_t round_ = 0;
  uint64_t due_ = 0;
};

}  // namespace gyr
