// Calls that change what a thread or process is: directory, ids, capabilities, limits, memory.
#include "decoder/handlers/handlers.hpp"
#include "decoder/paths.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

namespace param = schema::param;

constexpr uint64_t all_capabilities = (uint64_t{1} << 41) - 1;
constexpr uint8_t rlimit_nofile = 7;
constexpr uint32_t prctl_set_child_subreaper = 36, prctl_get_child_subreaper = 37;

void set_cwd(Thread& thread, std::string_view directory, std::string_view path) {
  if (!thread.process) return;
  Text cwd;
  append_joined(cwd, directory, path);
  if (cwd.empty() || cwd.view().back() != '/') cwd.append('/');
  thread.process->cwd = SharedText(cwd.view());
}

/// In setreuid and its like: as it is.
constexpr uint32_t unchanged_id = 0xffffffff;

template <class T>
void set_id(const Change& change, schema::Field<int64_t> res, schema::Field<T> field,
            uint32_t& to) {
  if (change.event.get(res) != 0 || !change.event.has(field)) return;
  if (const uint32_t id = change.event.get(field); id != unchanged_id) to = id;
}

/// Old forms of the events do not have it.
void set_memory(const Change& change, schema::Field<uint32_t> size, schema::Field<uint32_t> rss,
                schema::Field<uint32_t> swap) {
  const Event& event = change.event;
  if (!change.thread->process || !event.recorded(size)) return;
  change.thread->process->vmsize_kb = event.get(size);
  change.thread->process->vmrss_kb = event.get(rss);
  change.thread->process->vmswap_kb = event.get(swap);
}

void set_fdlimit(Thread& thread, int64_t limit) {
  if (thread.process && limit != -1) thread.process->fdlimit = limit;
}

void gain_all_capabilities(Thread& thread) {
  thread.cap_inheritable = thread.cap_permitted = thread.cap_effective = all_capabilities;
}

}  // namespace

void on_chdir(const Change& change) {
  namespace call = param::chdir_exit;
  if (change.event.get(call::res) < 0 || !change.event.has(call::path)) return;
  set_cwd(*change.thread, change.thread->cwd(), change.event.get(call::path));
}

void on_fchdir(const Change& change) {
  namespace call = param::fchdir_exit;
  if (change.event.get(call::res) < 0) return;
  const Descriptor* directory = change.fds().find(change.event.get(call::fd));
  if (directory != nullptr && !directory->name.empty())
    set_cwd(*change.thread, {}, directory->name.view());
}

void on_getcwd(const Change& change) {
  namespace call = param::getcwd_exit;
  if (change.event.get(call::res) < 0 || !change.event.has(call::path)) return;
  set_cwd(*change.thread, {}, change.event.get(call::path));
}

void on_chroot(const Change& change) {
  namespace call = param::chroot_exit;
  if (change.event.get(call::res) != 0) return;
  Text root;
  append_joined(root, change.thread->cwd(), change.event.get(call::path));
  change.thread->root = SharedText(root.view());
}

void on_setsid(const Change& change) {
  const int64_t sid = change.event.get(param::setsid_exit::res);
  if (sid >= 0) change.thread->sid = sid;
}

void on_setuid(const Change& change) {
  namespace call = param::setuid_exit;
  set_id(change, call::res, call::uid, change.thread->uid);
}
void on_setgid(const Change& change) {
  namespace call = param::setgid_exit;
  set_id(change, call::res, call::gid, change.thread->gid);
}
void on_setresuid(const Change& change) {
  namespace call = param::setresuid_exit;
  set_id(change, call::res, call::euid, change.thread->uid);
}
void on_setresgid(const Change& change) {
  namespace call = param::setresgid_exit;
  set_id(change, call::res, call::egid, change.thread->gid);
}
void on_setreuid(const Change& change) {
  namespace call = param::setreuid_exit;
  set_id(change, call::res, call::euid, change.thread->uid);
}
void on_setregid(const Change& change) {
  namespace call = param::setregid_exit;
  set_id(change, call::res, call::egid, change.thread->gid);
}

void on_capset(const Change& change) {
  namespace call = param::capset_exit;
  const Event& event = change.event;
  if (event.get(call::res) < 0) return;
  change.thread->cap_inheritable = event.get(call::cap_inheritable);
  change.thread->cap_permitted = event.get(call::cap_permitted);
  change.thread->cap_effective = event.get(call::cap_effective);
}

void on_unshare(const Change& change) {
  namespace call = param::unshare_exit;
  if (change.event.get(call::res) < 0) return;
  if ((change.event.get(call::flags) & clone_newuser) != 0) gain_all_capabilities(*change.thread);
}

void on_setns(const Change& change) {
  namespace call = param::setns_exit;
  if (change.event.get(call::res) < 0) return;
  if ((change.event.get(call::nstype) & clone_newuser) != 0) gain_all_capabilities(*change.thread);
}

void on_prctl(const Change& change) {
  namespace call = param::prctl_exit;
  const Event& event = change.event;
  if (event.get(call::res) < 0 || !change.thread->process) return;
  const uint32_t option = event.get(call::option);
  if (option == prctl_set_child_subreaper || option == prctl_get_child_subreaper)
    change.thread->process->is_reaper = event.get(call::arg2_int) != 0;
}

void on_getrlimit(const Change& change) {
  namespace call = param::getrlimit_exit;
  const Event& event = change.event;
  if (event.get(call::res) >= 0 && event.get(call::resource) == rlimit_nofile)
    set_fdlimit(*change.thread, event.get(call::cur));
}

void on_setrlimit(const Change& change) {
  namespace call = param::setrlimit_exit;
  const Event& event = change.event;
  if (event.get(call::res) >= 0 && event.get(call::resource) == rlimit_nofile)
    set_fdlimit(*change.thread, event.get(call::cur));
}

void on_prlimit(const Change& change) {
  namespace call = param::prlimit_exit;
  const Event& event = change.event;
  if (event.get(call::res) < 0 || event.get(call::resource) != rlimit_nofile) return;
  const int64_t pid = event.get(call::pid);
  Thread* target = pid == 0 ? change.thread : change.state.threads.find(pid);
  if (target != nullptr) set_fdlimit(*target, event.get(call::newcur));
}

void on_brk(const Change& change) {
  namespace call = param::brk_4_exit;
  set_memory(change, call::vm_size, call::vm_rss, call::vm_swap);
}
void on_mmap(const Change& change) {
  namespace call = param::mmap_exit;
  set_memory(change, call::vm_size, call::vm_rss, call::vm_swap);
}
void on_mmap2(const Change& change) {
  namespace call = param::mmap2_exit;
  set_memory(change, call::vm_size, call::vm_rss, call::vm_swap);
}
void on_munmap(const Change& change) {
  namespace call = param::munmap_exit;
  set_memory(change, call::vm_size, call::vm_rss, call::vm_swap);
}

void on_switch(const Change& change) {
  namespace sched = param::schedswitch_6_enter;
  const Event& event = change.event;
  if (change.thread == nullptr || !event.recorded(sched::pgft_maj)) return;
  change.thread->pfmajor = event.get(sched::pgft_maj);
  change.thread->pfminor = event.get(sched::pgft_min);
  set_memory(change, sched::vm_size, sched::vm_rss, sched::vm_swap);
}

}  // namespace gyr::handlers
