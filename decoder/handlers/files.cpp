// open, close, dup and fcntl.
#include <algorithm>

#include "decoder/handlers/fd_changes.hpp"
#include "decoder/handlers/handlers.hpp"
#include "decoder/paths.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

namespace param = schema::param;
namespace type = schema::type;

constexpr int64_t no_directory = INT64_MIN;  // the name is as it is

struct Opened {
  int64_t fd;
  int64_t dirfd = at_fdcwd;
  std::string_view name;
  uint32_t flags = 0;
  uint32_t dev = 0;
  uint64_t ino = 0;
};

/// Where an enter event of an open call has what the exit event could have been lied to about.
struct EnterParams {
  int dirfd;  // -1: the call has none
  int name;
  int flags;  // -1: the call has none
};

/// Another thread can change a path while the call runs; the one taken on entry is what the kernel
/// was asked for. Of the exit's flags only what the kernel added is kept.
void prefer_enter(const PendingEnter& enter, EnterParams at, Opened& opened) {
  if (!enter.kept) return;
  const auto number = [&](int index) {
    return entered_number(enter, static_cast<uint32_t>(index));
  };
  const std::string_view name = entered_path(enter, static_cast<uint32_t>(at.name));
  if (name.empty()) return;
  opened.name = name;
  if (at.dirfd >= 0) opened.dirfd = static_cast<int64_t>(number(at.dirfd));
  if (at.flags >= 0)
    opened.flags = static_cast<uint32_t>(number(at.flags)) | (opened.flags & ~(o_f_created - 1));
}

SharedText full_path(const Change& change, const Opened& opened) {
  if (is_normal_path(opened.name)) return SharedText(opened.name);
  thread_local Text directory, path;
  directory.clear();
  path.clear();
  const bool is_relative = !opened.name.starts_with('/') && opened.dirfd != no_directory;
  if (is_relative) append_directory(directory, *change.thread, opened.dirfd);
  append_joined(path, directory.view(), opened.name.empty() ? not_available : opened.name);
  return SharedText(path.view());
}

void add_file(const Change& change, const Opened& opened) {
  auto file = make_ref<Descriptor>();
  // O_TMPFILE contains O_DIRECTORY, but makes a file, to be written, in the directory. Old
  // recorders have its bit with every directory, which cannot be opened for writing.
  const bool is_temporary = (opened.flags & o_tmpfile) != 0 && (opened.flags & o_wronly) != 0;
  const bool is_directory = (opened.flags & o_directory) != 0 && !is_temporary;
  file->type = is_directory ? FdType::directory : FdType::file_v2;
  file->open_flags = opened.flags;
  file->dev = opened.dev;
  file->ino = opened.ino;
  file->name = full_path(change, opened);
  if (file->name.view() != opened.name) file->given_name = descriptor_name(opened.name);
  add_fd(change, opened.fd, std::move(file));
}

void duplicate(const Change& change, int64_t from, int64_t to, bool cloexec) {
  if (to < 0) return;
  const Ref<Descriptor> source = change.fds().share(from);
  if (!source) {
    if (from != to) change.thread->fds->erase(to);
    return;
  }
  auto copy = source;
  const uint32_t flags = cloexec ? source->open_flags | o_cloexec : source->open_flags & ~o_cloexec;
  if (flags != source->open_flags) {
    copy = make_ref<Descriptor>(*source);
    copy->open_flags = flags;
  }
  set_fd(change, to, std::move(copy));
}

/// A shell redirects its standard input and output with dup to make a pipe.
void note_pipe_end(Thread& thread, int64_t fd) {
  if (fd == 0) thread.flags |= thread_pipe_destination;
  if (fd == 1) thread.flags |= thread_pipe_source;
}

}  // namespace

void on_open(const Change& change) {
  namespace call = param::open_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  Opened opened{e.get(call::fd),    at_fdcwd,         e.get(call::name),
                e.get(call::flags), e.get(call::dev), e.get(call::ino)};
  prefer_enter(change.thread->enter, {-1, 0, 1}, opened);
  add_file(change, opened);
}

void on_openat(const Change& change) {
  namespace call = param::openat_2_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  Opened opened{e.get(call::fd),    e.get(call::dirfd), e.get(call::name),
                e.get(call::flags), e.get(call::dev),   e.get(call::ino)};
  prefer_enter(change.thread->enter, {0, 1, 2}, opened);
  add_file(change, opened);
}

