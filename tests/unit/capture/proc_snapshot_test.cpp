// The scan of a /proc of the test's making, and of the machine's.
#include "capture/live/proc_snapshot.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <thread>

#include "decoder/import.hpp"
#include "tests/unit/capture/proc_tree.hpp"

using namespace gyr;
using namespace gyr::test;
using namespace std::string_literals;

namespace {

constexpr uint64_t second = 1'000'000'000;

/// A process with all its files, to be changed by the test.
void add_process(ProcTree& tree, int64_t pid, int threads = 1) {
  const std::string at = "proc/" + std::to_string(pid) + "/";
  const std::string id = std::to_string(pid);
  tree.file(at + "stat", stat_text(pid, "worker", 'S', 1, threads));
  tree.file(at + "status", "Tgid:\t" + id + "\nUid:\t5\t6\t5\t5\nGid:\t7\t8\t7\t7\nNStgid:\t" + id +
                               "\nNSpid:\t" + id + "\nNSpgid:\t40\nVmSize:\t100 kB\n");
  tree.file(at + "cmdline", "/bin/worker\0-v\0two words\0"s);
  tree.file(at + "environ", "A=1\0B=2\0"s);
  tree.file(at + "cgroup", "2:memory:/docker/x\n");
  tree.file(at + "loginuid", "1000");
  tree.file(at + "limits", "Max open files            1024    4096    files\n");
  tree.file("bin/worker", "");
  chmod((tree.root() + "/bin/worker").c_str(), 0755);
  tree.link(at + "exe", tree.root() + "/bin/worker");
  tree.link(at + "cwd", "/srv");
  tree.link(at + "root", "/");
  tree.link(at + "ns/net", "net:[1]");
  tree.directory(at + "fd");
}

ProcCounts scan(const ProcTree& tree, KeptRecords& records) {
  ProcScanner scanner({.root = tree.root()});
  const Result<ProcCounts> counts = scanner.scan(records);
  REQUIRE(counts);
  return *counts;
}

}  // namespace

TEST_CASE("a scan gives what the files of a process say") {
  ProcTree tree;
  tree.file("proc/stat", "cpu  1 2\ncpu0 1 2\ncpu1 1 2\nintr 7\nbtime 1000\n");
  tree.file("proc/meminfo", "MemTotal:   2048 kB\nMemFree: 7 kB\n");
  tree.file("etc/hostname", "box\n");
  tree.file("etc/passwd", "root:x:0:0:r:/root:/bin/sh\nme:x:1000:100::/home/me:/bin/bash\n");
  tree.file("etc/group", "root:x:0:\nusers:x:100:me\n");
  add_process(tree, 50);
  KeptRecords records;
  scan(tree, records);
  CHECK(records.hostname == "box");
  CHECK(records.machine_info.cpus == 2);
  CHECK(records.machine_info.memory_bytes == 2048 * 1024);
  CHECK(records.machine_info.boot_ts == 1000 * second);
  CHECK(records.users.at(1000) == "me /home/me /bin/bash");
  CHECK(records.groups.at(100) == "users");

  REQUIRE(records.threads.contains(50));
  const ThreadRecord& thread = records.threads.at(50);
  CHECK(thread.pid == 50);
  CHECK(thread.ptid == 1);
  CHECK(thread.sid == 30);
  CHECK(thread.pgid == 40);
  CHECK(thread.vtid == 50);
  CHECK(thread.vpid == 50);
  CHECK(thread.vpgid == 40);
  CHECK(thread.uid == 6);
  CHECK(thread.gid == 8);
  CHECK(thread.loginuid == 1000);
  CHECK(thread.fdlimit == 1024);
  CHECK(thread.tty == 34816);
  CHECK(thread.vmsize_kb == 100);
  CHECK(thread.pfminor == 11);
  CHECK(thread.flags == 0);
  REQUIRE(thread.own);
  CHECK(thread.own->clone_ts == 1000 * second + 250 * second / sysconf(_SC_CLK_TCK));
  CHECK(thread.pidns_init_start_ts == 1000 * second);
  const std::map<std::string, std::string> texts = {{"comm", "worker"},
                                                    {"exe", "/bin/worker"},
                                                    {"cwd", "/srv"},
                                                    {"args", "-v\0two words\0"s},
                                                    {"root", "/"},
                                                    {"env", "A=1\0B=2\0"s},
                                                    {"cgroups", "memory=/docker/x\0"s},
                                                    {"exepath", tree.root() + "/bin/worker"}};
  CHECK(records.texts.at(50) == texts);
}

