#include "capture/file/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gyr {

namespace {

// Fewer bytes than this at the end of a list are padding.
constexpr size_t smallest_entry = 4;

Error entry_error(std::string what, size_t offset) { return {std::move(what), offset}; }

/// Runs `parse(entry)` on each entry of a list. With `sized`, entries begin with their length;
/// `length_counts_itself` says whether that length includes its own four bytes.
template <class Parse>
Result<void> for_each_entry(Bytes body, bool sized, bool length_counts_itself, const char* what,
                            Parse parse) {
  size_t at = 0;
  while (body.size() - at >= smallest_entry) {
    Bytes rest = body.subspan(at);
    size_t length = rest.size();
    if (sized) {
      length = load<uint32_t>(rest.data());
      if (!length_counts_itself) length += sizeof(uint32_t);
      if (length < sizeof(uint32_t) || length > rest.size())
        return fail(entry_error(
            fmt::format("{} entry claims {} bytes, {} are left", what, length, rest.size()), at));
      rest = rest.subspan(sizeof(uint32_t), length - sizeof(uint32_t));
    }
    Cursor entry(rest);
    if (!parse(entry) || !entry.ok())
      return fail(entry_error(fmt::format("{} entry is malformed or cut short", what), at));
    at += sized ? length : entry.consumed();
  }
  return {};
}

// Interface entry types.
constexpr uint16_t ipv4_interface = 1, ipv6_interface = 2;
constexpr uint16_t ipv4_without_speed = 3, ipv6_without_speed = 4;

bool parse_interface(Cursor& entry, RecordSink& sink) {
  const auto type = entry.take<uint16_t>();
  InterfaceRecord record;
  record.ipv6 = type == ipv6_interface || type == ipv6_without_speed;
  if (!record.ipv6 && type != ipv4_interface && type != ipv4_without_speed) return false;
  const auto name_size = entry.take<uint16_t>();
  const size_t address_size = record.ipv6 ? 16 : 4;
  record.address = take_address(entry, address_size);
  record.netmask = take_address(entry, address_size);
  record.broadcast = take_address(entry, address_size);
  if (type == ipv4_interface || type == ipv6_interface) entry.skip(sizeof(uint64_t));  // link speed
  record.name = as_text(entry.take_bytes(name_size));
  if (entry.ok()) sink.interface(record);
  return true;
}

bool parse_user(Cursor& entry, RecordSink& sink) {
  UserRecord record;
  record.is_group = entry.take<uint8_t>() != 0;
  if (!record.is_group) record.uid = entry.take<uint32_t>();
  record.gid = entry.take<uint32_t>();
  record.name = entry.take_str16();
  if (!record.is_group) {
    record.home = entry.take_str16();
    record.shell = entry.take_str16();
  }
  if (entry.ok()) sink.user(record);
  return true;
}

Bytes take_blob16(Cursor& entry) { return as_bytes_of(entry.take_str16()); }

/// The part of a process entry that all versions share, each field with the version it came in.
void parse_process_fields(Cursor& entry, int version, ThreadRecord& t) {
  t.tid = entry.take<int64_t>();
  t.pid = entry.take<int64_t>();
  t.ptid = entry.take<int64_t>();
  if (version >= 6) t.sid = entry.take<int64_t>();
  if (version >= 8) t.vpgid = entry.take<int64_t>();
  t.comm = entry.take_str16();
  t.exe = entry.take_str16();
  if (version >= 7) t.exepath = entry.take_str16();
  t.args = take_blob16(entry);
  t.cwd = entry.take_str16();
  t.fdlimit = entry.take<int64_t>();
  t.flags = entry.take<uint32_t>();
  t.uid = entry.take<uint32_t>();
  t.gid = entry.take<uint32_t>();
  if (version >= 2) {
    t.vmsize_kb = entry.take<uint32_t>();
    t.vmrss_kb = entry.take<uint32_t>();
    t.vmswap_kb = entry.take<uint32_t>();
    t.pfmajor = entry.take<uint64_t>();
    t.pfminor = entry.take<uint64_t>();
  }
  if (version >= 3) t.env = take_blob16(entry);
  if (version >= 4) {
    t.vtid = entry.take<int64_t>();
    t.vpid = entry.take<int64_t>();
    t.cgroups = take_blob16(entry);
  }
  if (version >= 5) t.root = entry.take_str16();
}

// A tail of at most this many bytes was written before two fields were inserted in front of it.
constexpr size_t longest_old_tail = 29;

template <class T, class To>
void take_if_there(Cursor& entry, To& to) {
  if (entry.left() >= sizeof(T))
    to = static_cast<To>(entry.take<T>());
  else
    entry.skip(entry.left());  // no later field is there
}

bool has_own_fields(Cursor& entry) {
  return entry.left() >= sizeof own_fields_marker && entry.take<uint32_t>() == own_fields_marker;
}

/// The open-ended tail of v9: each field is there only if it still fits.
void parse_process_tail(Cursor& entry, ThreadRecord& t) {
  if (entry.left() > longest_old_tail) {
    take_if_there<uint64_t>(entry, t.pidns_init_start_ts);
    take_if_there<uint32_t>(entry, t.tty);
  }
  take_if_there<uint32_t>(entry, t.loginuid);
  take_if_there<uint8_t>(entry, t.exe_writable);
  take_if_there<uint64_t>(entry, t.cap_inheritable);
  take_if_there<uint64_t>(entry, t.cap_permitted);
  take_if_there<uint64_t>(entry, t.cap_effective);
  take_if_there<uint8_t>(entry, t.exe_upper_layer);
  take_if_there<uint64_t>(entry, t.exe_ino);
  take_if_there<uint64_t>(entry, t.exe_ino_ctime);
  take_if_there<uint64_t>(entry, t.exe_ino_mtime);
  take_if_there<uint8_t>(entry, t.exe_from_memfd);
  take_if_there<uint8_t>(entry, t.exe_lower_layer);
  take_if_there<int64_t>(entry, t.pgid);
  if (has_own_fields(entry)) {
    OwnThreadFields own;
    own.clone_ts = entry.take<uint64_t>();
    own.lastexec_ts = entry.take<uint64_t>();
    own.bits = entry.take<uint8_t>();
    t.own = own;
  }
}

void parse_ip_pair(Cursor& entry, size_t address_size, FdRecord& fd) {
  fd.source = take_address(entry, address_size);
  fd.destination = take_address(entry, address_size);
  fd.source_port = entry.take<uint16_t>();
  fd.destination_port = entry.take<uint16_t>();
  fd.l4 = static_cast<L4Protocol>(std::min<uint8_t>(entry.take<uint8_t>(), 5));
}

void parse_ip_server(Cursor& entry, size_t address_size, FdRecord& fd) {
  fd.source = take_address(entry, address_size);
  fd.source_port = entry.take<uint16_t>();
  fd.l4 = static_cast<L4Protocol>(std::min<uint8_t>(entry.take<uint8_t>(), 5));
}

/// What follows the fixed part of a descriptor, by type.
void parse_fd_payload(Cursor& entry, int version, FdRecord& fd) {
  switch (fd.type) {
    case FdType::unknown:
      break;
    case FdType::ipv4_socket:
      parse_ip_pair(entry, 4, fd);
      break;
    case FdType::ipv6_socket:
      parse_ip_pair(entry, 16, fd);
      break;
    case FdType::ipv4_server:
      parse_ip_server(entry, 4, fd);
      break;
    case FdType::ipv6_server:
      parse_ip_server(entry, 16, fd);
      break;
    case FdType::unix_socket:
      fd.unix_source = entry.take<uint64_t>();
      fd.unix_destination = entry.take<uint64_t>();
      fd.name = entry.take_str16();
      break;
    case FdType::file_v2:
      fd.open_flags = entry.take<uint32_t>();
      fd.name = entry.take_str16();
      if (version >= 2) take_if_there<uint32_t>(entry, fd.dev);
      break;
    default:
      fd.name = entry.take_str16();
      break;
  }
}

void parse_own_fd_fields(Cursor& entry, FdRecord& fd) {
  OwnFdFields own;
  const auto type = entry.take<uint8_t>();
  if (type <= last_fd_type) fd.type = static_cast<FdType>(type);
  own.role = entry.take<uint8_t>();
  own.bits = entry.take<uint8_t>();
  own.open_flags = entry.take<uint32_t>();
  own.dev = entry.take<uint32_t>();
  own.pid = entry.take<int64_t>();
  own.name = entry.take_str16();
  own.given_name = entry.take_str16();
  fd.own = own;
}

bool parse_fd(Cursor& entry, int version, int64_t tid, RecordSink& sink) {
  FdRecord fd;
  fd.fd = entry.take<int64_t>();
  fd.ino = entry.take<uint64_t>();
  const auto type = entry.take<uint8_t>();
  std::string unknown_name;
  if (type <= last_fd_type) {
    fd.type = static_cast<FdType>(type);
    parse_fd_payload(entry, version, fd);
    if (version >= 2 && has_own_fields(entry)) parse_own_fd_fields(entry, fd);
  } else if (version >= 2) {
    unknown_name = fmt::format("unknown-type:[{}]", type);
    fd.type = FdType::unsupported;
    fd.name = unknown_name;
  } else {
    return false;  // no length to skip it by
  }
  if (entry.ok()) sink.fd(tid, fd);
  return true;
}

}  // namespace

