// What the text of /proc/PID/stat and /proc/PID/status says: proc(5).
//
// Contract: pure functions of untrusted text. Texts in the result point into the argument. What is
// missing or malformed keeps its initial value; a later field is not taken for a missing one.
//
// Example:
//   const auto stat = parse_proc_stat("7 (sh) S 1 7 7 34816 ...");  // stat->comm == "sh"
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gyr {

struct ProcStat {
  std::string_view comm;
  char state = '?';
  int64_t ppid = -1, pgid = -1, sid = -1;
  uint32_t tty = 0;
  uint64_t kernel_flags = 0;
  uint64_t pfminor = 0, pfmajor = 0;
  uint64_t user_ticks = 0, system_ticks = 0;  // of CPU time
  int64_t threads = 1;
  uint64_t start_ticks = 0;  // since the machine was started

  bool is_kernel_thread() const { return (kernel_flags & 0x00200000) != 0; }  // PF_KTHREAD
  bool is_dead() const { return state == 'Z' || state == 'X' || state == 'x'; }
};

/// Nothing if there is not even a name.
std::optional<ProcStat> parse_proc_stat(std::string_view text);

struct ProcStatus {
  int64_t pid = -1;           // of the process, "Tgid"
  uint32_t uid = 0, gid = 0;  // the effective ones
  std::string_view groups;    // numbers with blanks between them
  uint64_t cap_inheritable = 0, cap_permitted = 0, cap_effective = 0;
  uint32_t vmsize_kb = 0, vmrss_kb = 0, vmswap_kb = 0;
  // Ids in the innermost pid namespace; -1: the kernel does not tell.
  int64_t vtid = -1, vpid = -1, vpgid = -1;
  int64_t pgid = -1;              // in the namespace of the /proc that is read
  bool nested_namespace = false;  // the thread is in a deeper pid namespace than that /proc

  bool has_group(uint32_t gid) const;
};

ProcStatus parse_proc_status(std::string_view text);

/// The soft limit of open files in the text of /proc/PID/limits; -1: not found.
int64_t parse_fd_limit(std::string_view limits);

}  // namespace gyr
