// clone, fork, vfork, execve, exit: threads come, change and go.
#include <algorithm>

#include "decoder/containers.hpp"
#include "decoder/handlers/fd_changes.hpp"
#include "decoder/handlers/handlers.hpp"
#include "decoder/paths.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

namespace clone = schema::param::clone_20_exit;
namespace exec = schema::param::execve_19_exit;

constexpr uint32_t execveat_empty_path = 1;  // AT_EMPTY_PATH among the flags of execveat
// A clone event that comes this long after a thread was made is about another thread.
constexpr uint64_t stale_after = 2'000'000'000;
constexpr size_t max_blob =
    4096;  // of arguments, environment and cgroups, as their writers cut them

SharedText blob(Bytes bytes) {
  return SharedText(as_text(bytes.first(std::min(bytes.size(), max_blob))));
}

SharedText name_of(std::string_view text) { return SharedText(text.substr(0, max_blob)); }

/// What both clone events say about the thread that returned from the call.
void fill_from_clone(Thread& thread, const Event& event) {
  thread.exe = name_of(event.get(clone::exe));
  const std::string_view comm = event.get(clone::comm);
  thread.comm = (comm.empty() ? event.get(clone::exe) : comm).substr(0, max_comm);
  thread.args = blob(event.get(clone::args));
  if (event.has(clone::cgroups)) {
    thread.cgroups = blob(event.get(clone::cgroups));
    thread.container_id = SharedText(container_id_from_cgroups(thread.cgroups.view()));
  }
  thread.uid = event.get(clone::uid);
  thread.gid = event.get(clone::gid);
  thread.pfmajor = event.get(clone::pgft_maj);
  thread.pfminor = event.get(clone::pgft_min);
}

void fill_process_from_clone(Process& process, const Event& event) {
  process.fdlimit = event.get(clone::fdlimit);
  process.vmsize_kb = event.get(clone::vm_size);
  process.vmrss_kb = event.get(clone::vm_rss);
  process.vmswap_kb = event.get(clone::vm_swap);
}

/// What a child takes over from the thread that made it, beyond the event's own parameters.
void inherit(Thread& child, const Thread& from) {
  child.exepath = from.exepath;
  child.root = from.root;
  child.sid = from.sid;
  child.vpgid = from.vpgid;
  child.pgid = from.pgid;
  child.tty = from.tty;
  child.loginuid = from.loginuid;
  child.cap_inheritable = from.cap_inheritable;
  child.cap_permitted = from.cap_permitted;
  child.cap_effective = from.cap_effective;
  child.exe_writable = from.exe_writable;
  child.exe_upper_layer = from.exe_upper_layer;
  child.exe_lower_layer = from.exe_lower_layer;
  child.exe_from_memfd = from.exe_from_memfd;
  child.exe_ino = from.exe_ino;
  child.exe_ino_ctime = from.exe_ino_ctime;
  child.exe_ino_mtime = from.exe_ino_mtime;
  if (child.cgroups.empty()) {
    child.cgroups = from.cgroups;
    child.container_id = from.container_id;
  }
}

/// Puts a new child into its process, with the descriptors that its clone flags give it.
void settle(State& state, Thread& child, Thread* from, const Event& event) {
  const bool is_thread = (child.flags & clone_thread) != 0;
  if (from != nullptr) {
    inherit(child, *from);
    const bool shares_fds = is_thread || (child.flags & clone_files) != 0;
    child.fds = shares_fds ? from->fds : make_ref<FdTable>(*from->fds);
  }
  if (is_thread) {
    child.flags |= clone_files;
    if (from != nullptr) child.lastexec_ts = from->lastexec_ts;
    // Through the caller also where the main thread was never seen.
    if (from != nullptr && from->process && from->pid == child.pid)
      state.threads.set_process(child, from->process);
    else
      state.join_process(child);
  } else {
    auto process = make_ref<Process>();
    process->pid = child.pid;
    if (from != nullptr && from->process) {
      process->cwd = from->process->cwd;
      process->env = from->process->env;
    }
    fill_process_from_clone(*process, event);
    process->is_reaper = child.vpid == 1;
    state.threads.set_process(child, std::move(process));
  }
  child.clone_ts = event.raw().ts;
  state.link_parent(child);
}

