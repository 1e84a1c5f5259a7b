#include "decoder/handlers/handlers.hpp"

#include <array>

namespace gyr {

namespace {

namespace type = schema::type;

/// What a handler is like.
enum Nature : uint8_t {
  self_contained = 1u << 0,   // needs nothing of the enter event, whatever the event's age
  changes_process = 1u << 1,  // changes what a thread or process is, or the names of users
};

struct Entry {
  uint16_t id;
  Handler handler;
  uint8_t nature = 0;
};

constexpr Entry entries[] = {
    {type::clone_20_exit, handlers::on_clone, self_contained | changes_process},
    {type::clone3_exit, handlers::on_clone, self_contained | changes_process},
    {type::fork_20_exit, handlers::on_clone, self_contained | changes_process},
    {type::vfork_20_exit, handlers::on_vfork, self_contained | changes_process},
    {type::execve_19_exit, handlers::on_execve, changes_process},
    {type::execveat_exit, handlers::on_execveat, changes_process},
    {type::procexit_1_enter, handlers::on_procexit, changes_process},

    {type::chdir_exit, handlers::on_chdir, self_contained | changes_process},
    {type::fchdir_exit, handlers::on_fchdir, changes_process},
    {type::getcwd_exit, handlers::on_getcwd, self_contained | changes_process},
    {type::chroot_exit, handlers::on_chroot, self_contained | changes_process},
    {type::setsid_exit, handlers::on_setsid, self_contained | changes_process},
    {type::setuid_exit, handlers::on_setuid, changes_process},
    {type::setgid_exit, handlers::on_setgid, changes_process},
    {type::setresuid_exit, handlers::on_setresuid, changes_process},
    {type::setresgid_exit, handlers::on_setresgid, changes_process},
    {type::setreuid_exit, handlers::on_setreuid, changes_process},
    {type::setregid_exit, handlers::on_setregid, changes_process},
    {type::capset_exit, handlers::on_capset, changes_process},
    {type::unshare_exit, handlers::on_unshare, changes_process},
    {type::setns_exit, handlers::on_setns, changes_process},
    {type::prctl_exit, handlers::on_prctl, changes_process},
    {type::getrlimit_exit, handlers::on_getrlimit},
    {type::setrlimit_exit, handlers::on_setrlimit},
    {type::prlimit_exit, handlers::on_prlimit},
    {type::brk_4_exit, handlers::on_brk, self_contained},
    {type::mmap_exit, handlers::on_mmap, self_contained},
    {type::mmap2_exit, handlers::on_mmap2, self_contained},
    {type::munmap_exit, handlers::on_munmap, self_contained},
    {type::schedswitch_6_enter, handlers::on_switch},

    {type::open_exit, handlers::on_open},
    {type::openat_2_exit, handlers::on_openat},
    {type::openat2_exit, handlers::on_openat2},
    {type::creat_exit, handlers::on_creat},
    {type::open_by_handle_at_exit, handlers::on_open_by_handle_at},
    {type::close_enter, handlers::on_close_enter},
    {type::close_exit, handlers::on_close},
    {type::close_range_exit, handlers::on_close_range},
    {type::dup_1_exit, handlers::on_dup},
    {type::dup2_exit, handlers::on_dup2},
    {type::dup3_exit, handlers::on_dup3},
    {type::fcntl_exit, handlers::on_fcntl},

    {type::pipe_exit, handlers::on_pipe},
    {type::pipe2_exit, handlers::on_pipe2},
    {type::eventfd_exit, handlers::on_eventfd},
    {type::eventfd2_exit, handlers::on_eventfd2},
    {type::signalfd_exit, handlers::on_signalfd},
    {type::signalfd4_exit, handlers::on_signalfd4},
    {type::timerfd_create_exit, handlers::on_timerfd_create},
    {type::inotify_init_exit, handlers::on_inotify_init},
    {type::inotify_init1_exit, handlers::on_inotify_init1},
    {type::epoll_create_exit, handlers::on_epoll_create},
    {type::epoll_create1_exit, handlers::on_epoll_create1},
    {type::bpf_2_exit, handlers::on_bpf},
    {type::userfaultfd_exit, handlers::on_userfaultfd},
    {type::io_uring_setup_exit, handlers::on_io_uring_setup},
    {type::memfd_create_exit, handlers::on_memfd_create},
    {type::pidfd_open_exit, handlers::on_pidfd_open},
    {type::pidfd_getfd_exit, handlers::on_pidfd_getfd},

    {type::socket_exit, handlers::on_socket},
    {type::socketpair_exit, handlers::on_socketpair},
    {type::bind_exit, handlers::on_bind},
    {type::connect_enter, handlers::on_connect_enter},
    {type::connect_exit, handlers::on_connect},
    {type::accept_5_exit, handlers::on_accept},
    {type::accept4_6_exit, handlers::on_accept4},
    {type::send_exit, handlers::on_send},
    {type::sendto_exit, handlers::on_sendto},
    {type::sendmsg_exit, handlers::on_sendmsg},
    {type::sendmmsg_exit, handlers::on_sendmmsg},
    {type::recv_exit, handlers::on_recv},
    {type::recvfrom_exit, handlers::on_recvfrom},
    {type::recvmsg_exit, handlers::on_recvmsg},
    {type::recvmmsg_exit, handlers::on_recvmmsg},

    {type::user_added_enter, handlers::on_user_added, changes_process},
    {type::user_deleted_enter, handlers::on_user_deleted, changes_process},
    {type::group_added_enter, handlers::on_group_added, changes_process},
    {type::group_deleted_enter, handlers::on_group_deleted, changes_process},

    {type::container_json_2_enter, handlers::on_container, self_contained | changes_process},
    {type::asyncevent_enter, handlers::on_async_event, self_contained | changes_process},
};

constexpr auto by_id = [] {
  std::array<Entry, schema::event_count> table{};
  for (const Entry& entry : entries) table[entry.id] = entry;
  return table;
}();

}  // namespace

bool handler_uses_enter(uint16_t today_id) {
  return today_id < by_id.size() && by_id[today_id].handler != nullptr &&
         (by_id[today_id].nature & self_contained) == 0;
}

bool handler_changes_process(uint16_t today_id) {
  return today_id < by_id.size() && (by_id[today_id].nature & changes_process) != 0;
}

Handler find_handler(uint16_t today_id) {
  return today_id < by_id.size() ? by_id[today_id].handler : nullptr;
}

}  // namespace gyr
