// What the threads of a process have in common: executable, arguments, environment, directories,
// control groups, limits.
//
// Contract: `read` fills `facts`, whose texts keep their memory from one process to the next. Each
// part that cannot be read stays empty or "not known"; the answer says whether all was readable.
//
// Example:
//   ProcessReader reader(root, boot_ts);
//   ProcessFacts facts;
//   reader.read(directory, pid, stat, status, facts);
//   sink.thread(thread_record(facts, tid, stat, status));
#pragma once

#include <map>
#include <string>

#include "capture/live/proc_cgroups.hpp"
#include "capture/live/proc_files.hpp"
#include "capture/live/proc_text.hpp"
#include "capture/records.hpp"

namespace gyr {

struct ProcessFacts {
  int64_t pid = -1;
  std::string exe, exepath, args, env, cwd, root, cgroups;
  int64_t fdlimit = -1;
  uint32_t loginuid = UINT32_MAX;
  uint64_t exe_ino = 0, exe_ctime = 0, exe_mtime = 0;
  bool exe_writable = false, exe_from_memfd = false;
  uint64_t pidns_init_start_ts = 0;
};

class ProcessReader {
 public:
  ProcessReader(const std::string& root, uint64_t boot_ts);

  /// `directory` is /proc/PID, or that of a living thread of the process.
  bool read(int directory, int64_t pid, const ProcStat& stat, const ProcStatus& status,
            ProcessFacts& facts);

  /// When a thread began, ns since the epoch.
  uint64_t start_ts(const ProcStat& stat) const;

  /// The record of a thread; its texts point into `facts` and `stat`.
  ThreadRecord thread_record(const ProcessFacts& facts, int64_t tid, const ProcStat& stat,
                             const ProcStatus& status) const;

 private:
  bool read_texts(int directory, ProcessFacts& facts);
  bool read_executable(int directory, const ProcStatus& status, ProcessFacts& facts);
  bool read_link(int directory, const char* name, std::string& to);
  bool is_read_only(int directory, uint64_t device);
  int64_t fd_limit(int directory, int64_t pid);
  uint64_t namespace_start(int directory, const ProcStat& stat, const ProcStatus& status);
  uint64_t namespace_inode(int directory, const char* path);

  bool real_root_;
  uint64_t boot_ts_;
  uint64_t ns_per_tick_;
  ProcFiles files_;
  CgroupReader cgroups_;
  std::map<uint64_t, uint64_t> namespace_starts_;  // of pid namespaces, by inode
  std::map<uint64_t, bool> read_only_;             // file systems, by device
};

}  // namespace gyr
