// The control groups of a process as traces hold them: "subsystem=path" per subsystem.
//
// Contract: from the text of /proc/PID/cgroup, of both versions of control groups. A line of
// version 1 names its subsystems. That of version 2 does not: a subsystem's group is the nearest
// one, from the process' own upwards, in which the subsystem is enabled, which is what the kernel
// accounts to. The names are the kernel's ("io", not "blkio"). The result is valid until the next
// call.
//
// Example:
//   CgroupReader reader(root);
//   reader.entries("4:memory:/a\n0::/b\n");  // "memory=/a\0pids=/b\0" if pids is enabled in /b
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/unique_fd.hpp"
#include "capture/live/proc_files.hpp"

namespace gyr {

class CgroupReader {
 public:
  /// /sys/fs/cgroup is looked for below `root`, "" = the machine's.
  explicit CgroupReader(const std::string& root);

  std::string_view entries(std::string_view cgroup_file);

 private:
  void add_unified(std::string_view path, std::string& out);
  const std::optional<std::string>& controllers(std::string_view path);

  UniqueFd mount_;
  ProcFiles files_;
  // Both by their text: most processes of a container or service have the same.
  std::unordered_map<std::string, std::string> entries_;
  std::unordered_map<std::string, std::optional<std::string>> controllers_;
};

}  // namespace gyr
