#include "decoder/handlers/handlers.hpp"

#include <array>

namespace gyr {

namespace {

namespace type = schema::type;

struct Entry {
  uint16_t id;
  Handler handler;
  bool self_contained = false;  // needs nothing of the enter event, whatever the event's age
};

constexpr bool self_contained = true;

constexpr Entry entries[] = {
    {type::clone_20_exit, handlers::on_clone, self_contained},
    {type::clone3_exit, handlers::on_clone, self_contained},
    {type::fork_20_exit, handlers::on_clone, self_contained},
    {type::vfork_20_exit, handlers::on_vfork, self_contained},
    {type::execve_19_exit, handlers::on_execve},
    {type::execveat_exit, handlers::on_execveat},
    {type::procexit_1_enter, handlers::on_procexit},

    {type::chdir_exit, handlers::on_chdir, self_contained},
    {type::fchdir_exit, handlers::on_fchdir},
    {type::getcwd_exit, handlers::on_getcwd, self_contained},
    {type::chroot_exit, handlers::on_chroot, self_contained},
    {type::setsid_exit, handlers::on_setsid, self_contained},
    {type::setuid_exit, handlers::on_setuid},
    {type::setgid_exit, handlers::on_setgid},
    {type::setresuid_exit, handlers::on_setresuid},
    {type::setresgid_exit, handlers::on_setresgid},
    {type::setreuid_exit, handlers::on_setreuid},
    {type::setregid_exit, handlers::on_setregid},
    {type::capset_exit, handlers::on_capset},
    {type::unshare_exit, handlers::on_unshare},
    {type::setns_exit, handlers::on_setns},
    {type::prctl_exit, handlers::on_prctl},
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

    {type::user_added_enter, handlers::on_user_added},
    {type::user_deleted_enter, handlers::on_user_deleted},
    {type::group_added_enter, handlers::on_group_added},
    {type::group_deleted_enter, handlers::on_group_deleted},

    {type::container_json_2_enter, handlers::on_container, self_contained},
    {type::asyncevent_enter, handlers::on_async_event, self_contained},
};

constexpr auto by_id = [] {
  std::array<Entry, schema::event_count> table{};
  for (const Entry& entry : entries) table[entry.id] = entry;
  return table;
}();

}  // namespace

bool handler_uses_enter(uint16_t today_id) {
  return today_id < by_id.size() && by_id[today_id].handler != nullptr &&
         !by_id[today_id].self_contained;
}

Handler find_handler(uint16_t today_id) {
  return today_id < by_id.size() ? by_id[today_id].handler : nullptr;
}

}  // namespace gyr
