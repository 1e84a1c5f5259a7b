#include "capture/file/snapshot_writer.hpp"

#include <algorithm>

#include "capture/file/blocks.hpp"
#include "capture/file/metadata.hpp"

namespace gyr {

namespace {

constexpr uint32_t section_type = 0x0A0D0D0A, machine_type = 0x201, processes_type = 0x215,
                   fds_type = 0x218, interfaces_type = 0x219, users_type = 0x220;
constexpr uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr uint16_t major_version = 1, minor_version = 2;
// Longer lists go on in another block: readers add the blocks up.
constexpr size_t full_block = 1u << 20;

// What readers accept at most, but for the NUL that they put behind it.
constexpr size_t max_text = 1023, max_blob = 4096, max_user_text = 255;

}  // namespace

template <class T>
void SnapshotWriter::put(T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  out_.insert(out_.end(), raw, raw + sizeof value);
}

void SnapshotWriter::put_str16(std::string_view text, size_t limit) {
  text = text.substr(0, limit);
  put(static_cast<uint16_t>(text.size()));
  put_bytes(as_bytes_of(text));
}

/// NUL-terminated strings; the last keeps its NUL where they are cut.
void SnapshotWriter::put_blob16(Bytes strings) {
  const size_t size = std::min(strings.size(), max_blob);
  put(static_cast<uint16_t>(size));
  put_bytes(strings.first(size));
  if (size < strings.size()) out_.back() = std::byte{0};
}

void SnapshotWriter::put_address(const IpAddress& address, bool ipv6) {
  put_bytes(std::as_bytes(std::span(address)).first(ipv6 ? 16 : 4));
}

void SnapshotWriter::begin_block(uint32_t type) {
  end_block();
  block_start_ = out_.size();
  block_type_ = type;
  put(type);
  put(uint32_t{0});  // the length, once it is known
}

/// Goes on with the open block if it is of that type and not full.
void SnapshotWriter::continue_block(uint32_t type) {
  const bool open = block_start_ != none && block_type_ == type;
  if (!open || out_.size() - block_start_ >= full_block) begin_block(type);
}

void SnapshotWriter::end_block() {
  if (block_start_ == none) return;
  while ((out_.size() - block_start_) % 4 != 0) put(uint8_t{0});
  const auto total = static_cast<uint32_t>(out_.size() - block_start_ + block_trailer_size);
  put(total);
  std::memcpy(out_.data() + block_start_ + sizeof(uint32_t), &total, sizeof total);
  block_start_ = none;
}

/// An entry begins with its length, which is set when it is complete.
size_t SnapshotWriter::begin_entry() {
  const size_t start = out_.size();
  put(uint32_t{0});
  return start;
}

void SnapshotWriter::end_entry(size_t start, bool counts_itself) {
  const size_t length = out_.size() - start - (counts_itself ? 0 : sizeof(uint32_t));
  const auto stored = static_cast<uint32_t>(length);
  std::memcpy(out_.data() + start, &stored, sizeof stored);
}

void SnapshotWriter::section() {
  begin_block(section_type);
  put(byte_order_magic);
  put(major_version);
  put(minor_version);
  put(UINT64_MAX);  // length of the section: not known
  end_block();
}

void SnapshotWriter::machine(const MachineInfo& machine) {
  constexpr size_t hostname_size = 128;
  begin_block(machine_type);
  put(machine.cpus);
  put(machine.memory_bytes);
  put(uint64_t{0});  // largest pid, never filled
  const std::string_view hostname = machine.hostname.substr(0, hostname_size - 1);
  put_bytes(as_bytes_of(hostname));
  out_.resize(out_.size() + hostname_size - hostname.size());
  put(machine.boot_ts);
  for (int reserved = 0; reserved < 3; ++reserved) put(uint64_t{0});
  end_block();
}

void SnapshotWriter::interfaces_begin() { begin_block(interfaces_type); }

void SnapshotWriter::interface(const InterfaceRecord& record) {
  constexpr uint16_t ipv4 = 1, ipv6 = 2;
  const size_t entry = begin_entry();
  const std::string_view name = record.name.substr(0, max_text);
  put(record.ipv6 ? ipv6 : ipv4);
  put(static_cast<uint16_t>(name.size()));
  put_address(record.address, record.ipv6);
  put_address(record.netmask, record.ipv6);
  put_address(record.broadcast, record.ipv6);
  put(uint64_t{0});  // link speed
  put_bytes(as_bytes_of(name));
  end_entry(entry, false);
}

// A further block would replace the list: however long, it stays in one.
void SnapshotWriter::users_begin() { begin_block(users_type); }

void SnapshotWriter::user(const UserRecord& record) {
  const size_t entry = begin_entry();
  put(static_cast<uint8_t>(record.is_group));
  if (!record.is_group) put(record.uid);
  put(record.gid);
  put_str16(record.name, max_user_text);
  if (!record.is_group) {
    put_str16(record.home, max_user_text);
    put_str16(record.shell, max_user_text);
  }
  end_entry(entry, true);
}

void SnapshotWriter::thread(const ThreadRecord& t) {
  continue_block(processes_type);
  const size_t entry = begin_entry();
  for (const int64_t id : {t.tid, t.pid, t.ptid, t.sid, t.vpgid}) put(id);
  for (const std::string_view text : {t.comm, t.exe, t.exepath}) put_str16(text, max_text);
  put_blob16(t.args);
  put_str16(t.cwd, max_text);
  put(t.fdlimit);
  for (const uint32_t value : {t.flags, t.uid, t.gid, t.vmsize_kb, t.vmrss_kb, t.vmswap_kb})
    put(value);
  put(t.pfmajor);
  put(t.pfminor);
  put_blob16(t.env);
  put(t.vtid);
  put(t.vpid);
  put_blob16(t.cgroups);
  put_str16(t.root, max_text);
  put(t.pidns_init_start_ts);
  put(t.tty);
  put(t.loginuid);
  put(static_cast<uint8_t>(t.exe_writable));
  for (const uint64_t caps : {t.cap_inheritable, t.cap_permitted, t.cap_effective}) put(caps);
  put(static_cast<uint8_t>(t.exe_upper_layer));
  for (const uint64_t value : {t.exe_ino, t.exe_ino_ctime, t.exe_ino_mtime}) put(value);
  put(static_cast<uint8_t>(t.exe_from_memfd));
  put(static_cast<uint8_t>(t.exe_lower_layer));
  put(t.pgid);
  if (t.own) {
    put(own_fields_marker);
    put(t.own->clone_ts);
    put(t.own->lastexec_ts);
    put(t.own->bits);
  }
  end_entry(entry, true);
}

void SnapshotWriter::put_fd_payload(const FdRecord& fd) {
  const bool ipv6 = fd.type == FdType::ipv6_socket || fd.type == FdType::ipv6_server;
  switch (fd.type) {
    case FdType::unknown:
      break;
    case FdType::ipv4_socket:
    case FdType::ipv6_socket:
      put_address(fd.source, ipv6);
      put_address(fd.destination, ipv6);
      put(fd.source_port);
      put(fd.destination_port);
      put(fd.l4);
      break;
    case FdType::ipv4_server:
    case FdType::ipv6_server:
      put_address(fd.source, ipv6);
      put(fd.source_port);
      put(fd.l4);
      break;
    case FdType::unix_socket:
      put(fd.unix_source);
      put(fd.unix_destination);
      put_str16(fd.name, max_text);
      break;
    case FdType::file_v2:
      put(fd.open_flags);
      put_str16(fd.name, max_text);
      put(fd.dev);
      break;
    default:
      put_str16(fd.name, max_text);
      break;
  }
}

void SnapshotWriter::fd(int64_t tid, const FdRecord& fd) {
  if (fds_of_ != tid || block_start_ == none || block_type_ != fds_type ||
      out_.size() - block_start_ >= full_block) {
    begin_block(fds_type);
    put(tid);
    fds_of_ = tid;
  }
  const size_t entry = begin_entry();
  put(fd.fd);
  put(fd.ino);
  // sysdig 0.29 refuses a trace that has any of the newer types.
  const bool newer = fd.own && fd.type > FdType::file_v2;
  put(newer ? FdType::unsupported : fd.type);
  put_fd_payload(fd);
  if (fd.own) {
    put(own_fields_marker);
    put(fd.type);
    put(fd.own->role);
    put(fd.own->bits);
    put(fd.own->open_flags);
    put(fd.own->dev);
    put(fd.own->pid);
    put_str16(fd.own->name, max_text);
    put_str16(fd.own->given_name, max_text);
  }
  end_entry(entry, true);
}

}  // namespace gyr