void on_openat2(const Change& change) {
  namespace call = param::openat2_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  Opened opened{e.get(call::fd),    e.get(call::dirfd), e.get(call::name),
                e.get(call::flags), e.get(call::dev),   e.get(call::ino)};
  prefer_enter(change.thread->enter, {0, 1, 2}, opened);
  add_file(change, opened);
}

void on_creat(const Change& change) {
  namespace call = param::creat_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  // The flags of creat say only which layer the file is on.
  const uint32_t layers =
      e.get(call::creat_flags) * o_upper_layer & (o_upper_layer | o_lower_layer);
  Opened opened{e.get(call::fd), at_fdcwd,         e.get(call::name),
                layers,          e.get(call::dev), e.get(call::ino)};
  prefer_enter(change.thread->enter, {-1, 0, -1}, opened);
  add_file(change, opened);
}

void on_open_by_handle_at(const Change& change) {
  namespace call = param::open_by_handle_at_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  add_file(change, {e.get(call::fd), no_directory, e.get(call::path), e.get(call::flags),
                    e.get(call::dev), e.get(call::ino)});
}

void on_close_enter(const Change& change) {
  const Descriptor* descriptor = change.fds().find(change.event.get(param::close_enter::fd));
  change.thread->closing_serial = descriptor != nullptr ? descriptor->serial : 0;
}

void on_close(const Change& change) {
  namespace call = param::close_exit;
  const Event& event = change.event;
  if (event.get(call::res) < 0 || !event.has(call::fd)) return;
  const int64_t fd = event.get(call::fd);
  const Descriptor* descriptor = change.fds().find(fd);
  if (descriptor == nullptr) return;
  // Another thread may have been given the number while this close was on its way out.
  const bool entered = change.thread->enter.kept && change.thread->enter.type == type::close_enter;
  if (entered && descriptor->serial != change.thread->closing_serial) return;
  change.close_later.push_back(fd);
}

void on_close_range(const Change& change) {
  namespace call = param::close_range_exit;
  constexpr uint32_t close_range_cloexec = 4;
  const Event& event = change.event;
  if (event.get(call::res) < 0) return;
  const int64_t first = event.get(call::first), last = event.get(call::last);
  std::vector<int64_t> affected;
  change.fds().for_each([&](int64_t fd, const Descriptor&) {
    if (fd >= first && fd <= last) affected.push_back(fd);
  });
  FdTable& fds = *change.thread->fds;
  const bool only_mark = (event.get(call::flags) & close_range_cloexec) != 0;
  for (const int64_t fd : affected) {
    if (!only_mark)
      fds.erase(fd);
    else if (Descriptor* descriptor = fds.modify(fd))
      descriptor->open_flags |= o_cloexec;
  }
}

void on_dup(const Change& change) {
  namespace call = param::dup_1_exit;
  const int64_t fd = change.event.get(call::res);
  duplicate(change, change.event.get(call::oldfd), fd, false);
  note_pipe_end(*change.thread, fd);
}

void on_dup2(const Change& change) {
  namespace call = param::dup2_exit;
  const int64_t fd = change.event.get(call::res), old = change.event.get(call::oldfd);
  if (fd != old) duplicate(change, old, fd, false);
  note_pipe_end(*change.thread, fd);
}

void on_dup3(const Change& change) {
  namespace call = param::dup3_exit;
  const int64_t fd = change.event.get(call::res);
  const bool cloexec = (change.event.get(call::flags) & o_cloexec) != 0;
  duplicate(change, change.event.get(call::oldfd), fd, cloexec);
  note_pipe_end(*change.thread, fd);
}

void on_fcntl(const Change& change) {
  namespace call = param::fcntl_exit;
  // Commands as stored in traces.
  constexpr uint8_t dupfd = 1, setfd = 3, dupfd_cloexec = 26;
  const Event& event = change.event;
  const int64_t res = event.get(call::res);
  if (res < 0) return;
  const int64_t fd = event.get(call::fd);
  const uint8_t command = event.get(call::cmd);
  if (command == dupfd || command == dupfd_cloexec) {
    duplicate(change, fd, res, command == dupfd_cloexec);
  } else if (command == setfd && event.has(call::arg)) {
    const bool cloexec = (event.get(call::arg) & 1) != 0;
    const Descriptor* known = change.fds().find(fd);
    if (known == nullptr || ((known->open_flags & o_cloexec) != 0) == cloexec) return;
    Descriptor* descriptor = change.thread->fds->modify(fd);
    if (descriptor == nullptr) return;
    if (cloexec)
      descriptor->open_flags |= o_cloexec;
    else
      descriptor->open_flags &= ~o_cloexec;
  }
}

}  // namespace gyr::handlers