/// A thread that only its tid was known of is as the event says: the caller's, or its process's.
void fill_placeholder(State& state, Thread& thread, const Event& event) {
  thread.pid = event.get(clone::pid);
  thread.ptid = event.get(clone::ptid);
  thread.vtid = event.has(clone::vtid) ? event.get(clone::vtid) : thread.tid;
  thread.vpid = event.has(clone::vpid) ? event.get(clone::vpid) : thread.pid;
  if (thread.pid < 0) return;
  fill_from_clone(thread, event);
  state.join_process(thread);
  fill_process_from_clone(*thread.process, event);
  state.link_parent(thread);
}

/// The parent's side: makes the child if its own event will not do it better.
void caller_side(const Change& change, int64_t child_tid, bool is_vfork) {
  State& state = change.state;
  const Event& event = change.event;
  const int64_t caller_tid = event.raw().tid;
  Thread* caller = state.threads.find(caller_tid);
  if (caller == nullptr) caller = &state.threads.create(caller_tid);
  if (caller->is_placeholder()) fill_placeholder(state, *caller, event);
  const uint32_t flags = event.get(clone::flags);
  // The result is then a number of an inner namespace, or the child has another parent.
  const bool inner_tid =
      (flags & (child_in_pidns | clone_newpid | clone_parent)) != 0 || caller->vtid != caller_tid;
  if (inner_tid || is_vfork || (flags & clone_vfork) != 0) return;
  const bool is_thread = (flags & clone_thread) != 0;
  const int64_t parent_tid = is_thread ? event.get(clone::ptid) : caller_tid;
  if (state.recent_exits.contains(parent_tid, child_tid, event.raw().ts)) return;
  if (Thread* existing = state.threads.find(child_tid)) {
    const bool its_own_event_came_first =
        (existing->flags & thread_inverted) != 0 && !existing->dead;
    if (its_own_event_came_first || existing == caller) return;
    state.threads.erase(*existing);
  }
  Thread& child = state.threads.create(child_tid);
  // Making room may have evicted the caller.
  caller = state.threads.find(caller_tid);
  child.flags = flags;
  child.pid = is_thread ? event.get(clone::pid) : child_tid;
  child.ptid = parent_tid;
  child.made_by = is_thread ? caller_tid : -1;
  child.vtid = child.tid;
  child.vpid = child.pid;
  fill_from_clone(child, event);
  settle(state, child, caller, event);
  child.pidns_init_start_ts = state.machine.boot_ts;
}

/// What a thread shows of its process, whose main thread was not seen yet.
void fill_main_thread(State& state, const Event& event) {
  const int64_t pid = event.get(clone::pid);
  if (pid < 0 || pid == event.raw().tid) return;
  Thread* known = state.threads.find(pid);
  if (known != nullptr && !known->is_placeholder()) return;
  Thread& main = known != nullptr ? *known : state.threads.create(pid);
  fill_placeholder(state, main, event);
  main.vtid = main.vpid;
}

/// The child's side.
void child_side(const Change& change) {
  State& state = change.state;
  const Event& event = change.event;
  const int64_t tid = event.raw().tid;
  if (Thread* existing = state.threads.find(tid)) {
    // Clocks of CPUs differ: the child's event can have the earlier time.
    const bool fresh = existing->clone_ts != 0 && !existing->dead &&
                       event.raw().ts - existing->clone_ts + stale_after < 2 * stale_after;
    if (fresh) return;
    state.threads.erase(*existing);
  }
  const uint32_t flags = event.get(clone::flags);
  const bool is_thread = (flags & clone_thread) != 0;
  if (is_thread) fill_main_thread(state, event);
  Thread& child = state.threads.create(tid);
  child.flags = flags | thread_inverted;
  child.pid = event.get(clone::pid);
  child.ptid = event.get(clone::ptid);
  child.vtid = event.has(clone::vtid) ? event.get(clone::vtid) : tid;
  child.vpid = event.has(clone::vpid) ? event.get(clone::vpid) : child.pid;
  fill_from_clone(child, event);
  if (is_thread) child.made_by = child.pid;
  Thread* from = state.threads.find(is_thread ? child.pid : child.ptid);
  settle(state, child, from == &child ? nullptr : from, event);
  const bool inner = (child.flags & (child_in_pidns | clone_newpid)) != 0 || child.vtid != tid;
  child.pidns_init_start_ts =
      state.machine.boot_ts + (inner ? event.get(clone::pidns_init_start_ts) : 0);
}

