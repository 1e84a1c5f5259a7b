#include "decoder/export.hpp"

#include <algorithm>
#include <unordered_set>

namespace gyr {

namespace {

ThreadRecord thread_record(const Thread& t) {
  ThreadRecord record;
  record.tid = t.tid;
  record.pid = t.pid;
  record.ptid = t.ptid;
  record.sid = t.sid;
  record.vpgid = t.vpgid;
  record.pgid = t.pgid;
  record.vtid = t.vtid;
  record.vpid = t.vpid;
  record.comm = t.comm;
  record.exe = t.exe.view();
  record.exepath = t.exepath.view();
  record.args = as_bytes_of(t.args.view());
  record.root = t.root.view();
  record.cgroups = as_bytes_of(t.cgroups.view());
  record.flags = t.flags;
  record.uid = t.uid;
  record.gid = t.gid;
  record.loginuid = t.loginuid;
  record.tty = t.tty;
  record.pfmajor = t.pfmajor;
  record.pfminor = t.pfminor;
  record.pidns_init_start_ts = t.pidns_init_start_ts;
  record.cap_inheritable = t.cap_inheritable;
  record.cap_permitted = t.cap_permitted;
  record.cap_effective = t.cap_effective;
  record.exe_writable = t.exe_writable;
  record.exe_upper_layer = t.exe_upper_layer;
  record.exe_lower_layer = t.exe_lower_layer;
  record.exe_from_memfd = t.exe_from_memfd;
  record.exe_ino = t.exe_ino;
  record.exe_ino_ctime = t.exe_ino_ctime;
  record.exe_ino_mtime = t.exe_ino_mtime;
  OwnThreadFields own{t.clone_ts, t.lastexec_ts, 0};
  if (t.dead) own.bits |= OwnThreadFields::dead;
  if (t.process) {
    const Process& process = *t.process;
    record.cwd = process.cwd.view();
    record.env = as_bytes_of(process.env.view());
    record.fdlimit = process.fdlimit;
    record.vmsize_kb = process.vmsize_kb;
    record.vmrss_kb = process.vmrss_kb;
    record.vmswap_kb = process.vmswap_kb;
    if (process.is_reaper) own.bits |= OwnThreadFields::reaper;
  }
  record.own = own;
  return record;
}

FdRecord fd_record(int64_t fd, const Descriptor& d) {
  FdRecord record;
  record.fd = fd;
  record.ino = d.ino;
  record.type = d.type;
  record.name = d.name.view();
  record.open_flags = d.open_flags;
  record.dev = d.dev;
  record.source = d.source;
  record.destination = d.destination;
  record.source_port = d.source_port;
  record.destination_port = d.destination_port;
  record.l4 = d.l4;
  record.unix_source = d.unix_source;
  record.unix_destination = d.unix_destination;
  const uint8_t bits = d.connected ? OwnFdFields::connected : 0;
  record.own =
      OwnFdFields{static_cast<uint8_t>(d.role), bits, d.open_flags, d.dev, d.pid, d.name.view(),
                  d.given_name.view()};
  return record;
}

/// The thread under which the descriptors that a process shares are listed.
const Thread& holder_of_fds(const Thread& thread) {
  if (!thread.process) return thread;
  const Thread* holder = &thread;
  for (const Thread* other : thread.process->threads) {
    if (other->tid < holder->tid) holder = other;
    if (other->is_main()) return *other;
  }
  return *holder;
}

}  // namespace

void export_interface(const Interface& i, RecordSink& sink) {
  sink.interface({i.ipv6, i.address, i.netmask, i.broadcast, i.name});
}

void export_user(uint32_t id, const UserInfo& info, bool is_group, RecordSink& sink) {
  if (is_group)
    sink.user({true, 0, id, info.name, {}, {}});
  else
    sink.user({false, id, info.gid, info.name, info.home, info.shell});
}

void export_threads(const State& state, RecordSink& sink,
                    const std::function<bool(const Thread&)>& wanted) {
  std::vector<const Thread*> threads;
  state.threads.for_each([&](const Thread& thread) {
    if (wanted(thread)) threads.push_back(&thread);
  });
  std::sort(threads.begin(), threads.end(),
            [](const Thread* a, const Thread* b) { return a->tid < b->tid; });
  for (const Thread* thread : threads) sink.thread(thread_record(*thread));
  for (const Thread* thread : threads) {
    if (&holder_of_fds(*thread) != thread) continue;
    thread->fds->for_each(
        [&](int64_t fd, const Descriptor& d) { sink.fd(thread->tid, fd_record(fd, d)); });
  }
}

void export_state(const State& state, RecordSink& sink) {
  const Machine& machine = state.machine;
  sink.section();
  sink.machine({machine.cpus, machine.memory_bytes, machine.boot_ts, machine.hostname});
  sink.interfaces_begin();
  for (const Interface& i : state.interfaces) export_interface(i, sink);
  sink.users_begin();
  state.users.for_each_of_host(
      [&](uint32_t id, const UserInfo& user) { export_user(id, user, false, sink); });
  state.groups.for_each_of_host(
      [&](uint32_t id, const UserInfo& group) { export_user(id, group, true, sink); });
  export_threads(state, sink, [](const Thread&) { return true; });
  sink.records_end();
}

}  // namespace gyr
