// Sockets by inode: the tables of /proc/PID/net.
//
// Contract: a network namespace is read once, the first time that a process in it has a socket.
// Inodes of sockets are unique on the machine, so one map serves all namespaces. A socket without
// a remote address is a server's (FdType::ipv4_server), connected or not by what it did.
//
// Example:
//   SocketTables tables;
//   tables.read_namespace(process_directory);
//   const SocketTables::Entry* socket = tables.find(inode);
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "capture/live/proc_files.hpp"
#include "capture/records.hpp"

namespace gyr {

class SocketTables {
 public:
  struct Entry {
    FdType type = FdType::unknown;
    L4Protocol l4 = L4Protocol::not_applicable;
    IpAddress source{}, destination{};
    uint16_t source_port = 0, destination_port = 0;
    uint64_t unix_source = 0;
    uint32_t path_offset = 0, path_size = 0;
  };

  /// Reads the tables of the namespace of a process, whose directory in /proc is open, unless it
  /// has been read.
  void read_namespace(int process_directory);

  /// nullptr: not in any table that has been read.
  const Entry* find(uint64_t inode) const;
  /// Of a unix socket; abstract ones begin with '@'.
  std::string_view path(const Entry& entry) const {
    return std::string_view(paths_).substr(entry.path_offset, entry.path_size);
  }

  /// Forgets all that was read longer ago.
  void forget_older_than(std::chrono::milliseconds age);

  // One line of a table each; lines that do not fit it are passed over.
  void add_ip_line(std::string_view line, bool ipv6, L4Protocol l4);
  void add_unix_line(std::string_view line);
  void add_netlink_line(std::string_view line);

 private:
  void add(uint64_t inode, const Entry& entry);

  ProcFiles files_;
  std::unordered_map<uint64_t, Entry> entries_;
  std::unordered_set<uint64_t> namespaces_;
  std::string paths_;
  std::chrono::steady_clock::time_point read_at_{};
};

/// What kind of socket one is that no table has, from the name of its protocol ("TCPv6").
struct SocketKind {
  FdType type = FdType::unsupported;
  L4Protocol l4 = L4Protocol::not_applicable;
};
SocketKind socket_kind(std::string_view protocol);

}  // namespace gyr