TEST_CASE("descriptors are told apart by their links") {
  ProcTree tree;
  add_process(tree, 50);
  tree.file("home/notes.txt", "x");
  tree.link("proc/50/fd/0", tree.root() + "/home/notes.txt");
  tree.link("proc/50/fd/1", tree.root() + "/home");
  tree.link("proc/50/fd/2", "pipe:[17]");
  tree.link("proc/50/fd/3", "socket:[77]");
  tree.link("proc/50/fd/4", "anon_inode:[eventpoll]");
  tree.link("proc/50/fd/5", "anon_inode:[perf_event]");
  tree.link("proc/50/fd/6", "/memfd:jit (deleted)");
  tree.link("proc/50/fd/7", "socket:[88]");
  tree.link("proc/50/fd/8", "/gone (deleted)");
  tree.link("proc/50/fd/9", "pidfd:[3]");
  tree.link("proc/50/fd/10", "socket:[99]");
  tree.file("proc/50/fdinfo/0", "pos:\t0\nflags:\t0100002\nmnt_id:\t7\n");
  tree.file("proc/50/fdinfo/2", "pos:\t0\nflags:\t02000001\n");
  tree.file("proc/50/fdinfo/9", "pos:\t0\nflags:\t02000002\nPid:\t61\n");
  tree.file("proc/50/net/tcp",
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
            "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77 "
            "1 0 100 0 0 10 0\n");
  tree.file("proc/50/net/unix",
            "Num       RefCount Protocol Flags    Type St Inode Path\n"
            "0000000000000abc: 00000002 00000000 00010000 0001 01 88 @name\n");
  KeptRecords records;
  scan(tree, records);
  const auto& fds = records.fds.at(50);
  CHECK(fds.size() == 11);
  CHECK(fds.at(0).record.type == FdType::file_v2);
  CHECK(fds.at(0).name == tree.root() + "/home/notes.txt");
  CHECK(fds.at(0).record.open_flags == (0x3 | 0x800));
  CHECK(fds.at(0).record.ino != 0);
  CHECK(fds.at(1).record.type == FdType::directory);
  CHECK(fds.at(2).record.type == FdType::fifo);
  CHECK(fds.at(2).name == "pipe:[17]");
  CHECK(fds.at(2).record.ino == 17);
  CHECK(fds.at(2).record.open_flags == 0x1002);
  CHECK(fds.at(3).record.type == FdType::ipv4_server);
  CHECK(fds.at(3).record.source_port == 8080);
  CHECK(fds.at(3).record.l4 == L4Protocol::tcp);
  CHECK(fds.at(4).record.type == FdType::eventpoll);
  CHECK(fds.at(4).name == "");
  CHECK(fds.at(5).record.type == FdType::unsupported);
  CHECK(fds.at(5).name == "anon_inode:[perf_event]");
  CHECK(fds.at(6).record.type == FdType::memfd);
  CHECK(fds.at(6).own_name == "/memfd:jit (deleted)");
  CHECK(fds.at(7).record.type == FdType::unix_socket);
  CHECK(fds.at(7).name == "@name");
  CHECK(fds.at(7).record.unix_source == 0xabc);
  CHECK(fds.at(8).record.type == FdType::file_v2);
  CHECK(fds.at(8).name == "/gone (deleted)");
  REQUIRE(fds.at(9).record.own);
  CHECK(fds.at(9).record.own->pid == 61);
  CHECK(fds.at(9).own_name == "/proc/61");
  CHECK(fds.at(10).record.type == FdType::unsupported);
}

TEST_CASE("whether the process may write to its executable") {
  ProcTree tree;
  add_process(tree, 50);
  const std::string worker = tree.root() + "/bin/worker";
  struct stat file = {};
  REQUIRE(stat(worker.c_str(), &file) == 0);
  const std::string owner = std::to_string(file.st_uid), group = std::to_string(file.st_gid);
  const auto writable = [&](mode_t mode, const std::string& status) {
    chmod(worker.c_str(), mode);
    tree.file("proc/50/status", "Tgid:\t50\n" + status);
    KeptRecords records;
    scan(tree, records);
    CHECK(records.threads.at(50).exe_ino == file.st_ino);
    return records.threads.at(50).exe_writable;
  };
  const std::string other = "Uid:\t0\t77777\t0\t0\nGid:\t0\t77777\t0\t0\n";
  CHECK(writable(0555, "Uid:\t7\t" + owner + "\t7\t7\n"));  // it can change the mode
  CHECK(!writable(0755, other));
  CHECK(!writable(0775, other));
  CHECK(writable(0757, other));
  CHECK(writable(0775, other + "Groups:\t5 " + group + " \n"));
  CHECK(!writable(0757, other + "Groups:\t5 " + group + " \n"));
  CHECK(writable(0555, other + "CapEff:\t0000000000000002\n"));
}

