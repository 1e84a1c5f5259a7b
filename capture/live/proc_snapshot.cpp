#include "capture/live/proc_snapshot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

#include "capture/live/proc_machine.hpp"
#include "capture/live/record_buffer.hpp"

namespace gyr {

namespace {

constexpr size_t portion_size = 64;    // processes that are read in one go
constexpr size_t worth_threads = 256;  // processes
constexpr unsigned most_readers = 16;
constexpr std::chrono::milliseconds longest_age_of_tables(1000);

uint64_t boot_ts_of(const ProcOptions& options) {
  return options.boot_ts != 0 ? options.boot_ts : read_boot_ts(options.root);
}

std::span<const int64_t> portion(std::span<const int64_t> pids, size_t from) {
  return pids.subspan(from, std::min(portion_size, pids.size() - from));
}

bool means_gone(int error) { return error == ENOENT || error == ESRCH; }

}  // namespace

ProcCounts& ProcCounts::operator+=(const ProcCounts& other) {
  processes += other.processes;
  threads += other.threads;
  fds += other.fds;
  incomplete += other.incomplete;
  vanished += other.vanished;
  return *this;
}

ProcScanner::ProcScanner(ProcOptions options)
    : options_(std::move(options)),
      boot_ts_(boot_ts_of(options_)),
      proc_(open_directory(AT_FDCWD, (options_.root + "/proc").c_str())),
      processes_(options_.root, boot_ts_),
      fds_(options_.root, options_.max_fds) {}

Result<ProcCounts> ProcScanner::scan(RecordSink& sink) {
  std::vector<int64_t> pids;
  if (!proc_ || lseek(proc_.get(), 0, SEEK_SET) != 0 || !list_numbers(proc_.get(), pids))
    return fail(fmt::format("cannot read the processes in {}/proc", options_.root));
  counts_ = {};
  fds_.sockets().forget_older_than(std::chrono::milliseconds(0));
  read_machine(options_.root, boot_ts_, sink);
  read_interfaces(sink);
  read_users(options_.root, sink);
  const unsigned readers =
      options_.readers != 0 ? options_.readers : std::thread::hardware_concurrency();
  if (readers > 1 && pids.size() >= worth_threads) {
    scan_in_threads(pids, std::min(readers, most_readers), sink);
    return counts_;
  }
  for (size_t done = 0; done < pids.size(); done += portion_size) {
    if (done != 0 && options_.progress) options_.progress(done);
    scan_processes(portion(pids, done), sink);
  }
  return counts_;
}

void ProcScanner::scan_processes(std::span<const int64_t> pids, RecordSink& sink) {
  for (const int64_t pid : pids) {
    if (const UniqueFd process = open_directory(proc_.get(), ShortPath(pid).c_str()))
      scan_process(process.get(), pid, sink);
    else
      note_unopened(pid, sink);
  }
}

/// Nearly all of the time is spent inside the kernel. Each reader takes the next portion; what they
/// have read is passed on here, in the order of the processes.
void ProcScanner::scan_in_threads(std::span<const int64_t> pids, unsigned readers,
                                  RecordSink& sink) {
  struct Portion {
    RecordBuffer records;
    std::atomic<bool> ready = false;
  };
  std::vector<Portion> portions((pids.size() + portion_size - 1) / portion_size);
  std::atomic<size_t> next = 0;
  std::vector<ProcCounts> counts(readers);
  const auto read = [&](size_t reader) {
    ProcScanner scanner({.root = options_.root, .boot_ts = boot_ts_, .max_fds = options_.max_fds});
    for (size_t i = next++; i < portions.size(); i = next++) {
      scanner.scan_processes(portion(pids, i * portion_size), portions[i].records);
      portions[i].ready = true;
      portions[i].ready.notify_one();
    }
    counts[reader] = scanner.counts_;
  };
  std::vector<std::jthread> threads;
  for (size_t reader = 0; reader < readers; ++reader) threads.emplace_back(read, reader);
  for (size_t i = 0; i < portions.size(); ++i) {
    portions[i].ready.wait(false);
    portions[i].records.give(sink);
    if (i != 0 && options_.progress) options_.progress(i * portion_size);
  }
  threads.clear();
  for (const ProcCounts& of_one : counts) counts_ += of_one;
}

bool ProcScanner::scan_thread(int64_t tid, RecordSink& sink) {
  fds_.sockets().forget_older_than(longest_age_of_tables);
  const UniqueFd directory = open_directory(proc_.get(), ShortPath(tid).c_str());
  if (!directory || !read_thread(directory.get(), "stat", "status")) return false;
  const int64_t pid = status_.pid < 0 ? tid : status_.pid;
  if (pid == tid) return give_main(directory.get(), pid, sink);
  const ShortPath stat("task/", tid, "/stat"), status("task/", tid, "/status");
  if (!read_thread(directory.get(), stat.c_str(), status.c_str()) || stat_.is_dead()) return false;
  processes_.read(directory.get(), pid, stat_, status_, facts_);
  sink.thread(processes_.thread_record(facts_, tid, stat_, status_));
  return true;
}

/// False if it is gone. What may not be read is left at "not known".
bool ProcScanner::read_thread(int directory, const char* stat_path, const char* status_path) {
  stat_ = {};
  status_ = {};
  if (const auto text = files_.read(directory, stat_path)) {
    stat_text_ = *text;
    stat_ = parse_proc_stat(stat_text_).value_or(ProcStat{});
  } else if (means_gone(errno)) {
    return false;
  }
  if (const auto text = files_.read(directory, status_path)) {
    status_text_ = *text;
    status_ = parse_proc_status(status_text_);
  } else if (means_gone(errno)) {
    return false;
  }
  return true;
}

void ProcScanner::scan_process(int directory, int64_t pid, RecordSink& sink) {
  if (!read_thread(directory, "stat", "status")) {
    ++counts_.vanished;
    return;
  }
  const int64_t threads = stat_.threads;
  if (give_main(directory, pid, sink) && threads != 1) scan_other_threads(directory, pid, sink);
}

/// The main thread, of which stat and status have been read, and its descriptors. A dead one stands
/// for its process as long as others live, but has given its memory and files back: what they are
/// is asked of one that lives.
bool ProcScanner::give_main(int directory, int64_t pid, RecordSink& sink) {
  UniqueFd living;
  int source = directory;
  if (stat_.is_dead()) {
    if (stat_.threads > 1) living = living_thread(directory, pid);
    if (!living) return false;
    source = living.get();
  }
  if (!processes_.read(source, pid, stat_, status_, facts_)) {
    if (ended_meanwhile(source)) {
      ++counts_.vanished;
      return false;
    }
    ++counts_.incomplete;
  }
  sink.thread(processes_.thread_record(facts_, pid, stat_, status_));
  ++counts_.processes;
  ++counts_.threads;
  if (!stat_.is_kernel_thread()) counts_.fds += fds_.read(source, pid, sink);
  return true;
}

bool ProcScanner::ended_meanwhile(int directory) {
  const auto text = files_.read(directory, "stat");
  if (!text) return means_gone(errno);
  const auto stat = parse_proc_stat(*text);
  return stat && stat->is_dead() && stat->threads <= 1;
}

void ProcScanner::scan_other_threads(int directory, int64_t pid, RecordSink& sink) {
  const UniqueFd tasks = open_directory(directory, "task");
  if (!tasks) return;
  list_numbers(tasks.get(), tids_);
  for (const int64_t tid : tids_) {
    if (tid == pid) continue;
    const ShortPath stat("", tid, "/stat"), status("", tid, "/status");
    if (!read_thread(tasks.get(), stat.c_str(), status.c_str()) || stat_.is_dead()) continue;
    sink.thread(processes_.thread_record(facts_, tid, stat_, status_));
    ++counts_.threads;
  }
}

UniqueFd ProcScanner::living_thread(int directory, int64_t pid) {
  const UniqueFd tasks = open_directory(directory, "task");
  if (!tasks) return {};
  list_numbers(tasks.get(), tids_);
  for (const int64_t tid : tids_) {
    if (tid == pid) continue;
    if (UniqueFd thread = open_directory(tasks.get(), ShortPath(tid).c_str())) return thread;
  }
  return {};
}

/// A process of another user where /proc hides those ("hidepid"): its owner shows nevertheless.
void ProcScanner::note_unopened(int64_t pid, RecordSink& sink) {
  struct stat owner = {};
  if (fstatat(proc_.get(), ShortPath(pid).c_str(), &owner, 0) != 0) {
    ++counts_.vanished;
    return;
  }
  ThreadRecord record;
  record.tid = record.pid = record.vtid = record.vpid = pid;
  record.uid = owner.st_uid;
  record.gid = owner.st_gid;
  sink.thread(record);
  ++counts_.processes;
  ++counts_.threads;
  ++counts_.incomplete;
}

}  // namespace gyr
