// The open descriptors of a process from /proc/PID/fd and fdinfo.
//
// Contract: each descriptor that can be read goes to the sink with the flags it was opened with, so
// that a later execve closes the right ones. What it is is told by its link, in most cases without
// a look at the file: remote file systems that do not answer cannot stop the scan. A socket that is
// in no table (not bound, or of a family without one) is kept with what is known of it.
//
// Example:
//   FdReader reader("", 65536);
//   reader.read(process_directory, pid, sink);
#pragma once

#include <string>
#include <vector>

#include "capture/live/proc_files.hpp"
#include "capture/live/proc_sockets.hpp"
#include "capture/records.hpp"

namespace gyr {

class FdReader {
 public:
  /// Below `root`/proc; of a process with more descriptors than `max_fds` the first ones are read.
  FdReader(const std::string& root, size_t max_fds) : proc_(root + "/proc"), max_fds_(max_fds) {}

  /// How many there were. `directory` is that of process `pid` or of a thread of it.
  size_t read(int directory, int64_t pid, RecordSink& sink);

  SocketTables& sockets() { return sockets_; }

 private:
  struct Place {
    int process = -1, fds = -1;  // directories
    int64_t pid = -1;
  };

  bool read_one(const Place& place, int64_t fd, RecordSink& sink);
  void read_flags(const Place& place, FdRecord& record, int64_t& pid);
  void fill_by_link(const Place& place, FdRecord& record);
  void fill_file(const Place& place, FdRecord& record);
  void fill_socket(const Place& place, FdRecord& record);
  void fill_unlisted_socket(const Place& place, FdRecord& record);

  std::string proc_;
  size_t max_fds_;
  ProcFiles files_;
  SocketTables sockets_;
  std::vector<int64_t> numbers_;
  std::string link_;  // of the descriptor that is read
};

/// The type of a descriptor without a file by its link, "anon_inode:[eventfd]".
FdType anonymous_type(std::string_view link);

}  // namespace gyr