TEST_CASE("threads have their own names and ids, and the rest of their process") {
  ProcTree tree;
  add_process(tree, 50, 2);
  tree.link("proc/50/fd/2", "pipe:[17]");
  tree.file("proc/50/task/50/stat", "");
  tree.file("proc/50/task/51/stat", stat_text(51, "helper", 'S', 1, 2));
  tree.file("proc/50/task/51/status",
            "Tgid:\t50\nUid:\t9\t9\t9\t9\nNSpid:\t51\t4\nNStgid:\t50\t3\n");
  tree.file("proc/50/task/52/stat", stat_text(52, "ended", 'Z', 1, 2));
  tree.file("proc/50/task/52/status", "Tgid:\t50\n");
  KeptRecords records;
  const ProcCounts counts = scan(tree, records);
  CHECK(records.order == std::vector<int64_t>{50, -1 - 2, 51});
  const ThreadRecord& thread = records.threads.at(51);
  CHECK(thread.pid == 50);
  CHECK(thread.uid == 9);
  CHECK(thread.vtid == 4);
  CHECK(thread.vpid == 3);
  CHECK(thread.flags == ((1u << 13) | 1u));
  CHECK(records.texts.at(51).at("comm") == "helper");
  CHECK(records.texts.at(51).at("exepath") == tree.root() + "/bin/worker");
  CHECK(counts.processes == 1);
  CHECK(counts.threads == 2);
  CHECK(counts.fds == 1);
}

TEST_CASE("many processes are read by several threads, and come in their order") {
  constexpr int64_t first = 1000, many = 400;
  ProcTree tree;
  for (int64_t pid = first; pid < first + many; ++pid) {
    add_process(tree, pid);
    tree.link("proc/" + std::to_string(pid) + "/fd/3", "pipe:[" + std::to_string(pid) + "]");
  }
  KeptRecords one, several;
  const auto scan_with = [&](unsigned readers, KeptRecords& records) {
    size_t told = 0;
    ProcScanner scanner({.root = tree.root(),
                         .progress = [&](size_t done) { told = std::max(told, done); },
                         .readers = readers});
    const Result<ProcCounts> counts = scanner.scan(records);
    REQUIRE(counts);
    CHECK(counts->processes == many);
    CHECK(counts->fds == many);
    CHECK(told > many / 2);
  };
  scan_with(1, one);
  scan_with(4, several);
  CHECK(several.order == one.order);
  CHECK(several.texts == one.texts);
  CHECK(several.texts.at(first + many - 1).at("cwd") == "/srv");
  CHECK(several.fds.at(first + 77).at(3).name == one.fds.at(first + 77).at(3).name);
}

TEST_CASE("a nested pid namespace began with its first process") {
  ProcTree tree;
  tree.file("proc/stat", "btime 1000\n");
  for (const int64_t pid : {50, 60}) {
    const std::string at = "proc/" + std::to_string(pid) + "/";
    add_process(tree, pid);
    tree.file(at + "status", "Tgid:\t50\nNStgid:\t50\t8\t7\nNSpid:\t50\t8\t7\nNSpgid:\t40\t6\t5\n");
    std::filesystem::remove(tree.root() + "/" + at + "root");
    tree.link(at + "root", tree.root() + "/container");
  }
  tree.link("proc/50/ns/pid", "pid:[9]");
  tree.link("proc/60/ns/pid", "pid:[10]");
  tree.link("container/proc/1/ns/pid", "pid:[9]");
  tree.file("container/proc/1/stat", stat_text(1, "init", 'S', 0, 1));
  KeptRecords records;
  scan(tree, records);
  const ThreadRecord& thread = records.threads.at(50);
  CHECK(thread.vtid == 7);
  CHECK(thread.vpid == 7);
  CHECK(thread.vpgid == 5);
  CHECK(thread.pgid == 40);
  CHECK(thread.pidns_init_start_ts == 1000 * second + 250 * second / sysconf(_SC_CLK_TCK));
  // The /proc that it sees is of another namespace.
  CHECK(records.threads.at(60).pidns_init_start_ts == 0);
}

