#include "tests/support/trace_builder.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cassert>
#include <stdexcept>

#include "capture/event_options.hpp"

namespace gyr::test {

namespace {

constexpr size_t alignment = 4;

void pad(std::string& bytes) { bytes.resize((bytes.size() + alignment - 1) & ~(alignment - 1)); }

std::string_view as_text_of(const IpAddress& address, bool ipv6) {
  return {reinterpret_cast<const char*>(address.data()), ipv6 ? 16u : 4u};
}

bool is_ipv6(const End& end) { return std::strchr(end.address, ':') != nullptr; }

std::string end_bytes(const End& end) {
  return std::string(as_text_of(ip(end.address), is_ipv6(end))) + u16(end.port);
}

uint32_t type_of(BlockKind kind, int version, bool has_flags = false) {
  for (const BlockInfo& info : block_table) {
    if (info.kind == kind && info.version == version && info.has_flags == has_flags)
      return info.type;
  }
  throw std::logic_error("no such block");
}

/// Puts the entry's length in front of it.
std::string sized(std::string entry, bool counts_itself, size_t extra) {
  entry.append(extra, '\xEE');
  const size_t length = entry.size() + (counts_itself ? sizeof(uint32_t) : 0);
  return u32(static_cast<uint32_t>(length)) + entry;
}

std::string interface_entry(const InterfaceRecord& record, bool without_speed) {
  constexpr uint16_t ipv4 = 1, ipv6 = 2, without_speed_offset = 2;
  const auto type = static_cast<uint16_t>((record.ipv6 ? ipv6 : ipv4) +
                                          (without_speed ? without_speed_offset : 0));
  std::string entry = u16(type) + u16(static_cast<uint16_t>(record.name.size()));
  for (const IpAddress* address : {&record.address, &record.netmask, &record.broadcast})
    entry += as_text_of(*address, record.ipv6);
  if (!without_speed) entry += u64(0);
  return entry += record.name;
}

std::string user_entry(const UserRecord& record) {
  std::string entry = u8(record.is_group ? 1 : 0);
  if (!record.is_group) entry += u32(record.uid);
  entry += u32(record.gid) + str16(record.name);
  if (!record.is_group) entry += str16(record.home) + str16(record.shell);
  return entry;
}

std::string process_fields(const ThreadRecord& t, int version) {
  std::string e = i64(t.tid) + i64(t.pid) + i64(t.ptid);
  if (version >= 6) e += i64(t.sid);
  if (version >= 8) e += i64(t.vpgid);
  e += str16(t.comm) + str16(t.exe);
  if (version >= 7) e += str16(t.exepath);
  e += str16(as_text(t.args)) + str16(t.cwd) + i64(t.fdlimit);
  e += u32(t.flags) + u32(t.uid) + u32(t.gid);
  if (version >= 2)
    e += u32(t.vmsize_kb) + u32(t.vmrss_kb) + u32(t.vmswap_kb) + u64(t.pfmajor) + u64(t.pfminor);
  if (version >= 3) e += str16(as_text(t.env));
  if (version >= 4) e += i64(t.vtid) + i64(t.vpid) + str16(as_text(t.cgroups));
  if (version >= 5) e += str16(t.root);
  return e;
}

std::string process_tail(const ThreadRecord& t, size_t size) {
  constexpr size_t longest_old_tail = 29;
  std::string tail;
  if (size > longest_old_tail) tail = u64(t.pidns_init_start_ts) + u32(t.tty);
  tail += u32(t.loginuid) + u8(t.exe_writable);
  tail += u64(t.cap_inheritable) + u64(t.cap_permitted) + u64(t.cap_effective);
  tail += u8(t.exe_upper_layer) + u64(t.exe_ino) + u64(t.exe_ino_ctime) + u64(t.exe_ino_mtime);
  tail += u8(t.exe_from_memfd) + u8(t.exe_lower_layer) + i64(t.pgid);
  tail.resize(size, '\xEE');
  return tail;
}

std::string fd_payload(const FdRecord& fd, int version) {
  const bool ipv6 = fd.type == FdType::ipv6_socket || fd.type == FdType::ipv6_server;
  const auto l4 = u8(static_cast<uint8_t>(fd.l4));
  switch (fd.type) {
    case FdType::unknown:
      return {};
    case FdType::ipv4_socket:
    case FdType::ipv6_socket:
      return std::string(as_text_of(fd.source, ipv6)) +
             std::string(as_text_of(fd.destination, ipv6)) + u16(fd.source_port) +
             u16(fd.destination_port) + l4;
    case FdType::ipv4_server:
    case FdType::ipv6_server:
      return std::string(as_text_of(fd.source, ipv6)) + u16(fd.source_port) + l4;
    case FdType::unix_socket:
      return u64(fd.unix_source) + u64(fd.unix_destination) + str16(fd.name);
    case FdType::file_v2:
      return u32(fd.open_flags) + str16(fd.name) + (version >= 2 ? u32(fd.dev) : std::string());
    default:
      return str16(fd.name);
  }
}

std::string fd_entry(const FdRecord& fd, int version) {
  return i64(fd.fd) + u64(fd.ino) + u8(static_cast<uint8_t>(fd.type)) + fd_payload(fd, version);
}

bool is_v1(EventForm form) { return form == EventForm::v1 || form == EventForm::v1_flags; }

bool has_flags(EventForm form) {
  return form == EventForm::v1_flags || form == EventForm::v2_flags ||
         form == EventForm::large_flags;
}

int event_block_version(EventForm form) {
  if (is_v1(form)) return 1;
  return form == EventForm::v2 || form == EventForm::v2_flags ? 2 : 3;
}

bool has_wide_lengths(uint16_t type) {
  const schema::Event* info = schema::find_event(type);
  return info != nullptr && (info->flags & schema::large_payload) != 0;
}

/// The length array and the values.
std::string event_params(const EventSpec& spec) {
  std::vector<uint32_t> sizes;
  for (const Param& param : spec.params) sizes.push_back(static_cast<uint32_t>(param.size()));
  std::string bytes;
  for (const uint32_t size : spec.sizes.value_or(sizes))
    bytes += has_wide_lengths(spec.type) ? u32(size) : u16(static_cast<uint16_t>(size));
  for (const Param& param : spec.params) bytes += param;
  return bytes;
}

}  // namespace

Param texts(std::initializer_list<std::string_view> values) {
  Param all;
  for (const std::string_view value : values) all += text(value);
  return all;
}

IpAddress ip(const char* address) {
  IpAddress bytes{};
  const int family = std::strchr(address, ':') != nullptr ? AF_INET6 : AF_INET;
  if (::inet_pton(family, address, bytes.data()) != 1) throw std::logic_error("bad IP address");
  return bytes;
}

Param socket_address(End end) { return u8(is_ipv6(end) ? AF_INET6 : AF_INET) + end_bytes(end); }

Param unix_address(std::string_view path) { return u8(AF_UNIX) + text(path); }

Param tuple(End source, End destination) {
  return u8(is_ipv6(source) ? AF_INET6 : AF_INET) + end_bytes(source) + end_bytes(destination);
}

Param unix_tuple(uint64_t source, uint64_t destination, std::string_view path) {
  return u8(AF_UNIX) + u64(source) + u64(destination) + text(path);
}

Param fd_list(std::initializer_list<std::pair<int64_t, int16_t>> entries) {
  Param list = u16(static_cast<uint16_t>(entries.size()));
  for (const auto& [fd, events] : entries) list += i64(fd) + i16(events);
  return list;
}

FdRecord named_fd(int64_t fd, FdType type, std::string_view name) {
  FdRecord record;
  record.fd = fd;
  record.type = type;
  record.name = name;
  return record;
}

FdRecord ip_fd(int64_t fd, L4Protocol l4, End source, End destination) {
  FdRecord record;
  record.fd = fd;
  record.l4 = l4;
  record.type = is_ipv6(source) ? FdType::ipv6_socket : FdType::ipv4_socket;
  record.source = ip(source.address);
  record.source_port = source.port;
  record.destination = ip(destination.address);
  record.destination_port = destination.port;
  return record;
}

FdRecord ip_server_fd(int64_t fd, L4Protocol l4, End address) {
  FdRecord record;
  record.fd = fd;
  record.l4 = l4;
  record.type = is_ipv6(address) ? FdType::ipv6_server : FdType::ipv4_server;
  record.source = ip(address.address);
  record.source_port = address.port;
  return record;
}

FdRecord unix_fd(int64_t fd, uint64_t source, uint64_t destination, std::string_view path) {
  FdRecord record = named_fd(fd, FdType::unix_socket, path);
  record.unix_source = source;
  record.unix_destination = destination;
  return record;
}

std::string latency_bytes(uint64_t ns) { return u16(latency_option) + u16(sizeof ns) + u64(ns); }

TraceBuilder& TraceBuilder::section(const SectionSpec& spec) {
  std::string body = u32(spec.magic) + u16(spec.major_version) + u16(spec.minor_version) +
                     u64(UINT64_MAX) + spec.options;
  return block(type_of(BlockKind::section, 1), body);
}

TraceBuilder& TraceBuilder::machine(const MachineInfo& machine) {
  constexpr size_t hostname_size = 128;
  std::string hostname(machine.hostname);
  hostname.resize(hostname_size);
  const std::string body = u32(machine.cpus) + u64(machine.memory_bytes) + u64(0) + hostname +
                           u64(machine.boot_ts) + u64(0) + u64(0) + u64(0);
  return block(type_of(BlockKind::machine, 1), body);
}

TraceBuilder& TraceBuilder::interfaces(const std::vector<InterfaceRecord>& list, int version,
                                       bool without_speed, size_t extra) {
  std::string body;
  for (const InterfaceRecord& record : list) {
    std::string entry = interface_entry(record, without_speed);
    body += version >= 2 ? sized(std::move(entry), false, extra) : entry;
  }
  return block(type_of(BlockKind::interfaces, version), body);
}

TraceBuilder& TraceBuilder::users(const std::vector<UserRecord>& list, int version, size_t extra) {
  std::string body;
  for (const UserRecord& record : list) {
    std::string entry = user_entry(record);
    body += version >= 2 ? sized(std::move(entry), true, extra) : entry;
  }
  return block(type_of(BlockKind::users, version), body);
}

TraceBuilder& TraceBuilder::processes(const std::vector<ThreadRecord>& list, int version,
                                      size_t tail) {
  std::string body;
  for (const ThreadRecord& record : list) {
    std::string entry = process_fields(record, version);
    body += version >= 9 ? sized(entry + process_tail(record, tail), true, 0) : entry;
  }
  return block(type_of(BlockKind::processes, version), body);
}

TraceBuilder& TraceBuilder::fds(int64_t tid, const std::vector<FdRecord>& list, int version,
                                size_t extra) {
  std::string body = i64(tid);
  for (const FdRecord& record : list) {
    std::string entry = fd_entry(record, version);
    body += version >= 2 ? sized(std::move(entry), true, extra) : entry;
  }
  return block(type_of(BlockKind::fds, version), body);
}

TraceBuilder& TraceBuilder::event(uint16_t type, Params params) {
  EventSpec spec;
  spec.type = type;
  spec.params = std::move(params);
  return add(spec);
}

TraceBuilder& TraceBuilder::add(const EventSpec& spec) {
  constexpr uint32_t header_v1 = 22, header_v2 = 26;
  const std::string params = event_params(spec);
  const uint32_t header = is_v1(form_) ? header_v1 : header_v2;
  const auto length = header + static_cast<uint32_t>(params.size());
  std::string body = u16(cpu_);
  if (has_flags(form_)) body += u32(spec.flags.value_or(0));
  body +=
      u64(ts_) + i64(tid_) + u32(spec.length.value_or(length)) + u16(schema::id_in_file(spec.type));
  if (!is_v1(form_)) body += u32(spec.nparams.value_or(static_cast<uint32_t>(spec.params.size())));
  body += params;
  if (!spec.options.empty()) {
    pad(body);
    body += spec.options;
  }
  ts_ += step_;
  return block(type_of(BlockKind::events, event_block_version(form_), has_flags(form_)), body);
}

TraceBuilder& TraceBuilder::block(uint32_t block_type, std::string_view body,
                                  std::optional<uint32_t> trailer) {
  constexpr uint32_t frame_size = 12;
  const BlockInfo* info = find_block(block_type);
  if (old_aliases_ && info != nullptr && info->old_alias != 0) block_type = info->old_alias;
  std::string padded(body);
  pad(padded);
  const auto total = static_cast<uint32_t>(padded.size()) + frame_size;
  bytes_ += u32(block_type) + u32(total) + padded + u32(trailer.value_or(total));
  return *this;
}

TraceBuilder& TraceBuilder::raw(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

}  // namespace gyr::test