void clone_or_fork(const Change& change, bool is_vfork) {
  const int64_t res = change.event.get(clone::res);
  if (res > 0) caller_side(change, res, is_vfork);
  if (res == 0) child_side(change);
}

/// Before a thread is given another parent.
void note_left(Thread& child) {
  if (child.left_by == -1) child.left_by = child.ptid;
}

/// Threads of a process do not survive an execve by one of them, which adopts their children.
void remove_other_threads(State& state, Thread& thread) {
  if (!thread.process) return;
  std::vector<Thread*> others = thread.process->threads;
  std::erase(others, &thread);
  for (Thread* other : others) {
    while (Thread* child = other->first_child) {
      const bool itself = child == &thread;
      note_left(*child);
      child->ptid = itself ? 0 : thread.tid;
      state.threads.set_parent(*child, itself ? nullptr : &thread);
    }
    state.threads.erase(*other);
  }
}

void close_on_exec(Thread& thread) {
  if (thread.fds.shared()) thread.fds = make_ref<FdTable>(*thread.fds);
  std::vector<int64_t> closed;
  thread.fds->for_each([&](int64_t fd, const Descriptor& descriptor) {
    if ((descriptor.open_flags & o_cloexec) != 0) closed.push_back(fd);
  });
  for (const int64_t fd : closed) thread.fds->erase(fd);
}

template <class T, class To>
void set_if_there(const Event& event, schema::Field<T> field, To& to) {
  if (event.has(field)) to = event.get(field);
}

void set_credentials_from_exec(Thread& thread, const Event& event) {
  set_if_there(event, exec::tty, thread.tty);
  set_if_there(event, exec::vpgid, thread.vpgid);
  set_if_there(event, exec::loginuid, thread.loginuid);
  set_if_there(event, exec::cap_inheritable, thread.cap_inheritable);
  set_if_there(event, exec::cap_permitted, thread.cap_permitted);
  set_if_there(event, exec::cap_effective, thread.cap_effective);
  set_if_there(event, exec::exe_ino, thread.exe_ino);
  set_if_there(event, exec::exe_ino_ctime, thread.exe_ino_ctime);
  set_if_there(event, exec::exe_ino_mtime, thread.exe_ino_mtime);
  set_if_there(event, exec::uid, thread.uid);
  set_if_there(event, exec::gid, thread.gid);
  thread.pgid = event.has(exec::pgid) ? event.get(exec::pgid) : -1;
  if (!event.has(exec::flags)) return;
  const uint32_t flags = event.get(exec::flags);
  thread.exe_writable = (flags & 1u) != 0;
  thread.exe_upper_layer = (flags & 2u) != 0;
  thread.exe_from_memfd = (flags & 4u) != 0;
  thread.exe_lower_layer = (flags & 8u) != 0;
}

void set_image_from_exec(Thread& thread, const Event& event) {
  thread.exe = name_of(event.get(exec::exe));
  const std::string_view comm = event.get(exec::comm);
  thread.comm = (comm.empty() ? event.get(exec::exe) : comm).substr(0, max_comm);
  thread.args = blob(event.get(exec::args));
  set_if_there(event, exec::pgft_maj, thread.pfmajor);
  set_if_there(event, exec::pgft_min, thread.pfminor);
  if (event.has(exec::cgroups)) {
    thread.cgroups = blob(event.get(exec::cgroups));
    thread.container_id = SharedText(container_id_from_cgroups(thread.cgroups.view()));
  }
  if (thread.process) {
    Process& process = *thread.process;
    set_if_there(event, exec::fdlimit, process.fdlimit);
    set_if_there(event, exec::vm_size, process.vmsize_kb);
    set_if_there(event, exec::vm_rss, process.vmrss_kb);
    set_if_there(event, exec::vm_swap, process.vmswap_kb);
    if (event.has(exec::env)) process.env = blob(event.get(exec::env));
  }
}

void set_exepath(Thread& thread, std::string_view path) {
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.remove_suffix(deleted.size());
  thread.exepath = SharedText(path);
}

