// The texts of /proc/PID/stat, status, limits, cgroup and of the tables of sockets.
#include "capture/live/proc_text.hpp"

#include <doctest/doctest.h>

#include <random>

#include "capture/live/open_flags.hpp"
#include "capture/live/proc_cgroups.hpp"
#include "capture/live/proc_fds.hpp"
#include "capture/live/proc_sockets.hpp"
#include "tests/unit/capture/proc_tree.hpp"

using namespace gyr;
using namespace gyr::test;
using namespace std::literals;

TEST_CASE("the fields of stat are found behind any name") {
  for (const std::string name : {"sh", "a) R 9 (b", "", " ) ", "new\nline"}) {
    CAPTURE(name);
    const std::string text = stat_text(7, name, 'S', 6, 3);
    const auto stat = parse_proc_stat(text);
    REQUIRE(stat);
    CHECK(stat->comm == name);
    CHECK(stat->state == 'S');
    CHECK(stat->ppid == 6);
    CHECK(stat->pgid == 40);
    CHECK(stat->sid == 30);
    CHECK(stat->tty == 34816);
    CHECK(stat->pfminor == 11);
    CHECK(stat->pfmajor == 22);
    CHECK(stat->threads == 3);
    CHECK(stat->start_ticks == 250);
    CHECK(!stat->is_kernel_thread());
    CHECK(!stat->is_dead());
  }
  CHECK(parse_proc_stat(stat_text(2, "kthreadd", 'S', 0, 1, "2129984"))->is_kernel_thread());
  CHECK(parse_proc_stat(stat_text(2, "gone", 'Z', 0, 1))->is_dead());
}

TEST_CASE("a stat that is cut short keeps what is there") {
  CHECK(!parse_proc_stat(""));
  CHECK(!parse_proc_stat("7 (sh"));
  CHECK(!parse_proc_stat(")("));
  const auto stat = parse_proc_stat("7 (sh) S 6 40");
  REQUIRE(stat);
  CHECK(stat->pgid == 40);
  CHECK(stat->sid == -1);
  CHECK(stat->threads == 1);
}

TEST_CASE("status gives effective ids and those of the innermost namespace") {
  const ProcStatus status = parse_proc_status(
      "Name:\tsh\nTgid:\t70\nPid:\t71\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t20 30 \n"
      "NStgid:\t70\t17\t1\nNSpid:\t71\t18\t2\nNSpgid:\t60\t16\t3\nNSsid:\t60\t0\t0\n"
      "VmSize:\t    3060 kB\nVmRSS:\t9999999999 kB\nVmSwap:\t 5 kB\n"
      "CapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\tffffffffffffffff\n");
  CHECK(status.pid == 70);
  CHECK(status.uid == 2);
  CHECK(status.gid == 6);
  CHECK(status.has_group(20));
  CHECK(status.has_group(30));
  CHECK(!status.has_group(2));
  CHECK(status.vtid == 2);
  CHECK(status.vpid == 1);
  CHECK(status.vpgid == 3);
  CHECK(status.pgid == 60);
  CHECK(status.nested_namespace);
  CHECK(status.vmsize_kb == 3060);
  CHECK(status.vmrss_kb == UINT32_MAX);
  CHECK(status.vmswap_kb == 5);
  CHECK(status.cap_inheritable == 1);
  CHECK(status.cap_permitted == 0x1ffffffffff);
  CHECK(status.cap_effective == UINT64_MAX);
  CHECK(!parse_proc_status("NSpid:\t71\n").nested_namespace);
  CHECK(parse_proc_status("Tgid\nUid:\nNSpid:\t\nCapEff:\txyz").vtid == -1);
}

TEST_CASE("the limit of open files") {
  const std::string head = "Limit  Soft Limit  Hard Limit  Units\nMax cpu time  7  8  seconds\n";
  CHECK(parse_fd_limit(head + "Max open files            1024    4096    files\n") == 1024);
  CHECK(parse_fd_limit(head + "Max open files            unlimited  unlimited files\n") ==
        INT64_MAX);
  CHECK(parse_fd_limit(head) == -1);
}

TEST_CASE("open flags of the kernel and of traces") {
  CHECK(trace_open_flags(O_RDONLY) == 0x1);
  CHECK(trace_open_flags(O_WRONLY | O_CREAT | O_TRUNC) == 0x106);
  CHECK(trace_open_flags(O_RDWR | O_CLOEXEC | O_NONBLOCK | O_APPEND | O_EXCL) == 0x106B);
  CHECK(trace_open_flags(3) == 0x1);
  CHECK(trace_open_flags(O_DIRECTORY) == 0x401);  // not O_TMPFILE, which has one of its bits
  CHECK(trace_open_flags(O_TMPFILE) == 0x2401);
  CHECK(trace_open_flags(O_DSYNC) == 0x11);  // not O_SYNC
  CHECK(trace_open_flags(O_SYNC) == 0x91);
  CHECK(trace_open_flags(kernel_largefile) == 0x801);
}

