#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

namespace type = schema::type;

constexpr uint32_t unknown_block = 0x7777;

/// Threads of one process list get tids of their own, so that no list replaces another.
ThreadRecord process(int64_t tid) {
  ThreadRecord t;
  t.tid = t.pid = t.vtid = t.vpid = tid;
  t.ptid = 1;
  t.sid = t.vpgid = t.pgid = tid;
  t.comm = "proc";
  t.exe = "/bin/proc";
  t.exepath = "/bin/proc";
  t.cwd = "/home/";
  t.args = as_bytes_of(std::string_view("-a\0-b\0", 6));
  t.env = as_bytes_of(std::string_view("HOME=/home\0", 11));
  t.cgroups = as_bytes_of(std::string_view("cpu=/\0memory=/user.slice\0", 25));
  t.root = "/";
  t.fdlimit = 1024;
  t.uid = t.gid = t.loginuid = 1000;
  return t;
}

void add_lists(TraceBuilder& trace) {
  const InterfaceRecord v4{false, ip("10.0.0.1"), ip("255.0.0.0"), ip("10.255.255.255"), "eth0"};
  const InterfaceRecord v6{true, ip("fe80::1"), ip("ffff::"), ip("::"), "eth0"};
  const UserRecord user{false, 1000, 1000, "alice", "/home/alice", "/bin/sh"};
  const UserRecord group{true, 0, 1000, "staff", {}, {}};
  for (const int version : {1, 2}) {
    trace.interfaces({v4, v6}, version).interfaces({v4, v6}, version, true);
    trace.users({user, group}, version);
  }
  trace.interfaces({v4, v6}, 2, false, 5).users({user, group}, 2, 3);
  int64_t tid = 1;
  for (int version = 1; version <= 8; ++version) trace.processes({process(tid++)}, version);
  for (const size_t tail : {0, 4, 5, 29, 30, 66, 67, 68, 76, 79})
    trace.processes({process(tid++), process(tid++)}, 9, tail);
}

std::vector<FdRecord> every_fd(bool with_names_only) {
  const End v4{"10.0.0.1", 1234}, v4_peer{"10.0.0.2", 80}, v6{"2001:db8::1", 1}, v6_peer{"::1", 2};
  std::vector<FdRecord> fds{
      ip_fd(0, L4Protocol::tcp, v4, v4_peer), ip_fd(1, L4Protocol::udp, v6, v6_peer),
      ip_server_fd(2, L4Protocol::tcp, v4),   ip_server_fd(3, L4Protocol::tcp, v6),
      unix_fd(4, 0xffff1, 0xffff2, "/run/s"),
  };
  for (uint8_t t = 0; t <= last_fd_type; ++t) {
    const auto fd_type = static_cast<FdType>(t);
    const bool address = t >= 3 && t <= 6;
    if (!address && fd_type != FdType::unix_socket)
      fds.push_back(named_fd(10 + t, fd_type, "/some/name"));
  }
  if (!with_names_only) {
    FdRecord newer = named_fd(70000, FdType::file_v2, "/far/away");
    newer.open_flags = 0x1001;
    newer.dev = 0x801;
    fds.push_back(newer);
  }
  return fds;
}

void add_events_in(TraceBuilder& trace, EventForm form) {
  trace.form(form).by(2);
  trace.event(type::open_enter, {text("x/../passwd"), u32(1), u32(0)});
  trace.event(type::open_exit, {i64(5), text("x/../passwd"), u32(1), u32(0)});
  trace.event(type::read_enter, {i64(5), u32(80)});
  trace.event(type::read_exit, {i64(20), blob("root:x:0:0:\x01\xff\n")});
  trace.event(type::poll_exit, {i64(1), fd_list({{0, 1}, {5, 0x41}})});
  trace.event(type::socket_enter, {u32(2), u32(1), u32(0)});
  trace.event(type::socket_exit, {i64(6)});
  trace.event(type::connect_enter, {i64(6), socket_address({"10.0.0.2", 80})});
  trace.event(type::connect_exit, {i64(0), tuple({"10.0.0.1", 4000}, {"10.0.0.2", 80})});
  trace.event(type::recvfrom_exit, {i64(1), blob("y"), unix_tuple(1, 2, "/run/s")});
  trace.event(type::close_enter, {i64(5)}).event(type::close_exit, {i64(0)});
  trace.event(type::procinfo_enter, {u64(1), u64(2)});
}

/// A process that is made, runs another program, makes a thread, and exits.
void add_life(TraceBuilder& trace, int64_t child) {
  const Params parent_side{i64(child), text("proc"), texts({"-a"}), i64(2),     i64(2),
                           i64(1),     text(""),     i64(1024),     i64(0),     i64(0),
                           u32(1),     u32(2),       u32(3),        text("sh"), texts({"cpu=/"}),
                           u32(0),     u32(0),       u32(0),        i64(2),     i64(2)};
  Params child_side = parent_side;
  child_side[0] = i64(0);
  child_side[3] = child_side[4] = child_side[18] = child_side[19] = i64(child);
  child_side[5] = i64(2);
  trace.by(2).event(type::clone_20_enter).event(type::clone_20_exit, parent_side);
  trace.by(child).event(type::clone_20_exit, child_side);
  trace.event(type::execve_19_enter, {text("/bin/true")});
  trace.event(type::execve_19_exit,
              {i64(0), text("true"), texts({"now"}), i64(child), i64(child), i64(2), text(""),
               u64(1024), u64(0), u64(0), u32(1), u32(2), u32(3), text("true"), texts({"cpu=/"}),
               texts({"A=B"}), i32(0)});
  Params thread_side = parent_side;
  thread_side[0] = i64(child + 1);
  thread_side[3] = thread_side[4] = thread_side[18] = thread_side[19] = i64(child);
  thread_side[15] = u32(0x2011);
  trace.event(type::clone_20_exit, thread_side);
  trace.by(child + 1).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  trace.by(child).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
}

}  // namespace

std::string trace_of_everything() {
  TraceBuilder trace;
  trace.section({1, 0, 0x1A2B3C4D, u16(1) + u16(4) + "note" + u32(0)});
  trace.machine({4, 1u << 30, TraceBuilder::first_ts - 1, "host"});
  add_lists(trace);
  trace.block(unknown_block, "what is this");
  trace.fds(2, every_fd(true), 1).fds(9, every_fd(false), 2).fds(11, every_fd(false), 2, 7);
  trace.old_aliases(true).form(EventForm::v1).event(type::procinfo_enter, {u64(1), u64(2)});
  trace.old_aliases(false);
  for (const auto form : {EventForm::v1, EventForm::v1_flags, EventForm::v2, EventForm::v2_flags,
                          EventForm::large, EventForm::large_flags})
    add_events_in(trace, form);
  trace.form(EventForm::v2);
  add_life(trace, 500);
  trace.add(
      {type::close_exit, {i64(-9), i64(77)}, u16(1) + u16(3) + "abc" + u8(0), {}, {}, {}, {}});
  trace.form(EventForm::v2_flags);
  trace.add({type::close_enter, {i64(1)}, {}, 1, {}, {}, {}});
  trace.form(EventForm::large);
  trace.by(-1).event(type::asyncevent_enter, {u32(1), text("container"), blob("{}")});
  trace.form(EventForm::v2).event(6000, {u32(1)});
  trace.section().processes({process(2)});
  trace.by(2).event(type::user_added_enter,
                    {u32(5), u32(5), text("bob"), text("/"), text("/bin/sh"), empty()});
  add_life(trace, 600);
  return trace.bytes();
}

}  // namespace gyr::test
