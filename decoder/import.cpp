#include "decoder/import.hpp"

#include <unordered_set>

#include "decoder/addresses.hpp"
#include "decoder/containers.hpp"
#include "decoder/sockets.hpp"

namespace gyr {

namespace {

void copy_ids(Thread& thread, const ThreadRecord& record) {
  thread.pid = record.pid;
  thread.ptid = record.ptid;
  thread.sid = record.sid;
  thread.vpgid = record.vpgid;
  thread.pgid = record.pgid;
  thread.vtid = record.vtid;
  thread.vpid = record.vpid;
  thread.flags = record.flags;
  thread.uid = record.uid;
  thread.gid = record.gid;
  thread.loginuid = record.loginuid;
  thread.tty = record.tty;
  thread.cap_inheritable = record.cap_inheritable;
  thread.cap_permitted = record.cap_permitted;
  thread.cap_effective = record.cap_effective;
  thread.pidns_init_start_ts = record.pidns_init_start_ts;
}

void copy_image(Thread& thread, const ThreadRecord& record) {
  thread.comm = record.comm.substr(0, max_comm);
  thread.exe = SharedText(record.exe);
  thread.exepath = SharedText(record.exepath);
  thread.args = SharedText(as_text(record.args));
  thread.root = SharedText(record.root);
  thread.cgroups = SharedText(as_text(record.cgroups));
  thread.container_id = SharedText(container_id_from_cgroups(thread.cgroups.view()));
  thread.exe_writable = record.exe_writable;
  thread.exe_upper_layer = record.exe_upper_layer;
  thread.exe_lower_layer = record.exe_lower_layer;
  thread.exe_from_memfd = record.exe_from_memfd;
  thread.exe_ino = record.exe_ino;
  thread.exe_ino_ctime = record.exe_ino_ctime;
  thread.exe_ino_mtime = record.exe_ino_mtime;
  thread.pfmajor = record.pfmajor;
  thread.pfminor = record.pfminor;
}

void copy_process(Process& process, const ThreadRecord& record) {
  process.pid = record.pid;
  process.env = SharedText(as_text(record.env));
  process.fdlimit = record.fdlimit;
  process.vmsize_kb = record.vmsize_kb;
  process.vmrss_kb = record.vmrss_kb;
  process.vmswap_kb = record.vmswap_kb;
  process.is_reaper = record.pid == 1 || record.vpid == 1;
  std::string cwd(record.cwd);
  if (!cwd.empty() && cwd.back() != '/') cwd += '/';
  process.cwd = SharedText(cwd);
}

/// Unlike later names of sockets this one has ports whatever the protocol is.
void name_imported(Descriptor& socket) {
  Text name;
  if (socket.is_ip_server())
    append_ip_port(name, socket.is_ipv6(), socket.source, socket.source_port);
  else
    append_tuple(name, socket.is_ipv6(), socket.source, socket.source_port, socket.destination,
                 socket.destination_port);
  socket.name = descriptor_name(name.view());
}

}  // namespace

void StateImport::section() {
  state_.clear();
  processes_.clear();
}

void StateImport::machine(const MachineInfo& machine) {
  state_.machine = {machine.cpus, machine.memory_bytes, machine.boot_ts,
                    std::string(machine.hostname)};
}

void StateImport::interface(const InterfaceRecord& record) {
  constexpr size_t max_interfaces = 4096, max_name = 64;
  if (state_.interfaces.size() >= max_interfaces) return;
  state_.interfaces.push_back(
      {record.ipv6, record.address, record.netmask, std::string(record.name.substr(0, max_name))});
}

void StateImport::users_begin() {
  state_.users.clear();
  state_.groups.clear();
}

void StateImport::user(const UserRecord& record) {
  if (!with_users_) return;
  if (record.is_group)
    state_.groups.set("", record.gid, record.name);
  else
    state_.users.set("", record.uid,
                     UserInfo{.gid = record.gid,
                              .name = std::string(record.name),
                              .home = std::string(record.home),
                              .shell = std::string(record.shell)});
}

void StateImport::thread(const ThreadRecord& record) {
  Thread* thread = state_.threads.find(record.tid);
  if (thread == nullptr) thread = &state_.threads.create(record.tid);
  copy_ids(*thread, record);
  copy_image(*thread, record);
  Ref<Process>& process = processes_[record.pid];
  if (!process) process = make_ref<Process>();
  if (thread->is_main() || process->threads.empty()) copy_process(*process, record);
  if (!process->threads.empty()) thread->fds = process->threads.front()->fds;
  state_.threads.set_process(*thread, process);
}

void StateImport::fd(int64_t tid, const FdRecord& record) {
  Thread* thread = state_.threads.find(tid);
  if (thread == nullptr) {
    ++state_.unknown_fd_lists;
    return;
  }
  auto descriptor = make_ref<Descriptor>();
  descriptor->type = record.type;
  descriptor->l4 = record.l4;
  descriptor->open_flags = record.open_flags;
  descriptor->dev = record.dev;
  descriptor->ino = record.ino;
  descriptor->source = record.source;
  descriptor->destination = record.destination;
  descriptor->source_port = record.source_port;
  descriptor->destination_port = record.destination_port;
  descriptor->unix_source = record.unix_source;
  descriptor->unix_destination = record.unix_destination;
  descriptor->name = descriptor_name(record.name);
  if (descriptor->type == FdType::unix_socket)
    descriptor->role = record.name.empty() ? SocketRole::client : SocketRole::server;
  if (descriptor->is_ip_server()) {
    state_.server_ports.insert(descriptor->source_port);
  }
  if (descriptor->is_ip_tuple()) {
    sockets::as_ipv4_if_mapped(*descriptor);
    descriptor->connected = descriptor->l4 == L4Protocol::tcp;
  }
  thread->fds->put(record.fd, std::move(descriptor));
}

/// Needs the complete list of server ports.
void StateImport::turn_server_connections() {
  std::unordered_set<const FdTable*> done;  // several threads can claim to be the main one
  state_.threads.for_each([&](Thread& thread) {
    if (!thread.is_main() || !done.insert(thread.fds.get()).second) return;
    std::vector<int64_t> sockets;
    thread.fds->for_each([&](int64_t fd, const Descriptor& descriptor) {
      if (descriptor.is_ip()) sockets.push_back(fd);
    });
    for (const int64_t fd : sockets) {
      Descriptor* socket = thread.fds->modify(fd);
      if (socket == nullptr) continue;
      if (socket->is_ip_tuple()) sockets::fill_missing_address(state_, *socket);
      if (socket->type == FdType::ipv4_socket) {
        const bool server = state_.server_ports.contains(socket->source_port);
        socket->role = server ? SocketRole::server : SocketRole::client;
        if (server) sockets::swap_ends(*socket);
      }
      name_imported(*socket);
    }
  });
}

void StateImport::records_end() {
  processes_.clear();
  state_.threads.for_each([this](Thread& thread) { state_.link_parent(thread); });
  turn_server_connections();
}

}  // namespace gyr