TEST_CASE("control groups of both versions") {
  ProcTree tree;
  tree.file("sys/fs/cgroup/cgroup.controllers", "cpu io memory pids\n");
  tree.file("sys/fs/cgroup/a/cgroup.controllers", "memory pids\n");
  tree.file("sys/fs/cgroup/a/b/cgroup.controllers", "pids\n");
  tree.file("sys/fs/cgroup/a/b/none/cgroup.controllers", "\n");
  CgroupReader reader(tree.root());
  CHECK(reader.entries("0::/a/b\n") == "pids=/a/b\0memory=/a\0cpu=/\0io=/\0"s);
  CHECK(reader.entries("0::/a/b/none\n") == "pids=/a/b\0memory=/a\0cpu=/\0io=/\0"s);
  CHECK(reader.entries("0::/\n") == "cpu=/\0io=/\0memory=/\0pids=/\0"s);
  CHECK(reader.entries("3:cpu,cpuacct:/x:y\n1:name=systemd:/s\n") ==
        "cpu=/x:y\0cpuacct=/x:y\0name=systemd=/s\0"s);
  // Out of view of this namespace, or gone.
  CHECK(reader.entries("0::/../c\n") == "cpu=/../c\0io=/../c\0memory=/../c\0pids=/../c\0"s);
  CHECK(reader.entries("0::/gone\n") == "cpu=/gone\0io=/gone\0memory=/gone\0pids=/gone\0"s);
  CgroupReader nowhere(tree.root() + "/nowhere");
  CHECK(nowhere.entries("0::/docker/1\n") == "unified=/docker/1\0"s);
  for (const std::string_view odd :
       {"", "\n", ":", "::", "0::", "0::x", "0::///", "7", "a:b", ":,:"})
    CHECK(nowhere.entries(odd).size() < 32);
}

TEST_CASE("lines of the tables of sockets") {
  SocketTables tables;
  tables.add_ip_line(
      "   0: 0100007F:1F90 0200000A:01BB 01 00000000:00000000 00:00000000 00000000  0  0 77 1 x",
      false, L4Protocol::tcp);
  const SocketTables::Entry* socket = tables.find(77);
  REQUIRE(socket != nullptr);
  CHECK(socket->type == FdType::ipv4_socket);
  CHECK(socket->l4 == L4Protocol::tcp);
  CHECK(socket->source == IpAddress{127, 0, 0, 1});
  CHECK(socket->source_port == 8080);
  CHECK(socket->destination == IpAddress{10, 0, 0, 2});
  CHECK(socket->destination_port == 443);

  tables.add_ip_line(
      "   1: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000  0  0 78 1 x",
      true, L4Protocol::tcp);
  socket = tables.find(78);
  REQUIRE(socket != nullptr);
  CHECK(socket->type == FdType::ipv6_server);
  CHECK(socket->source == IpAddress{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(socket->source_port == 22);

  tables.add_unix_line("00000000c949b7ad: 00000003 00000000 00000000 0001 03  1654 /run/a b");
  socket = tables.find(1654);
  REQUIRE(socket != nullptr);
  CHECK(socket->type == FdType::unix_socket);
  CHECK(socket->unix_source == 0xc949b7ad);
  CHECK(tables.path(*socket) == "/run/a b");
  tables.add_unix_line("00000000c949b7ae: 00000003 00000000 00000000 0001 03  1655");
  CHECK(tables.path(*tables.find(1655)) == "");

  tables.add_netlink_line(
      "00000000bf972d2c 0   0          00000000 0        0        0     2        0        4  ");
  CHECK(tables.find(4)->type == FdType::netlink);
  CHECK(tables.find(1) == nullptr);
}

TEST_CASE("kinds of sockets by the name of their protocol") {
  CHECK(socket_kind("TCP").type == FdType::ipv4_socket);
  CHECK(socket_kind("TCPv6").type == FdType::ipv6_socket);
  CHECK(socket_kind("UDPv6").l4 == L4Protocol::udp);
  CHECK(socket_kind("UNIX-STREAM").type == FdType::unix_socket);
  CHECK(socket_kind("NETLINK").type == FdType::netlink);
  CHECK(socket_kind("PACKET").type == FdType::unsupported);
  CHECK(socket_kind("").type == FdType::unsupported);
}

TEST_CASE("types of descriptors without a file") {
  CHECK(anonymous_type("anon_inode:[eventfd]") == FdType::eventfd);
  CHECK(anonymous_type("anon_inode:inotify") == FdType::inotify);
  CHECK(anonymous_type("anon_inode:bpf-map") == FdType::bpf);
  CHECK(anonymous_type("anon_inode:bpf_link") == FdType::bpf);
  CHECK(anonymous_type("anon_inode:[pidfd]") == FdType::pidfd);
  CHECK(anonymous_type("pidfd:[99]") == FdType::pidfd);
  CHECK(anonymous_type("anon_inode:[perf_event]") == FdType::unsupported);
}

TEST_CASE("parsers take any bytes") {
  std::mt19937 random(7);
  constexpr std::string_view alphabet = "0123456789abcF:/[]()., \t\n\0\xff-="sv;
  SocketTables tables;
  CgroupReader cgroups("/nowhere");
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t size = random() % 120; size > 0; --size)
      text += alphabet[random() % alphabet.size()];
    if (round % 2 == 0) text = stat_text(7, "x", 'S', 1, 2).substr(0, random() % 60) + text;
    const auto stat = parse_proc_stat(text);
    if (stat) CHECK(stat->comm.size() < text.size());
    parse_proc_status("NSpid:" + text).has_group(1);
    parse_fd_limit("Max open files" + text);
    anonymous_type(text);
    socket_kind(text);
    CHECK(cgroups.entries(text).size() <= 4096);
    tables.add_ip_line(text, round % 3 == 0, L4Protocol::tcp);
    tables.add_unix_line(text);
    tables.add_netlink_line(text);
  }
}
