// The metadata blocks: machine info, interfaces, users, process and fd lists, in every layout.
#include <doctest/doctest.h>

#include "tests/unit/capture/trace_log.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

using Lines = std::vector<std::string>;

/// The record lines of a trace that is all well, without the frame around them.
Lines records_of(TraceBuilder trace) {
  const Reading reading = read_trace(trace.event(schema::type::close_exit, {i64(0)}).bytes());
  CHECK(reading.error == "");
  CHECK(reading.events.size() == 1);
  const Lines& lines = reading.log.lines;
  REQUIRE(lines.size() >= 2);
  CHECK(lines.front() == "section");
  CHECK(lines.back() == "end");
  return {lines.begin() + 1, lines.end() - 1};
}

TraceBuilder section() { return TraceBuilder().section(); }

/// The error of a trace with this block, with the offset counted from the block's body.
std::string error_of(uint32_t block, const std::string& body) {
  TraceBuilder trace = section();
  const size_t body_start = trace.size() + 8;
  const Reading reading = read_trace(trace.block(block, body).bytes());
  CHECK(reading.has_offset);
  return fmt::format("{}@{}", reading.error, reading.error_offset - body_start);
}

constexpr uint32_t machine_block = 0x201, interfaces_v1 = 0x205, interfaces_v2 = 0x219;
constexpr uint32_t users_v1 = 0x206, users_v2 = 0x220, processes_v9 = 0x215, fds_v1 = 0x203,
                   fds_v2 = 0x218;

ThreadRecord full_thread(int64_t tid) {
  ThreadRecord t;
  t.tid = tid;
  t.pid = 21;
  t.ptid = 22;
  t.sid = 23;
  t.vpgid = 24;
  t.pgid = 25;
  t.vtid = 26;
  t.vpid = 27;
  t.comm = "comm";
  t.exe = "exe";
  t.exepath = "/exepath";
  t.cwd = "/cwd";
  t.root = "/root";
  t.args = as_bytes_of(std::string_view("-a\0-b\0", 6));
  t.env = as_bytes_of(std::string_view("A=1\0", 4));
  t.cgroups = as_bytes_of(std::string_view("cpu=/x\0", 7));
  t.fdlimit = 28;
  t.flags = 29;
  t.uid = 30;
  t.gid = 31;
  t.loginuid = 32;
  t.vmsize_kb = 33;
  t.vmrss_kb = 34;
  t.vmswap_kb = 35;
  t.pfmajor = 36;
  t.pfminor = 37;
  t.pidns_init_start_ts = 38;
  t.tty = 39;
  t.cap_inheritable = 40;
  t.cap_permitted = 41;
  t.cap_effective = 42;
  t.exe_ino = 43;
  t.exe_ino_ctime = 44;
  t.exe_ino_mtime = 45;
  t.exe_writable = t.exe_upper_layer = t.exe_lower_layer = t.exe_from_memfd = true;
  return t;
}

ThreadRecord read_thread(int version, size_t tail = 0) {
  const Reading reading = read_trace(section()
                                         .processes({full_thread(20)}, version, tail)
                                         .event(schema::type::close_exit, {i64(0)})
                                         .bytes());
  CHECK(reading.error == "");
  REQUIRE(reading.log.threads.size() == 1);
  return reading.log.threads[0];
}

}  // namespace