TEST_CASE("kernel threads, dead processes and dead main threads") {
  ProcTree tree;
  tree.file("proc/2/stat", stat_text(2, "kthreadd", 'S', 0, 1, "2129984"));
  tree.file("proc/2/status", "Tgid:\t2\n");
  tree.link("proc/2/cwd", "/");
  tree.link("proc/2/root", "/");
  tree.file("proc/3/stat", stat_text(3, "unwaited", 'Z', 1, 1));
  tree.file("proc/3/status", "Tgid:\t3\n");
  add_process(tree, 50, 2);
  tree.file("proc/50/task/51/cmdline", "lives\0on\0"s);
  tree.file("proc/50/task/51/stat", stat_text(51, "lives", 'S', 1, 2));
  tree.file("proc/50/task/51/status", "Tgid:\t50\n");
  tree.link("proc/50/task/51/fd/4", "pipe:[5]");
  tree.file("proc/50/stat", stat_text(50, "worker", 'Z', 1, 2));
  KeptRecords records;
  scan(tree, records);
  CHECK(records.texts.at(2).at("comm") == "kthreadd");
  CHECK(records.texts.at(2).at("exe") == "");
  CHECK(!records.threads.contains(3));
  CHECK(records.threads.at(50).own->bits == OwnThreadFields::dead);
  CHECK(records.texts.at(50).at("exe") == "lives");
  CHECK(records.threads.at(51).own->bits == 0);
  CHECK(records.fds.at(50).contains(4));
}

TEST_CASE("a process that cannot be read is kept with what is known, and does not stop the scan") {
  ProcTree tree;
  add_process(tree, 50);
  add_process(tree, 70);
  const std::string garbage = "\xff\0(((\n\n\x01:::\t\t-99999999999999999999999999 \0"s;
  for (const char* name : {"stat", "status", "cmdline", "environ", "cgroup", "loginuid", "limits",
                           "net/tcp", "net/unix", "net/netlink", "fdinfo/3"})
    tree.file("proc/60/"s + name, garbage + std::string(200000, '\xfe') + garbage);
  tree.link("proc/60/fd/3", "socket:[zz");
  tree.link("proc/60/fd/4", "pipe:[");
  tree.link("proc/60/fd/5", "anon_inode:");
  tree.link("proc/60/exe", std::string(3000, 'x'));
  tree.file("proc/61/stat", "61 (cut");
  tree.file("proc/61/status", "");
  tree.directory("proc/62");  // ended
  tree.file("proc/99999999999999999999/stat", "");
  tree.file("proc/63", "not a directory");
  KeptRecords records;
  const ProcCounts counts = scan(tree, records);
  CHECK(records.texts.at(50).at("comm") == "worker");
  CHECK(records.texts.at(70).at("comm") == "worker");
  CHECK(records.threads.at(60).pid == 60);
  CHECK(records.texts.at(60).at("env").size() == 4096);
  CHECK(records.texts.at(60).at("env").back() == '\0');
  CHECK(records.fds.at(60).size() == 3);
  CHECK(records.threads.at(61).pid == 61);
  CHECK(!records.threads.contains(62));
  CHECK(records.threads.contains(63));
  CHECK(counts.vanished == 1);
  CHECK(counts.incomplete == 3);
}

TEST_CASE("without /proc there is an error") {
  ProcTree tree;
  KeptRecords records;
  ProcScanner scanner({.root = tree.root()});
  CHECK(!scanner.scan(records));
  CHECK(!scanner.scan_thread(1, records));
}

