// What each event does to the state: one function per kind of event, in one table.
//
// Contract: handlers are called with events in today's form (Event::get), after the thread was
// found; `change.thread` is null only for clone exits, switches and procexit of unknown threads.
// They alone change the state. To add one: write the function in the file it belongs to, declare
// it here and add a line to the table in handlers.cpp.
#pragma once

#include <cstdint>

#include "decoder/decoder.hpp"

namespace gyr {

/// For an event id in today's form; nullptr when it changes nothing.
Handler find_handler(uint16_t today_id);

/// Whether the handler of an exit event may look at parameters of its enter event.
bool handler_uses_enter(uint16_t today_id);
/// Whether it changes what threads or processes are (not only their descriptors or memory sizes),
/// or the names of users.
bool handler_changes_process(uint16_t today_id);

namespace handlers {

// processes.cpp
void on_clone(const Change& change);
void on_vfork(const Change& change);
void on_execve(const Change& change);
void on_execveat(const Change& change);
void on_procexit(const Change& change);
/// Takes an exited thread out of the state, after its procexit has been shown.
void remove_exited(State& state, Thread& thread, uint64_t ts);

// attributes.cpp
void on_chdir(const Change& change);
void on_fchdir(const Change& change);
void on_getcwd(const Change& change);
void on_chroot(const Change& change);
void on_setsid(const Change& change);
void on_setuid(const Change& change);
void on_setgid(const Change& change);
void on_setresuid(const Change& change);
void on_setresgid(const Change& change);
void on_setreuid(const Change& change);
void on_setregid(const Change& change);
void on_capset(const Change& change);
void on_unshare(const Change& change);
void on_setns(const Change& change);
void on_prctl(const Change& change);
void on_getrlimit(const Change& change);
void on_setrlimit(const Change& change);
void on_prlimit(const Change& change);
void on_brk(const Change& change);
void on_mmap(const Change& change);
void on_mmap2(const Change& change);
void on_munmap(const Change& change);
void on_switch(const Change& change);

// files.cpp
void on_open(const Change& change);
void on_openat(const Change& change);
void on_openat2(const Change& change);
void on_creat(const Change& change);
void on_open_by_handle_at(const Change& change);
void on_close_enter(const Change& change);
void on_close(const Change& change);
void on_close_range(const Change& change);
void on_dup(const Change& change);
void on_dup2(const Change& change);
void on_dup3(const Change& change);
void on_fcntl(const Change& change);

// anonymous_fds.cpp
void on_pipe(const Change& change);
void on_pipe2(const Change& change);
void on_eventfd(const Change& change);
void on_eventfd2(const Change& change);
void on_signalfd(const Change& change);
void on_signalfd4(const Change& change);
void on_timerfd_create(const Change& change);
void on_inotify_init(const Change& change);
void on_inotify_init1(const Change& change);
void on_epoll_create(const Change& change);
void on_epoll_create1(const Change& change);
void on_bpf(const Change& change);
void on_userfaultfd(const Change& change);
void on_io_uring_setup(const Change& change);
void on_memfd_create(const Change& change);
void on_pidfd_open(const Change& change);
void on_pidfd_getfd(const Change& change);

// socket_calls.cpp
void on_socket(const Change& change);
void on_socketpair(const Change& change);
void on_bind(const Change& change);
void on_connect_enter(const Change& change);
void on_connect(const Change& change);
void on_accept(const Change& change);
void on_accept4(const Change& change);
void on_send(const Change& change);
void on_sendto(const Change& change);
void on_sendmsg(const Change& change);
void on_sendmmsg(const Change& change);
void on_recv(const Change& change);
void on_recvfrom(const Change& change);
void on_recvmsg(const Change& change);
void on_recvmmsg(const Change& change);

// users.cpp
void on_user_added(const Change& change);
void on_user_deleted(const Change& change);
void on_group_added(const Change& change);
void on_group_deleted(const Change& change);

// container_events.cpp
void on_container(const Change& change);
void on_async_event(const Change& change);

}  // namespace handlers
}  // namespace gyr