TEST_CASE("machine info") {
  MachineInfo machine{8, 16'000'000'000, 1'600'000'000'000'000'000, "web-1"};
  CHECK(records_of(section().machine(machine)) ==
        Lines{"machine web-1 cpus=8 memory=16000000000 boot=1600000000000000000"});
  const std::string full_hostname(128, 'h');
  machine.hostname = full_hostname;
  CHECK(records_of(section().machine(machine))[0].starts_with("machine " + full_hostname + " "));
  CHECK(error_of(machine_block, std::string(176, '\0')) ==
        "machine info: machine info of 176 bytes instead of 180@0");
}

TEST_CASE("interfaces of all four entry types, in both versions") {
  const InterfaceRecord v4{false, ip("10.0.0.1"), ip("255.0.0.0"), ip("10.255.255.255"), "eth0"};
  const InterfaceRecord v6{true, ip("fe80::1"), ip("ffff::"), ip("::2"), "wlan0"};
  const Lines expected{"interfaces", "interface eth0 10.0.0.1 255.0.0.0 10.255.255.255",
                       "interface wlan0 fe80::1 ffff:: ::2"};
  for (const int version : {1, 2}) {
    CHECK(records_of(section().interfaces({v4, v6}, version)) == expected);
    CHECK(records_of(section().interfaces({v4, v6}, version, true)) == expected);
  }
  CHECK(records_of(section().interfaces({v4, v6}, 2, false, 9)) == expected);
  CHECK(records_of(section().interfaces({})) == Lines{"interfaces"});
}

TEST_CASE("interface entries that are wrong") {
  const std::string good = u16(3) + u16(2) + std::string(12, '\1') + "lo";
  CHECK(error_of(interfaces_v1, good + u16(7) + u16(0)) ==
        "interface list: interface entry is malformed or cut short@18");
  CHECK(error_of(interfaces_v1, good.substr(0, 16)) ==
        "interface list: interface entry is malformed or cut short@0");
  CHECK(error_of(interfaces_v2, u32(18) + good + u32(400) + good) ==
        "interface list v2: interface entry claims 404 bytes, 22 are left@22");
  CHECK(error_of(interfaces_v2, u32(10) + good) ==
        "interface list v2: interface entry is malformed or cut short@0");
}

TEST_CASE("users and groups in both versions") {
  const UserRecord user{false, 1000, 100, "alice", "/home/alice", "/bin/zsh"};
  const UserRecord group{true, 0, 100, "users", {}, {}};
  const Lines expected{"users", "user 1000 100 alice /home/alice /bin/zsh", "group 100 users"};
  for (const int version : {1, 2})
    CHECK(records_of(section().users({user, group}, version)) == expected);
  CHECK(records_of(section().users({user, group}, 2, 5)) == expected);
}

TEST_CASE("user entries that are wrong") {
  const std::string group = u8(1) + u32(100) + str16("users");
  CHECK(error_of(users_v2, u32(16) + group + u32(3)) ==
        "user list v2: user entry claims 3 bytes, 4 are left@16");
  CHECK(error_of(users_v2, u32(12) + group) ==
        "user list v2: user entry is malformed or cut short@0");
  CHECK(error_of(users_v1, group + u8(1) + u32(100) + u16(500)) ==
        "user list: user entry is malformed or cut short@12");
}

TEST_CASE("a process list has the fields of its version, the others are unknown") {
  for (int version = 1; version <= 9; ++version) {
    CAPTURE(version);
    const ThreadRecord t = read_thread(version);
    CHECK(t.tid == 20);
    CHECK(t.pid == 21);
    CHECK(t.ptid == 22);
    CHECK(t.fdlimit == 28);
    CHECK(t.flags == 29);
    CHECK(t.uid == 30);
    CHECK(t.gid == 31);
    CHECK(t.vmsize_kb == (version >= 2 ? 33 : 0));
    CHECK(t.vmrss_kb == (version >= 2 ? 34 : 0));
    CHECK(t.vmswap_kb == (version >= 2 ? 35 : 0));
    CHECK(t.pfmajor == (version >= 2 ? 36 : 0));
    CHECK(t.pfminor == (version >= 2 ? 37 : 0));
    CHECK(t.vtid == (version >= 4 ? 26 : -1));
    CHECK(t.vpid == (version >= 4 ? 27 : -1));
    CHECK(t.sid == (version >= 6 ? 23 : -1));
    CHECK(t.vpgid == (version >= 8 ? 24 : -1));
    CHECK(t.pgid == -1);
    CHECK(t.loginuid == UINT32_MAX);
    CHECK(t.exe_ino == 0);
  }
}

TEST_CASE("the texts of a process list") {
  const auto line = [](int version) {
    return records_of(section().processes({full_thread(20)}, version))[0];
  };
  const std::string start = "thread 20 21 22 comm=comm exe=exe ";
  CHECK(line(2) == start + "exepath= args=-a\\0-b\\0 cwd=/cwd env= cgroups= root=");
  CHECK(line(3) == start + "exepath= args=-a\\0-b\\0 cwd=/cwd env=A=1\\0 cgroups= root=");
  CHECK(line(4) == start + "exepath= args=-a\\0-b\\0 cwd=/cwd env=A=1\\0 cgroups=cpu=/x\\0 root=");
  CHECK(line(6) ==
        start + "exepath= args=-a\\0-b\\0 cwd=/cwd env=A=1\\0 cgroups=cpu=/x\\0 root=/root");
  for (const int version : {7, 8, 9}) {
    CHECK(line(version) ==
          start +
              "exepath=/exepath args=-a\\0-b\\0 cwd=/cwd env=A=1\\0 cgroups=cpu=/x\\0 "
              "root=/root");
  }
}

TEST_CASE("a process entry's tail holds as many fields as fit") {
  for (const size_t tail : {0, 4, 5, 29, 30, 66, 67, 68, 76, 79}) {
    CAPTURE(tail);
    const ThreadRecord t = read_thread(9, tail);
    // Up to 29 bytes the tail begins with the login uid, beyond with two fields more.
    const size_t start = tail > 29 ? 12 : 0;
    const auto has = [&](size_t end) { return tail >= start + end; };
    CHECK(t.pidns_init_start_ts == (tail > 29 ? 38 : 0));
    CHECK(t.tty == (tail > 29 ? 39 : 0));
    CHECK(t.loginuid == (has(4) ? 32 : UINT32_MAX));
    CHECK(t.exe_writable == has(5));
    CHECK(t.cap_inheritable == (has(13) ? 40 : 0));
    CHECK(t.cap_permitted == (has(21) ? 41 : 0));
    CHECK(t.cap_effective == (has(29) ? 42 : 0));
    CHECK(t.exe_upper_layer == has(30));
    CHECK(t.exe_ino == (has(38) ? 43 : 0));
    CHECK(t.exe_ino_ctime == (has(46) ? 44 : 0));
    CHECK(t.exe_ino_mtime == (has(54) ? 45 : 0));
    CHECK(t.exe_from_memfd == has(55));
    CHECK(t.exe_lower_layer == has(56));
    CHECK(t.pgid == (has(64) ? 25 : -1));
  }
}

TEST_CASE("many entries of different lengths stay in step") {
  TraceBuilder trace = section();
  for (int version = 1; version <= 9; ++version) {
    std::vector<ThreadRecord> threads(3, full_thread(0));
    for (int i = 0; i < 3; ++i) threads[i].tid = version * 10 + i;
    threads[1].comm = "a longer name";
    threads[2].args = {};
    trace.processes(threads, version, 67);
  }
  const Lines lines = records_of(trace);
  REQUIRE(lines.size() == 27);
  for (int version = 1; version <= 9; ++version) {
    for (int i = 0; i < 3; ++i) {
      const std::string& line = lines[static_cast<size_t>((version - 1) * 3 + i)];
      CHECK(line.starts_with(fmt::format("thread {} 21 22 ", version * 10 + i)));
    }
  }
}

TEST_CASE("process entries that are wrong") {
  CHECK(error_of(processes_v9, u32(50) + std::string(46, '\0')) ==
        "process list v9: process entry is malformed or cut short@0");
  CHECK(error_of(processes_v9, u32(5000) + std::string(100, '\0')) ==
        "process list v9: process entry claims 5000 bytes, 104 are left@0");
  CHECK(error_of(processes_v9, u32(0)) ==
        "process list v9: process entry claims 0 bytes, 4 are left@0");
}

TEST_CASE("an fd list gives every type with its payload, in both versions") {
  const End v4{"10.0.0.1", 1234}, v4_peer{"10.0.0.2", 80}, v6{"2001:db8::1", 1}, v6_peer{"::1", 2};
  FdRecord file = named_fd(4, FdType::file_v2, "/etc/hosts");
  file.ino = 99;
  file.open_flags = 0x1001;
  file.dev = 0x801;
  std::vector<FdRecord> fds{ip_fd(0, L4Protocol::tcp, v4, v4_peer),
                            ip_fd(1, L4Protocol::udp, v6, v6_peer),
                            ip_server_fd(2, L4Protocol::tcp, v4),
                            ip_server_fd(3, L4Protocol::raw, v6),
                            file,
                            unix_fd(5, 0xffff8800, 0xffff8801, "/run/x.sock"),
                            named_fd(6, FdType::unknown, "")};
  const std::string no_ends = "0.0.0.0:0->0.0.0.0:0 l4=0";
  for (const int version : {1, 2}) {
    CAPTURE(version);
    Lines expected{
        "fd 7:0 type=3 ino=0 name= flags=0 dev=0 10.0.0.1:1234->10.0.0.2:80 l4=2 0->0",
        "fd 7:1 type=4 ino=0 name= flags=0 dev=0 2001:db8::1:1->::1:2 l4=3 0->0",
        "fd 7:2 type=5 ino=0 name= flags=0 dev=0 10.0.0.1:1234->0.0.0.0:0 l4=2 0->0",
        "fd 7:3 type=6 ino=0 name= flags=0 dev=0 2001:db8::1:1->:::0 l4=5 0->0",
        fmt::format("fd 7:4 type=16 ino=99 name=/etc/hosts flags=4097 dev={} {} 0->0",
                    version == 2 ? 0x801 : 0, no_ends),
        "fd 7:5 type=8 ino=0 name=/run/x.sock flags=0 dev=0 " + no_ends + " ffff8800->ffff8801",
        "fd 7:6 type=0 ino=0 name= flags=0 dev=0 " + no_ends + " 0->0"};
    CHECK(records_of(section().fds(7, fds, version)) == expected);
    if (version == 2) CHECK(records_of(section().fds(7, fds, version, 6)) == expected);
  }
}

TEST_CASE("every fd type that has just a name") {
  for (const int t : {1, 2, 7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21}) {
    for (const int version : {1, 2}) {
      const auto fd = named_fd(3, static_cast<FdType>(t), "the name");
      const Lines lines = records_of(section().fds(7, {fd, fd}, version));
      REQUIRE(lines.size() == 2);
      CHECK(lines[1].starts_with(fmt::format("fd 7:3 type={} ino=0 name=the name ", t)));
    }
  }
}

TEST_CASE("an fd of a type from the future is kept as unsupported where its length is known") {
  const std::string entry = i64(3) + u64(0) + u8(200) + std::string(5, 'x');
  const std::string body = i64(7) + u32(static_cast<uint32_t>(entry.size() + 4)) + entry;
  CHECK(records_of(section().block(fds_v2, body))[0].starts_with(
      "fd 7:3 type=10 ino=0 name=unknown-type:[200] "));
  CHECK(error_of(fds_v1, i64(7) + entry).starts_with("fd list: fd entry is malformed"));
}

TEST_CASE("fd entries that are wrong") {
  CHECK(error_of(fds_v2, "abcd") == "fd list v2: fd list without a thread id@0");
  const std::string cut = i64(3) + u64(0) + u8(1) + u16(100) + "abc";
  CHECK(error_of(fds_v1, i64(7) + cut) == "fd list: fd entry is malformed or cut short@8");
  CHECK(error_of(fds_v2, i64(7) + u32(10) + cut) ==
        "fd list v2: fd entry is malformed or cut short@8");
  CHECK(error_of(fds_v2, i64(7) + u32(900) + cut) ==
        "fd list v2: fd entry claims 900 bytes, 28 are left@8");
}

TEST_CASE("an fd list of a thread without descriptors says nothing") {
  CHECK(records_of(section().fds(7, {}).fds(8, {}, 1)) == Lines{});
}