TEST_CASE("the scan of the machine finds this process as it is") {
  const std::string path = "/tmp/gyr-proc-test-" + std::to_string(getpid());
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd in(ends[0]), out(ends[1]);
  const UniqueFd event(eventfd(0, 0));
  const UniqueFd memory(static_cast<int>(syscall(SYS_memfd_create, "gyr-test", 0)));
  const UniqueFd listening(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(bind(listening.get(), generic, size) == 0);
  REQUIRE(listen(listening.get(), 1) == 0);
  REQUIRE(getsockname(listening.get(), generic, &size) == 0);
  const UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
  REQUIRE(connect(client.get(), generic, sizeof address) == 0);
  const UniqueFd fresh(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const UniqueFd local(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string abstract = "gyr-test-" + std::to_string(getpid());
  std::copy(abstract.begin(), abstract.end(), name.sun_path + 1);
  REQUIRE(bind(local.get(), reinterpret_cast<sockaddr*>(&name),
               static_cast<socklen_t>(sizeof(sa_family_t) + 1 + abstract.size())) == 0);

  KeptRecords records;
  ProcScanner scanner({});
  REQUIRE(scanner.scan(records));
  const int64_t pid = getpid();
  REQUIRE(records.threads.contains(pid));
  CHECK(records.texts.at(pid).at("comm") == "unit");
  char cwd[4096];
  CHECK(records.texts.at(pid).at("cwd") == std::string(getcwd(cwd, sizeof cwd)));
  CHECK(records.texts.at(pid).at("exepath").ends_with("/unit"));
  CHECK(records.threads.at(pid).uid == geteuid());
  CHECK(records.threads.at(pid).ptid == getppid());
  CHECK(records.threads.at(pid).pgid == getpgrp());
  CHECK(records.threads.at(pid).exe_ino != 0);
  CHECK(records.threads.at(pid).fdlimit > 0);
  CHECK(records.machine_info.cpus > 0);
  CHECK(std::find(records.interfaces.begin(), records.interfaces.end(), "lo") !=
        records.interfaces.end());

  const auto& fds = records.fds.at(pid);
  CHECK(fds.at(file.get()).name == path);
  CHECK(fds.at(file.get()).record.type == FdType::file_v2);
  CHECK((fds.at(file.get()).record.open_flags & 0x100F) == (0x2 | 0x8 | 0x1000));
  CHECK(fds.at(in.get()).record.type == FdType::fifo);
  CHECK(fds.at(in.get()).record.ino == fds.at(out.get()).record.ino);
  CHECK(fds.at(event.get()).record.type == FdType::eventfd);
  CHECK(fds.at(memory.get()).record.type == FdType::memfd);
  const FdRecord& server = fds.at(listening.get()).record;
  CHECK(server.type == FdType::ipv4_server);
  CHECK(server.source == IpAddress{127, 0, 0, 1});
  CHECK(server.source_port == ntohs(address.sin_port));
  CHECK(fds.at(client.get()).record.type == FdType::ipv4_socket);
  CHECK(fds.at(client.get()).record.destination_port == ntohs(address.sin_port));
  const FdRecord& unbound = fds.at(fresh.get()).record;
  CHECK(unbound.type == FdType::ipv6_socket);
  CHECK(unbound.l4 == L4Protocol::tcp);
  CHECK(unbound.open_flags == (0x3 | 0x1000));
  REQUIRE(unbound.own);
  CHECK(!(unbound.own->bits & OwnFdFields::connected));
  CHECK(fds.at(local.get()).name == "@" + abstract);
  CHECK(fds.at(local.get()).record.type == FdType::unix_socket);
  unlink(path.c_str());
}

TEST_CASE("one thread is looked up by its number") {
  ProcScanner scanner({});
  KeptRecords records;
  CHECK(scanner.scan_thread(getpid(), records));
  CHECK(records.texts.at(getpid()).at("comm") == "unit");
  CHECK(!records.fds.at(getpid()).empty());
  CHECK(records.threads.size() == 1);
  int64_t tid = 0;
  std::thread([&] {
    tid = gettid();
    CHECK(scanner.scan_thread(tid, records));
  }).join();
  CHECK(records.threads.at(tid).pid == getpid());
  CHECK(records.threads.at(tid).flags != 0);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  CHECK(!scanner.scan_thread(child, records));
}

TEST_CASE("the state takes a scan in as it takes in the records of a trace") {
  State state;
  StateImport import(state, true);
  ProcScanner scanner({});
  const auto counts = scanner.scan(import);
  import.records_end();
  REQUIRE(counts);
  const Thread* self = state.threads.find(getpid());
  REQUIRE(self != nullptr);
  CHECK(self->comm == "unit");
  CHECK(self->process->cwd.view().ends_with('/'));
  CHECK(self->clone_ts > state.machine.boot_ts);
  CHECK(state.threads.find(getppid()) != nullptr);
}