/// The path of the program when the event does not name it, from the enter event.
void exepath_from_enter(Thread& thread) {
  namespace at = schema::param::execveat_enter;
  const PendingEnter& enter = thread.enter;
  if (!enter.kept) return;
  const bool is_at = enter.type == schema::type::execveat_enter;
  const std::string_view filename = entered_path(enter, is_at ? at::pathname.index : 0);
  const auto dirfd =
      is_at ? static_cast<int64_t>(entered_number(enter, at::dirfd.index)) : at_fdcwd;
  const bool is_directory =
      is_at && (entered_number(enter, at::flags.index) & execveat_empty_path) != 0;
  Text directory, path;
  if (!filename.starts_with('/')) append_directory(directory, thread, dirfd);
  if (filename.empty() && !is_directory)
    path.append(not_available);
  else
    append_joined(path, directory.view(), filename);
  set_exepath(thread, path.view());
}

}  // namespace

void on_clone(const Change& change) { clone_or_fork(change, false); }
void on_vfork(const Change& change) { clone_or_fork(change, true); }

void on_execve(const Change& change) {
  const Event& event = change.event;
  if (event.get(exec::res) != 0) return;
  Thread& thread = *change.thread;
  thread.dead = false;
  if (thread.is_placeholder()) {
    thread.pid = event.get(exec::pid);
    thread.ptid = event.get(exec::ptid);
    thread.vtid = thread.tid;
    thread.vpid = thread.pid;
    if (thread.pid >= 0) {
      change.state.join_process(thread);
      change.state.link_parent(thread);
    }
  }
  remove_other_threads(change.state, thread);
  set_image_from_exec(thread, event);
  set_credentials_from_exec(thread, event);
  if (event.has(exec::trusted_exepath))
    set_exepath(thread, event.get(exec::trusted_exepath));
  else
    exepath_from_enter(thread);
  close_on_exec(thread);
  thread.flags &= thread_pipe_source | thread_pipe_destination | is_main_thread | thread_inverted;
  thread.lastexec_ts = event.raw().ts;
}

// A successful one is reported as execve, except on s390x; the parameters are the same.
void on_execveat(const Change& change) { on_execve(change); }

namespace {

Thread* live_thread_of(Process& process, const Thread& except) {
  for (Thread* thread : process.threads) {
    if (!thread->dead && thread != &except) return thread;
  }
  return nullptr;
}

/// Who adopts the children of a thread that exits.
Thread* find_reaper(State& state, Thread& thread) {
  if (thread.reaper_tid > 0) {
    Thread* named = state.threads.find(thread.reaper_tid);
    if (named != nullptr && named != &thread && !named->is_placeholder()) return named;
  }
  if (Thread* sibling = live_thread_of(*thread.process, thread)) return sibling;
  constexpr int longest_ancestry = 1024;  // parents can form a loop in a damaged trace
  Thread* ancestor = thread.parent;
  for (int i = 0; i < longest_ancestry && ancestor != nullptr; ++i, ancestor = ancestor->parent) {
    if (ancestor->in_pid_namespace() != thread.in_pid_namespace()) return nullptr;
    if (!ancestor->process || !ancestor->process->is_reaper) continue;
    if (Thread* found = live_thread_of(*ancestor->process, thread)) return found;
  }
  return nullptr;
}

void give_children_away(State& state, Thread& thread) {
  if (thread.first_child == nullptr) return;
  Thread* reaper = find_reaper(state, thread);
  if (reaper != nullptr && reaper->process.get() != thread.process.get())
    reaper->process->is_reaper = true;
  while (Thread* child = thread.first_child) {
    Thread* parent = reaper == child ? nullptr : reaper;
    note_left(*child);
    child->ptid = parent != nullptr ? parent->tid : 0;
    state.threads.set_parent(*child, parent);
  }
}

}  // namespace

void on_procexit(const Change& change) {
  if (change.thread == nullptr) return;
  namespace exit = schema::param::procexit_1_enter;
  Thread& thread = *change.thread;
  thread.dead = true;
  thread.reaper_tid = change.event.has(exit::reaper_tid) ? change.event.get(exit::reaper_tid) : -1;
  change.exit_later = true;
}

void remove_exited(State& state, Thread& thread, uint64_t ts) {
  state.recent_exits.add(thread.ptid, thread.tid, ts);
  if (thread.is_placeholder()) {
    state.threads.erase(thread);
    return;
  }
  give_children_away(state, thread);
  // A main thread stays, dead, while others of its process live: they look up names through it.
  if (thread.is_main() && live_thread_of(*thread.process, thread) != nullptr) return;
  const Ref<Process> process = thread.process;
  state.threads.erase(thread);
  if (process->threads.size() == 1 && process->threads.front()->dead)
    state.threads.erase(*process->threads.front());
}

}  // namespace gyr::handlers
