// The state of the running machine, from /proc: what a live capture knows before its first event.
//
// Contract: `scan` gives machine, interfaces, users and groups, and every thread of every process,
// each main thread followed by its descriptors, then by its other threads. It calls neither
// `section` nor `records_end`. Kernel threads are there with their name. A process that cannot be
// read in full (of another user, say) is there with what is known; one that ends during the scan
// is left out, as is a dead one that nobody has waited for. Ids are those of the /proc that is
// read. Fields are as in a trace, but where the sources of /proc have a better value: ids in
// nested namespaces are those of the innermost one, process groups are always told, a thread's
// start is its own (ThreadRecord::own). Facts: gyr-scap(5); proc(5).
//
// Example:
//   ProcScanner scanner({.boot_ts = clock.boot_ts});
//   Result<ProcCounts> counts = scanner.scan(sink);
//   ...
//   if (unknown_thread) scanner.scan_thread(tid, sink);
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "capture/live/proc_fds.hpp"
#include "capture/live/proc_process.hpp"
#include "capture/records.hpp"

namespace gyr {

struct ProcOptions {
  /// Where /proc, /sys and /etc of the machine are, as seen from a container: "/host". "" = at "/".
  std::string root = {};
  /// When the machine was started, ns since the epoch; 0 = as /proc says, in whole seconds.
  uint64_t boot_ts = 0;
  /// Of a process with more the first ones are read.
  size_t max_fds = 65536;
  /// Called now and then with the number of processes read so far.
  std::function<void(size_t)> progress = {};
  /// How many threads read where there are many processes; 0: as many as there are CPUs.
  unsigned readers = 0;
};

struct ProcCounts {
  size_t processes = 0, threads = 0, fds = 0;
  size_t incomplete = 0;  // processes of which something could not be read
  size_t vanished = 0;    // ended while they were read

  ProcCounts& operator+=(const ProcCounts& other);
};

class ProcScanner {
 public:
  explicit ProcScanner(ProcOptions options);

  /// Fails only where there is no /proc.
  Result<ProcCounts> scan(RecordSink& sink);

  /// One thread, and the descriptors of its process if it is the main one; nothing else of its
  /// process. False if it is gone. Takes some 50 us; tables of sockets are read once a second.
  bool scan_thread(int64_t tid, RecordSink& sink);

 private:
  void scan_processes(std::span<const int64_t> pids, RecordSink& sink);
  void scan_in_threads(std::span<const int64_t> pids, unsigned readers, RecordSink& sink);
  bool read_thread(int directory, const char* stat_path, const char* status_path);
  void scan_process(int directory, int64_t pid, RecordSink& sink);
  bool give_main(int directory, int64_t pid, RecordSink& sink);
  bool ended_meanwhile(int directory);
  void scan_other_threads(int directory, int64_t pid, RecordSink& sink);
  UniqueFd living_thread(int directory, int64_t pid);
  void note_unopened(int64_t pid, RecordSink& sink);

  ProcOptions options_;
  uint64_t boot_ts_;
  UniqueFd proc_;
  ProcFiles files_;
  ProcessReader processes_;
  FdReader fds_;
  ProcCounts counts_;
  ProcessFacts facts_;
  std::vector<int64_t> tids_;
  // Of the thread that is read, with the texts that they point into.
  ProcStat stat_;
  ProcStatus status_;
  std::string stat_text_, status_text_;
};

}  // namespace gyr
