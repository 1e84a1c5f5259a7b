// Calls that return descriptors without a path: pipes, event descriptors, pidfds and so on.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "decoder/handlers/fd_changes.hpp"
#include "decoder/handlers/handlers.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

namespace param = schema::param;

void add_result(const Change& change, int64_t fd, FdType type, uint32_t open_flags = 0) {
  if (fd >= 0) add_fd(change, fd, type, open_flags);
}

void add_pipe(const Change& change, int64_t fd1, int64_t fd2, uint64_t ino, uint32_t open_flags) {
  for (const int64_t fd : {fd1, fd2}) {
    auto end = make_ref<Descriptor>();
    end->type = FdType::fifo;
    end->ino = ino;
    end->open_flags = open_flags;
    add_fd(change, fd, std::move(end));
  }
}

}  // namespace

void on_pipe(const Change& change) {
  namespace call = param::pipe_exit;
  const Event& e = change.event;
  if (e.get(call::res) < 0) return;
  add_pipe(change, e.get(call::fd1), e.get(call::fd2), e.get(call::ino), 0);
}

void on_pipe2(const Change& change) {
  namespace call = param::pipe2_exit;
  const Event& e = change.event;
  if (e.get(call::res) < 0) return;
  add_pipe(change, e.get(call::fd1), e.get(call::fd2), e.get(call::ino), e.get(call::flags));
}

void on_eventfd(const Change& change) {
  add_result(change, change.event.get(param::eventfd_exit::res), FdType::eventfd);
}

void on_eventfd2(const Change& change) {
  namespace call = param::eventfd2_exit;
  add_result(change, change.event.get(call::res), FdType::eventfd, change.event.get(call::flags));
}

void on_signalfd(const Change& change) {
  add_result(change, change.event.get(param::signalfd_exit::res), FdType::signalfd);
}

void on_signalfd4(const Change& change) {
  namespace call = param::signalfd4_exit;
  add_result(change, change.event.get(call::res), FdType::signalfd, change.event.get(call::flags));
}

void on_timerfd_create(const Change& change) {
  namespace call = param::timerfd_create_exit;
  add_result(change, change.event.get(call::res), FdType::timerfd, change.event.get(call::flags));
}

void on_inotify_init(const Change& change) {
  add_result(change, change.event.get(param::inotify_init_exit::res), FdType::inotify);
}

void on_inotify_init1(const Change& change) {
  namespace call = param::inotify_init1_exit;
  add_result(change, change.event.get(call::res), FdType::inotify, change.event.get(call::flags));
}

void on_epoll_create(const Change& change) {
  add_result(change, change.event.get(param::epoll_create_exit::res), FdType::eventpoll);
}

void on_epoll_create1(const Change& change) {
  namespace call = param::epoll_create1_exit;
  constexpr uint32_t epoll_cloexec = 1;
  const bool cloexec = (change.event.get(call::flags) & epoll_cloexec) != 0;
  add_result(change, change.event.get(call::res), FdType::eventpoll, cloexec ? o_cloexec : 0);
}

void on_bpf(const Change& change) {
  namespace call = param::bpf_2_exit;
  // Commands whose result is a descriptor; that of the others is a status.
  constexpr uint32_t returning_fd[] = {0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33};
  const Event& e = change.event;
  if (!e.has(call::cmd)) return;
  const uint32_t command = e.get(call::cmd);
  const bool returns_fd = std::find(std::begin(returning_fd), std::end(returning_fd), command) !=
                          std::end(returning_fd);
  if (!returns_fd) return;
  Bytes fd = e.bytes(call::fd);
  if (fd.size() == 1 + sizeof(int64_t)) fd = fd.subspan(1);  // once a dyn with its tag in front
  add_result(change, Event::value<int64_t>(fd), FdType::bpf);
}

void on_userfaultfd(const Change& change) {
  namespace call = param::userfaultfd_exit;
  add_result(change, change.event.get(call::res), FdType::userfaultfd,
             change.event.get(call::flags));
}

void on_io_uring_setup(const Change& change) {
  add_result(change, change.event.get(param::io_uring_setup_exit::res), FdType::io_uring);
}

void on_memfd_create(const Change& change) {
  namespace call = param::memfd_create_exit;
  constexpr uint32_t memfd_cloexec = 1;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  auto memfd = make_ref<Descriptor>();
  memfd->type = FdType::memfd;
  memfd->name = descriptor_name(e.get(call::name));
  memfd->open_flags = (e.get(call::flags) & memfd_cloexec) != 0 ? o_cloexec : 0;
  add_fd(change, e.get(call::fd), std::move(memfd));
}

void on_pidfd_open(const Change& change) {
  namespace call = param::pidfd_open_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  auto pidfd = make_ref<Descriptor>();
  pidfd->type = FdType::pidfd;
  pidfd->pid = e.get(call::pid);
  pidfd->name = SharedText(fmt::format("/proc/{}", pidfd->pid));
  pidfd->open_flags = o_cloexec;  // the kernel always sets it
  add_fd(change, e.get(call::fd), std::move(pidfd));
}

void on_pidfd_getfd(const Change& change) {
  namespace call = param::pidfd_getfd_exit;
  const Event& e = change.event;
  if (e.get(call::fd) < 0) return;
  const Descriptor* pidfd = change.fds().find(e.get(call::pid_fd));
  if (pidfd == nullptr || pidfd->pid < 0) return;
  const Thread* target = change.state.threads.find(pidfd->pid);
  const Descriptor* theirs =
      target != nullptr ? target->fds->find(e.get(call::target_fd)) : nullptr;
  if (theirs == nullptr) return;
  auto copy = make_ref<Descriptor>(*theirs);
  copy->open_flags |= o_cloexec;
  set_fd(change, e.get(call::fd), std::move(copy));
}

}  // namespace gyr::handlers
