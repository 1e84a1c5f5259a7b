#include "capture/live/proc_fds.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <charconv>

#include "capture/live/open_flags.hpp"

namespace gyr {

namespace {

constexpr std::string_view pipe_prefix = "pipe:[", socket_prefix = "socket:[",
                           pidfd_prefix = "pidfd:[",
                           memfd_prefix = "/memfd:", anonymous_prefix = "anon_inode:";

bool is_anonymous(std::string_view link) {
  return link.starts_with(anonymous_prefix) || link.starts_with(pidfd_prefix);
}

uint64_t inode_in(std::string_view link, std::string_view prefix) {
  link.remove_prefix(prefix.size());
  return take_number<uint64_t>(link).value_or(0);
}

/// Says that all is told: nothing is to be concluded from what is missing.
OwnFdFields own_fields(const FdRecord& record) {
  OwnFdFields own;
  own.open_flags = record.open_flags;
  own.dev = record.dev;
  own.name = record.name;
  return own;
}

FdType type_by_mode(uint32_t mode) {
  if (S_ISDIR(mode)) return FdType::directory;
  if (S_ISFIFO(mode)) return FdType::fifo;
  return FdType::file_v2;
}

}  // namespace

FdType anonymous_type(std::string_view link) {
  if (link.starts_with(pidfd_prefix)) return FdType::pidfd;
  struct Kind {
    std::string_view name;
    FdType type;
  };
  constexpr Kind kinds[] = {
      {"eventfd", FdType::eventfd},
      {"signalfd", FdType::signalfd},
      {"eventpoll", FdType::eventpoll},
      {"inotify", FdType::inotify},
      {"timerfd", FdType::timerfd},
      {"io_uring", FdType::io_uring},
      {"userfaultfd", FdType::userfaultfd},
      {"pidfd", FdType::pidfd},
      {"bpf", FdType::bpf},
      {"btf", FdType::bpf},
  };
  if (!link.starts_with(anonymous_prefix)) return FdType::unsupported;
  link.remove_prefix(anonymous_prefix.size());
  if (link.starts_with('[')) link.remove_prefix(1);
  for (const Kind& kind : kinds) {
    if (link.starts_with(kind.name)) return kind.type;
  }
  return FdType::unsupported;
}

size_t FdReader::read(int directory, int64_t pid, RecordSink& sink) {
  const UniqueFd fds = open_directory(directory, "fd");
  if (!fds) return 0;
  list_numbers(fds.get(), numbers_);
  if (numbers_.size() > max_fds_) numbers_.resize(max_fds_);
  const Place place{directory, fds.get(), pid};
  size_t count = 0;
  for (const int64_t fd : numbers_) count += read_one(place, fd, sink);
  return count;
}

bool FdReader::read_one(const Place& place, int64_t fd, RecordSink& sink) {
  const auto link = files_.link(place.fds, ShortPath(fd).c_str());
  if (!link) return false;  // closed in the meantime
  link_ = *link;
  FdRecord record;
  record.fd = fd;
  int64_t pidfd_of = -1;
  read_flags(place, record, pidfd_of);
  fill_by_link(place, record);
  std::string process;
  if (record.type == FdType::pidfd && pidfd_of > 0) {
    process = "/proc/" + std::to_string(pidfd_of);
    record.name = process;
  }
  // So written to a trace, these are passed over by the readers that do not know their types.
  if (record.type > FdType::file_v2) {
    record.own = own_fields(record);
    record.own->pid = pidfd_of;
  }
  sink.fd(place.pid, record);
  return true;
}

/// fdinfo: "pos:\t0\nflags:\t0100002\n...", and "Pid:\t7" of a pidfd.
void FdReader::read_flags(const Place& place, FdRecord& record, int64_t& pid) {
  // An epoll descriptor goes on with a line for each file it watches.
  constexpr size_t enough = 512;
  auto text = files_.read(place.process, ShortPath("fdinfo/", record.fd).c_str(), enough);
  while (text && !text->empty()) {
    std::string_view line = take_line(*text);
    constexpr std::string_view flags = "flags:", of = "Pid:";
    if (line.starts_with(flags)) {
      line.remove_prefix(flags.size());
      if (const auto value = take_number<uint32_t>(line, 8))
        record.open_flags = trace_open_flags(*value);
    } else if (line.starts_with(of)) {
      line.remove_prefix(of.size());
      pid = take_number<int64_t>(line).value_or(-1);
    }
  }
}

void FdReader::fill_by_link(const Place& place, FdRecord& record) {
  const std::string_view link = link_;
  if (link.starts_with(socket_prefix)) {
    record.ino = inode_in(link, socket_prefix);
    fill_socket(place, record);
  } else if (link.starts_with(pipe_prefix)) {
    record.type = FdType::fifo;
    record.ino = inode_in(link, pipe_prefix);
    record.name = link;
  } else if (is_anonymous(link)) {
    record.type = anonymous_type(link);
    // As for those that events tell of, the type says all.
    if (record.type == FdType::unsupported) record.name = link;
  } else {
    fill_file(place, record);
  }
}

void FdReader::fill_file(const Place& place, FdRecord& record) {
  record.type = FdType::file_v2;
  record.name = link_;
  struct statx file = {};
  if (statx(place.fds, ShortPath(record.fd).c_str(), AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
            STATX_TYPE | STATX_INO, &file) == 0) {
    record.type = type_by_mode(file.stx_mode);
    record.ino = file.stx_ino;
    record.dev = static_cast<uint32_t>(makedev(file.stx_dev_major, file.stx_dev_minor));
  }
  if (record.name.starts_with(memfd_prefix)) record.type = FdType::memfd;
}

void FdReader::fill_socket(const Place& place, FdRecord& record) {
  sockets_.read_namespace(place.process);
  const SocketTables::Entry* socket = sockets_.find(record.ino);
  if (socket == nullptr) return fill_unlisted_socket(place, record);
  record.type = socket->type;
  record.l4 = socket->l4;
  record.source = socket->source;
  record.destination = socket->destination;
  record.source_port = socket->source_port;
  record.destination_port = socket->destination_port;
  record.unix_source = socket->unix_source;
  record.name = sockets_.path(*socket);
}

void FdReader::fill_unlisted_socket(const Place& place, FdRecord& record) {
  const std::string path =
      proc_ + "/" + std::to_string(place.pid) + "/fd/" + std::to_string(record.fd);
  char protocol[32];
  const ssize_t size = getxattr(path.c_str(), "system.sockprotoname", protocol, sizeof protocol);
  const std::string_view name(protocol, size > 0 ? static_cast<size_t>(size) : 0);
  const SocketKind kind = socket_kind(name.substr(0, name.find('\0')));
  record.type = kind.type;
  record.l4 = kind.l4;
  if (record.type == FdType::unsupported) record.name = link_;
  // It has no addresses yet, rather than those of zeros.
  if (record.type == FdType::ipv4_socket || record.type == FdType::ipv6_socket)
    record.own = own_fields(record);
}

}  // namespace gyr
