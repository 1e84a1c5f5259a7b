#include "capture/live/proc_process.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <algorithm>

namespace gyr {

namespace {

// As much as events and traces hold.
constexpr size_t max_strings = 4096;
constexpr size_t max_cgroup_file = 16 * 1024;
constexpr uint64_t ns_per_second = 1'000'000'000;
constexpr size_t max_kept = 65536;

constexpr uint32_t clone_files = 1u << 0, clone_thread = 1u << 13;  // gyr-scap(5), "Thread flags"

uint64_t nanoseconds(const statx_timestamp& time) {
  return static_cast<uint64_t>(time.tv_sec) * ns_per_second + time.tv_nsec;
}

/// What is cut ends in a NUL nevertheless.
void end_strings(std::string& strings) {
  if (strings.size() == max_strings) strings.back() = '\0';
}

/// May the process change the file, or give itself the right to?
bool may_write(const struct statx& file, const ProcStatus& status) {
  constexpr uint64_t dac_override = 1u << 1, fowner = 1u << 3;
  if ((file.stx_attributes & STATX_ATTR_IMMUTABLE) != 0) return false;
  if (file.stx_uid == status.uid) return true;
  if ((status.cap_effective & (dac_override | fowner)) != 0) return true;
  if (file.stx_gid == status.gid || status.has_group(file.stx_gid))
    return (file.stx_mode & S_IWGRP) != 0;
  return (file.stx_mode & S_IWOTH) != 0;
}

}  // namespace

ProcessReader::ProcessReader(const std::string& root, uint64_t boot_ts)
    : real_root_(root.empty()),
      boot_ts_(boot_ts),
      ns_per_tick_(ns_per_second / static_cast<uint64_t>(std::max(1L, sysconf(_SC_CLK_TCK)))),
      cgroups_(root) {}

bool ProcessReader::read(int directory, int64_t pid, const ProcStat& stat, const ProcStatus& status,
                         ProcessFacts& facts) {
  facts.pid = pid;
  facts.exe_ino = facts.exe_ctime = facts.exe_mtime = 0;
  facts.exe_writable = facts.exe_from_memfd = false;
  facts.loginuid = UINT32_MAX;
  bool complete = true;
  for (std::string* text : {&facts.exe, &facts.exepath, &facts.args, &facts.env}) text->clear();
  if (!stat.is_kernel_thread()) {
    complete &= read_texts(directory, facts);
    complete &= read_executable(directory, status, facts);
  }
  complete &= read_link(directory, "cwd", facts.cwd);
  complete &= read_link(directory, "root", facts.root);
  facts.cgroups.clear();
  if (const auto text = files_.read(directory, "cgroup", max_cgroup_file))
    facts.cgroups = cgroups_.entries(*text);
  if (auto text = files_.read(directory, "loginuid"))
    facts.loginuid = take_number<uint32_t>(*text).value_or(UINT32_MAX);
  facts.fdlimit = fd_limit(directory, pid);
  facts.pidns_init_start_ts = namespace_start(directory, stat, status);
  return complete;
}

bool ProcessReader::read_texts(int directory, ProcessFacts& facts) {
  const auto arguments = files_.read(directory, "cmdline", max_strings);
  if (arguments) {
    const size_t end = std::min(arguments->find('\0'), arguments->size());
    facts.exe = arguments->substr(0, end);
    facts.args = arguments->substr(std::min(end + 1, arguments->size()));
    if (arguments->size() == max_strings && !facts.args.empty()) facts.args.back() = '\0';
  }
  const auto environment = files_.read(directory, "environ", max_strings);
  if (environment) {
    facts.env = *environment;
    end_strings(facts.env);
  }
  return arguments && environment;
}

bool ProcessReader::read_executable(int directory, const ProcStatus& status, ProcessFacts& facts) {
  if (!read_link(directory, "exe", facts.exepath)) return false;
  facts.exe_from_memfd = facts.exepath.starts_with("/memfd:");
  struct statx file = {};
  const bool found =
      statx(directory, "exe", AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &file) == 0;
  constexpr std::string_view deleted = " (deleted)";
  if (facts.exepath.ends_with(deleted) && (!found || file.stx_nlink == 0))
    facts.exepath.resize(facts.exepath.size() - deleted.size());
  if (!found) return false;
  facts.exe_ino = file.stx_ino;
  facts.exe_ctime = nanoseconds(file.stx_ctime);
  facts.exe_mtime = nanoseconds(file.stx_mtime);
  facts.exe_writable = may_write(file, status) &&
                       !is_read_only(directory, makedev(file.stx_dev_major, file.stx_dev_minor));
  return true;
}

bool ProcessReader::read_link(int directory, const char* name, std::string& to) {
  const auto link = files_.link(directory, name);
  to = link.value_or("");
  return link.has_value();
}

bool ProcessReader::is_read_only(int directory, uint64_t device) {
  if (const auto known = read_only_.find(device); known != read_only_.end()) return known->second;
  const UniqueFd file(openat(directory, "exe", O_PATH | O_CLOEXEC));
  struct statvfs system = {};
  const bool answer =
      file && fstatvfs(file.get(), &system) == 0 && (system.f_flag & ST_RDONLY) != 0;
  if (read_only_.size() < max_kept) read_only_[device] = answer;
  return answer;
}

int64_t ProcessReader::fd_limit(int directory, int64_t pid) {
  // Below another root the numbers are those of another pid namespace than this process'.
  rlimit limit{};
  if (real_root_ && prlimit(static_cast<pid_t>(pid), RLIMIT_NOFILE, nullptr, &limit) == 0)
    return static_cast<int64_t>(std::min<rlim_t>(limit.rlim_cur, INT64_MAX));
  const auto text = files_.read(directory, "limits");
  return text ? parse_fd_limit(*text) : -1;
}

uint64_t ProcessReader::start_ts(const ProcStat& stat) const {
  return boot_ts_ == 0 ? 0 : boot_ts_ + stat.start_ticks * ns_per_tick_;
}

/// When the first process of the pid namespace began; for the machine's own: when that was started.
uint64_t ProcessReader::namespace_start(int directory, const ProcStat& stat,
                                        const ProcStatus& status) {
  if (!status.nested_namespace) return boot_ts_;
  const uint64_t inode = namespace_inode(directory, "ns/pid");
  if (inode == 0) return 0;
  if (const auto known = namespace_starts_.find(inode); known != namespace_starts_.end())
    return known->second;
  uint64_t start = 0;
  if (status.vpid == 1) {
    start = start_ts(stat);
  } else if (namespace_inode(directory, "root/proc/1/ns/pid") == inode) {
    // Its own /proc, unless it has been left that of the machine.
    const auto text = files_.read(directory, "root/proc/1/stat");
    if (const auto init = parse_proc_stat(text.value_or(""))) start = start_ts(*init);
  }
  if (start != 0 && namespace_starts_.size() < max_kept) namespace_starts_[inode] = start;
  return start;
}

/// "pid:[4026531836]"; 0: not known.
uint64_t ProcessReader::namespace_inode(int directory, const char* path) {
  std::string_view link = files_.link(directory, path).value_or("");
  link.remove_prefix(std::min(link.find('[') + 1, link.size()));
  return take_number<uint64_t>(link).value_or(0);
}

ThreadRecord ProcessReader::thread_record(const ProcessFacts& facts, int64_t tid,
                                          const ProcStat& stat, const ProcStatus& status) const {
  ThreadRecord record;
  record.tid = tid;
  record.pid = facts.pid;
  record.ptid = stat.ppid;
  record.sid = stat.sid;
  record.pgid = status.pgid >= 0 ? status.pgid : stat.pgid;
  record.vtid = status.vtid >= 0 ? status.vtid : tid;
  record.vpid = status.vpid >= 0 ? status.vpid : facts.pid;
  record.vpgid = status.vpgid >= 0 ? status.vpgid : record.pgid;
  record.comm = stat.comm;
  record.exe = facts.exe;
  record.exepath = facts.exepath;
  record.cwd = facts.cwd;
  record.root = facts.root;
  record.args = as_bytes_of(facts.args);
  record.env = as_bytes_of(facts.env);
  record.cgroups = as_bytes_of(facts.cgroups);
  record.fdlimit = facts.fdlimit;
  record.flags = tid == facts.pid ? 0 : clone_thread | clone_files;
  record.uid = status.uid;
  record.gid = status.gid;
  record.loginuid = facts.loginuid;
  record.vmsize_kb = status.vmsize_kb;
  record.vmrss_kb = status.vmrss_kb;
  record.vmswap_kb = status.vmswap_kb;
  record.pfmajor = stat.pfmajor;
  record.pfminor = stat.pfminor;
  record.pidns_init_start_ts = facts.pidns_init_start_ts;
  record.tty = stat.tty;
  record.cap_inheritable = status.cap_inheritable;
  record.cap_permitted = status.cap_permitted;
  record.cap_effective = status.cap_effective;
  record.exe_ino = facts.exe_ino;
  record.exe_ino_ctime = facts.exe_ctime;
  record.exe_ino_mtime = facts.exe_mtime;
  record.exe_writable = facts.exe_writable;
  record.exe_from_memfd = facts.exe_from_memfd;
  const bool reaper = facts.pid == 1 || record.vpid == 1;
  const uint8_t bits = static_cast<uint8_t>((reaper ? OwnThreadFields::reaper : 0) |
                                            (stat.is_dead() ? OwnThreadFields::dead : 0));
  record.own = {.clone_ts = start_ts(stat), .lastexec_ts = 0, .bits = bits};
  return record;
}

}  // namespace gyr