Result<void> parse_machine(Bytes body, RecordSink& sink) {
  constexpr size_t hostname_size = 128, known_size = 180;
  if (body.size() < known_size)
    return fail(entry_error(
        fmt::format("machine info of {} bytes instead of {}", body.size(), known_size), 0));
  Cursor cursor(body);
  MachineInfo machine;
  machine.cpus = cursor.take<uint32_t>();
  machine.memory_bytes = cursor.take<uint64_t>();
  cursor.skip(sizeof(uint64_t));  // largest pid, never filled
  const std::string_view hostname = as_text(cursor.take_bytes(hostname_size));
  machine.hostname = hostname.substr(0, hostname.find('\0'));
  machine.boot_ts = cursor.take<uint64_t>();
  sink.machine(machine);
  return {};
}

Result<void> parse_interfaces(Bytes body, int version, RecordSink& sink) {
  sink.interfaces_begin();
  return for_each_entry(body, version >= 2, false, "interface",
                        [&](Cursor& entry) { return parse_interface(entry, sink); });
}

Result<void> parse_users(Bytes body, int version, RecordSink& sink) {
  sink.users_begin();
  return for_each_entry(body, version >= 2, true, "user",
                        [&](Cursor& entry) { return parse_user(entry, sink); });
}

Result<void> parse_processes(Bytes body, int version, RecordSink& sink) {
  const bool sized = version >= 9;
  return for_each_entry(body, sized, true, "process", [&](Cursor& entry) {
    ThreadRecord record;
    parse_process_fields(entry, version, record);
    if (sized) parse_process_tail(entry, record);
    if (entry.ok()) sink.thread(record);
    return true;
  });
}

Result<void> parse_fds(Bytes body, int version, RecordSink& sink) {
  if (body.size() < sizeof(int64_t)) return fail(entry_error("fd list without a thread id", 0));
  const auto tid = load<int64_t>(body.data());
  auto done = for_each_entry(body.subspan(sizeof(int64_t)), version >= 2, true, "fd",
                             [&](Cursor& entry) { return parse_fd(entry, version, tid, sink); });
  if (!done) done.error().offset = done.error().offset.value_or(0) + sizeof(int64_t);
  return done;
}

}  // namespace gyr
