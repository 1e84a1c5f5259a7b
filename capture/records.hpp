// The state that a source knows before its first event: machine, interfaces, users, threads, fds.
//
// Purpose: what a trace's metadata blocks or a /proc scan say, record by record.
//
// Contract: all views point into the source's buffer and are valid during the call only. Ids that
// the source does not know are -1 (or all ones for user ids). IP addresses are in network order,
// IPv4 ones in the first four bytes; ports are in host order.
// Layouts: gyr-scap(5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace gyr {

struct MachineInfo {
  uint32_t cpus = 0;
  uint64_t memory_bytes = 0;
  uint64_t boot_ts = 0;  // ns since the epoch, 0 = not recorded
  std::string_view hostname;
};

using IpAddress = std::array<uint8_t, 16>;

/// The next `size` bytes, 4 or 16, as an address.
inline IpAddress take_address(Cursor& cursor, size_t size) {
  IpAddress address{};
  const Bytes raw = cursor.take_bytes(size);
  if (!raw.empty()) std::memcpy(address.data(), raw.data(), raw.size());
  return address;
}

struct InterfaceRecord {
  bool ipv6 = false;
  IpAddress address{}, netmask{}, broadcast{};
  std::string_view name;
};

struct UserRecord {
  bool is_group = false;
  uint32_t uid = 0;  // users only
  uint32_t gid = 0;
  std::string_view name, home, shell;
};

/// What only gyr writes about a thread: see SnapshotWriter.
struct OwnThreadFields {
  enum Bits : uint8_t { reaper = 1, dead = 2 };
  uint64_t clone_ts = 0, lastexec_ts = 0;
  uint8_t bits = 0;
};

/// A thread with a negative pid is one of which only the tid and its descriptors are known.
struct ThreadRecord {
  int64_t tid = -1, pid = -1, ptid = -1, sid = -1, vpgid = -1, pgid = -1, vtid = -1, vpid = -1;
  std::string_view comm, exe, exepath, cwd, root;
  Bytes args, env, cgroups;  // NUL-terminated strings back to back; the last NUL may be missing
  int64_t fdlimit = -1;
  uint32_t flags = 0;
  uint32_t uid = 0, gid = 0, loginuid = UINT32_MAX;
  uint32_t vmsize_kb = 0, vmrss_kb = 0, vmswap_kb = 0;
  uint64_t pfmajor = 0, pfminor = 0;
  uint64_t pidns_init_start_ts = 0;
  uint32_t tty = 0;
  uint64_t cap_inheritable = 0, cap_permitted = 0, cap_effective = 0;
  uint64_t exe_ino = 0, exe_ino_ctime = 0, exe_ino_mtime = 0;
  bool exe_writable = false, exe_upper_layer = false, exe_lower_layer = false;
  bool exe_from_memfd = false;
  std::optional<OwnThreadFields> own{};
};

/// Kinds of file descriptors, with their numbers in FDL blocks.
enum class FdType : uint8_t {
  unknown = 0,
  file = 1,
  directory = 2,
  ipv4_socket = 3,
  ipv6_socket = 4,
  ipv4_server = 5,
  ipv6_server = 6,
  fifo = 7,
  unix_socket = 8,
  eventfd = 9,
  unsupported = 10,
  signalfd = 11,
  eventpoll = 12,
  inotify = 13,
  timerfd = 14,
  netlink = 15,
  file_v2 = 16,
  bpf = 17,
  userfaultfd = 18,
  io_uring = 19,
  memfd = 20,
  pidfd = 21,
};
inline constexpr uint8_t last_fd_type = 21;

enum class L4Protocol : uint8_t { unknown = 0, not_applicable = 1, tcp, udp, icmp, raw };

/// What only gyr writes about a descriptor: see SnapshotWriter.
struct OwnFdFields {
  enum Bits : uint8_t { connected = 1 };
  uint8_t role = 0;  // of a socket: 1 = client, 2 = server
  uint8_t bits = 0;
  uint32_t open_flags = 0, dev = 0;
  int64_t pid = -1;             // pidfd
  std::string_view name;        // as it prints
  std::string_view given_name;  // of a file, as the call had it; empty: the same
};

struct FdRecord {
  int64_t fd = -1;
  uint64_t ino = 0;
  FdType type = FdType::unknown;
  std::string_view name;  // files, fifos, unix sockets and so on
  uint32_t open_flags = 0, dev = 0;
  IpAddress source{}, destination{};  // server sockets: source only
  uint16_t source_port = 0, destination_port = 0;
  L4Protocol l4 = L4Protocol::unknown;
  uint64_t unix_source = 0, unix_destination = 0;
  std::optional<OwnFdFields> own{};
};

/// Receives the records; implemented by the decoder's state and by whatever only counts them.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;

  /// A section begins: all that was said before no longer holds.
  virtual void section() {}
  virtual void machine(const MachineInfo&) {}
  /// A list of interfaces or of users replaces the former one.
  virtual void interfaces_begin() {}
  virtual void interface(const InterfaceRecord&) {}
  virtual void users_begin() {}
  virtual void user(const UserRecord&) {}
  virtual void thread(const ThreadRecord&) {}
  virtual void fd(int64_t /*tid*/, const FdRecord&) {}
  /// The records of the section are complete; events follow.
  virtual void records_end() {}
};

}  // namespace gyr
