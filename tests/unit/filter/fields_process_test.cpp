// proc.*
#include <doctest/doctest.h>

#include <set>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

constexpr uint32_t as_thread = clone_thread | clone_files;
const std::string args = texts({"-c", "", "a b"});
const std::string env = texts({"PATH=/bin", "EMPTY=", "PAD=  two words ", "PATHS=x"});
const std::string parent_env = texts({"PATH=/sbin", "ONLY=parent"});
const std::string cgroups = texts({"perf=/x", "mem_cgroup=/y", "io=/z", "cpuset=/w"});

ThreadRecord process(int64_t tid, int64_t ptid, std::string_view comm) {
  ThreadRecord t;
  t.tid = t.pid = t.vtid = t.vpid = tid;
  t.ptid = ptid;
  t.comm = t.exe = comm;
  t.sid = 100;
  t.vpgid = t.pgid = tid;
  return t;
}

ThreadRecord full() {
  ThreadRecord t = process(102, 101, "cat");
  t.exe = "./cat";
  t.exepath = "/bin/cat";
  t.args = as_bytes_of(args);
  t.env = as_bytes_of(env);
  t.cgroups = as_bytes_of(cgroups);
  t.cwd = "/home";
  t.tty = 34816;
  t.fdlimit = 4;
  t.vmsize_kb = 7, t.vmrss_kb = 8, t.vmswap_kb = 9;
  t.exe_writable = t.exe_from_memfd = true;
  t.exe_ino = 77;
  t.exe_ino_ctime = 2000, t.exe_ino_mtime = 1000, t.pidns_init_start_ts = 500;
  t.vpgid = t.pgid = 101;
  return t;
}

/// init, a login shell, a script in it, and cat in that; cat has a thread.
struct Box : World {
  Box() : World(threads()) {
    has(102, {named_fd(0, FdType::fifo, "pipe:[1]"), named_fd(1, FdType::file_v2, "/dev/tty")});
    look(102);
  }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord script = process(101, 100, "script");
    script.exepath = "/bin/bash";
    script.args = as_bytes_of(args);
    script.env = as_bytes_of(parent_env);
    script.vpid = 11;
    ThreadRecord shell = process(100, 1, "zsh");
    shell.exepath = "/bin/zsh";
    ThreadRecord worker = process(103, 101, "worker");
    worker.pid = worker.vpid = 102;
    worker.flags = as_thread;
    ThreadRecord init = process(1, 0, "init");
    init.sid = 1;
    return {init, shell, script, full(), worker};
  }
  /// An event that changes nothing, of that thread.
  void look(int64_t tid) { by(tid).event(type::getuid_exit, {u32(0)}); }
};

}  // namespace

TEST_CASE("what a process runs") {
  Box w;
  CHECK(field(w, "proc.name") == "cat");
  CHECK(field(w, "proc.exe") == "./cat");
  CHECK(field(w, "proc.exepath") == "/bin/cat");
  CHECK(field(w, "proc.args") == "-c  a b");
  CHECK(field(w, "proc.args[0]") == "-c");
  CHECK(field(w, "proc.args[1]") == "");
  CHECK(field(w, "proc.args[2]") == "a b");
  CHECK(field(w, "proc.args[3]") == "");
  CHECK(field(w, "proc.cmdline") == "cat -c  a b");
  CHECK(field(w, "proc.exeline") == "./cat -c  a b");
  CHECK(field(w, "proc.cmdnargs") == "3");
  CHECK(field(w, "proc.cmdlenargs") == "5");
  CHECK(field(w, "proc.cwd") == "/home/");
  w.look(100);
  CHECK(field(w, "proc.cmdline") == "zsh");
  CHECK(field(w, "proc.exeline") == "zsh ");
  CHECK(field(w, "proc.cmdnargs") == "0");
  CHECK(field(w, "proc.cwd") == "");
}

TEST_CASE("the environment, whole and by variable") {
  Box w;
  CHECK(field(w, "proc.env") == "PATH=/bin EMPTY= PAD=  two words  PATHS=x");
  CHECK(field(w, "proc.env[PATH]") == "/bin");
  CHECK(field(w, "proc.env[PAD]") == "two words");
  CHECK(field(w, "proc.env[EMPTY]") == "");
  CHECK(field(w, "proc.env[NONE]") == "");
  CHECK(field(w, "proc.aenv[PATH]") == "/sbin");
  CHECK(field(w, "proc.aenv[ONLY]") == "parent");
  CHECK(field(w, "proc.aenv[NONE]") == "");
  CHECK(field(w, "proc.aenv[0]") == field(w, "proc.env"));
  CHECK(field(w, "proc.aenv[1]") == "PATH=/sbin ONLY=parent");
  CHECK(field(w, "proc.aenv[4]") == "NULL");
  CHECK(field(w, "proc.aenv") == "PATH=/sbin ONLY=parent |  | ");
  CHECK(printed(w, "proc.aenv") == field(w, "proc.env"));
}

TEST_CASE("the file of the program") {
  Box w;
  CHECK(field(w, "proc.is_exe_writable") == "true");
  CHECK(field(w, "proc.is_exe_upper_layer") == "false");
  CHECK(field(w, "proc.is_exe_lower_layer") == "false");
  CHECK(field(w, "proc.is_exe_from_memfd") == "true");
  CHECK(field(w, "proc.exe_ino") == "77");
  CHECK(field(w, "proc.exe_ino.ctime") == "2000");
  CHECK(field(w, "proc.exe_ino.mtime") == "1000");
  CHECK(field(w, "proc.exe_ino.ctime_duration_pidns_start") == "1500");
  CHECK(field(w, "proc.exe_ino.ctime_duration_proc_start") == "NULL");  // start unknown
  CHECK(field(w, "proc.pidns_init_start_ts") == "500");
  w.look(100);
  CHECK(field(w, "proc.exe_ino") == "NULL");
  CHECK(field(w, "proc.exe_ino.ctime") == "NULL");
  CHECK(field(w, "proc.exe_ino.ctime_duration_pidns_start") == "NULL");
}

TEST_CASE("ids, sessions and groups") {
  Box w;
  CHECK(field(w, "proc.pid") == "102");
  CHECK(field(w, "proc.vpid") == "102");
  CHECK(field(w, "proc.tty") == "34816");
  CHECK(field(w, "proc.sid") == "100");
  CHECK(field(w, "proc.sname") == "zsh");
  CHECK(field(w, "proc.sid.exe") == "zsh");
  CHECK(field(w, "proc.sid.exepath") == "/bin/zsh");
  CHECK(field(w, "proc.is_sid_leader") == "false");
  CHECK(field(w, "proc.pgid") == "101");
  CHECK(field(w, "proc.pgid.name") == "script");
  CHECK(field(w, "proc.pgid.exe") == "script");
  CHECK(field(w, "proc.vpgid.exepath") == "/bin/bash");
  CHECK(field(w, "proc.vpgid.name") == "script");
  CHECK(field(w, "proc.is_pgid_leader") == "false");
  CHECK(field(w, "proc.is_vpgid_leader") == "false");
  w.look(100);
  CHECK(field(w, "proc.is_sid_leader") == "true");
  CHECK(field(w, "proc.is_pgid_leader") == "true");
  CHECK(field(w, "proc.is_vpgid_leader") == "true");
}

TEST_CASE(
    "a leader that is gone, or is a number of another namespace, is the eldest in the group") {
  ThreadRecord parent = process(20, 10, "parent"), child = process(30, 20, "child");
  ThreadRecord outside = process(10, 1, "outside");
  parent.sid = child.sid = 5;
  parent.pgid = child.pgid = 5;
  parent.vtid = 1, child.vtid = 3;
  World w({outside, parent, child, process(5, 1, "another")});
  w.by(30).event(type::getuid_exit, {u32(0)});
  CHECK(field(w, "proc.sname") == "parent");
  CHECK(field(w, "proc.sid.exe") == "parent");
  CHECK(field(w, "proc.pgid.name") == "another");  // pgid is a number of the host
  w.by(20).event(type::getuid_exit, {u32(0)});
  CHECK(field(w, "proc.sname") == "parent");  // itself
  CHECK(field(w, "proc.sid.exe") == "");
}

TEST_CASE("an unknown session has no leader, but a name as in sysdig 0.29") {
  ThreadRecord parent = process(20, 1, "parent"), child = process(30, 20, "child");
  parent.sid = child.sid = parent.pgid = child.pgid = -1;
  World w({parent, child});
  w.by(30).event(type::getuid_exit, {u32(0)});
  CHECK(field(w, "proc.sid") == "-1");
  CHECK(field(w, "proc.sname") == "parent");
  CHECK(field(w, "proc.sid.exe") == "");
  CHECK(field(w, "proc.pgid.name") == "");
}

TEST_CASE("parents and ancestors") {
  Box w;
  CHECK(field(w, "proc.ppid") == "101");
  CHECK(field(w, "proc.pvpid") == "11");
  CHECK(field(w, "proc.pname") == "script");
  CHECK(field(w, "proc.pexe") == "script");
  CHECK(field(w, "proc.pexepath") == "/bin/bash");
  CHECK(field(w, "proc.pcmdline") == "script -c  a b");
  CHECK(field(w, "proc.aname[0]") == "cat");
  CHECK(field(w, "proc.aname[1]") == "script");
  CHECK(field(w, "proc.aname[3]") == "init");
  CHECK(field(w, "proc.aname[4]") == "NULL");
  CHECK(field(w, "proc.apid[2]") == "100");
  CHECK(field(w, "proc.aexe[2]") == "zsh");
  CHECK(field(w, "proc.aexepath[1]") == "/bin/bash");
  CHECK(field(w, "proc.acmdline[1]") == "script -c  a b");
  CHECK(field(w, "proc.aargs[1]") == "-c  a b");
  CHECK(field(w, "proc.loginshellid") == "100");
  w.look(1);
  CHECK(field(w, "proc.pname") == "NULL");
  CHECK(field(w, "proc.aname") == "NULL");
  CHECK(field(w, "proc.loginshellid") == "NULL");
}

TEST_CASE("a parent is a main thread; in sysdig 0.29's dialect the thread that called clone") {
  Box w;
  // A worker of 101 makes another one, which forks.
  w.by(101).event(type::clone_20_exit, clone_params({201, 101, 101, 100, as_thread, "first"}));
  w.by(201).event(type::clone_20_exit, clone_params({202, 201, 101, 100, as_thread, "second"}));
  w.by(202).event(type::fork_20_exit, clone_params({300, 202, 101, 100, 0, "child"}));
  w.look(300);
  CHECK(field(w, "proc.pname") == "script");
  CHECK(field(w, "proc.ppid") == "101");
  CHECK(as_0_29(w, "proc.pname") == "second");
  CHECK(as_0_29(w, "proc.ppid") == "202");
  CHECK(field(w, "proc.aname") == "script | zsh | init");
  CHECK(as_0_29(w, "proc.aname") == "second | first | script | zsh | init");
  CHECK(as_0_29(w, "proc.apid[2]") == "101");
  w.look(202);
  CHECK(field(w, "proc.pname") == "zsh");
  CHECK(as_0_29(w, "proc.pname") == "first");
}

TEST_CASE("orphans are adopted; in sysdig 0.29's dialect they have no parent") {
  Box w;
  w.look(101);
  w.event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0), i64(1)});
  w.look(102);
  CHECK(field(w, "proc.ppid") == "1");
  CHECK(as_0_29(w, "proc.ppid") == "101");
  for (const char* of_parent : {"proc.pname", "proc.pexe", "proc.aname[1]"}) {
    CHECK(field(w, of_parent) == "init");
    CHECK(as_0_29(w, of_parent) == "NULL");
  }
  CHECK(field(w, "proc.aname") == "init");
  CHECK(as_0_29(w, "proc.aname") == "NULL");
  CHECK(as_0_29(w, "proc.apid[0]") == "102");
  CHECK(as_0_29(w, "proc.loginshellid") == "NULL");
}

TEST_CASE("without a number all ancestors are candidates; output is of the process, or of all") {
  Box w;
  CHECK(field(w, "proc.aname") == "script | zsh | init");
  CHECK(field(w, "proc.apid") == "101 | 100 | 1");
  CHECK(field(w, "proc.aexepath") == "/bin/bash | /bin/zsh | ");
  CHECK(field(w, "proc.acmdline") == "script -c  a b | zsh | init");
  CHECK(field(w, "proc.aargs") == "-c  a b  ");
  CHECK(printed(w, "proc.aname") == "script zsh init");
  CHECK(printed(w, "proc.apid") == "102");
  CHECK(printed(w, "proc.aname[1]") == "script");
  CHECK(printed(w, "proc.aexe") == "script zsh init");
  CHECK(printed(w, "proc.acmdline") == "script -c  a b zsh init");
}

TEST_CASE("a thread has the ancestors of its process") {
  Box w;
  w.look(103);
  CHECK(field(w, "proc.pid") == "102");
  CHECK(field(w, "proc.aname") == "script | zsh | init");
  CHECK(field(w, "proc.pname") == "script");
  CHECK(field(w, "proc.ppid") == "101");
  w.by(104).event(type::clone_20_exit, clone_params({0, 104, 102, 101, as_thread, "made"}));
  CHECK(field(w, "proc.pname") == "script");
  CHECK(as_0_29(w, "proc.pname") == "cat");
  CHECK(as_0_29(w, "proc.pcmdline") == "cat -c  a b");
  CHECK(field(w, "proc.ppid") == "101");
  CHECK(field(w, "proc.aname[1]") == "script");
}

TEST_CASE("ancestors in a circle end") {
  World w({process(10, 11, "a"), process(11, 10, "b"), process(12, 11, "c"), process(9, 9, "d")});
  for (const int64_t tid : {10, 11, 12, 9}) {
    w.by(tid).event(type::getuid_exit, {u32(0)});
    CHECK(field(w, "proc.aname[4000000000]") == "NULL");
    CHECK(field(w, "proc.sname").size() == 1);
    CHECK(field(w, "proc.loginshellid") == "NULL");
    CHECK(field(w, "proc.aname").size() < 40);
  }
}

TEST_CASE("unknown threads have a pid, and no more") {
  World w;
  w.by(50).event(type::getuid_exit, {u32(0)});
  CHECK(field(w, "proc.pid") == "50");
  CHECK(field(w, "proc.name") == "<NA>");
  CHECK(field(w, "proc.vpid") == "NULL");
  CHECK(field(w, "proc.ppid") == "NULL");
  CHECK(as_0_29(w, "proc.ppid") == "-1");
  CHECK(field(w, "proc.pname") == "NULL");
  CHECK(field(w, "proc.apid[0]") == "50");
  CHECK(field(w, "proc.nthreads") == "1");
  CHECK(field(w, "proc.nchilds") == "0");
  CHECK(field(w, "proc.cwd") == "");
  CHECK(field(w, "proc.duration") == "NULL");
  CHECK(field(w, "proc.fdlimit") == "-1");
}

TEST_CASE("events without a thread have no process") {
  World w;
  w.event(type::user_added_enter,
          {u32(7), u32(8), text("app"), text("/srv"), text("/bin/false"), text("")});
  for (const filter::FieldClass& group : filter::field_classes()) {
    if (group.name != "process" && group.name != "user" && group.name != "group" &&
        group.name != "container" && group.name != "k8s")
      continue;
    for (const filter::Field& row : group.fields) {
      std::string name(row.name);
      if ((row.flags & filter::arg_required) != 0) name += "[a]";
      CAPTURE(name);
      CHECK(field(w, name) == "NULL");
    }
  }
}

TEST_CASE("times") {
  Box w;
  CHECK(field(w, "proc.duration") == "NULL");
  CHECK(field(w, "proc.pid.ts") == "NULL");
  const uint64_t start = w.now();
  w.by(102).event(type::clone_20_exit, clone_params({200, 102, 102, 101, 0, "cat"}));
  w.at(start + 5'000);
  w.look(200);
  CHECK(field(w, "proc.duration") == "5000");
  CHECK(field(w, "proc.pid.ts") == std::to_string(start));
  CHECK(field(w, "proc.ppid.ts") == "0");
  CHECK(field(w, "proc.ppid.duration") == "NULL");
  w.at(start - 10);  // another CPU's clock
  w.look(200);
  CHECK(field(w, "proc.duration") == "0");
  w.at(start + 6'000).by(200).event(type::clone_20_exit, clone_params({201, 200, 200, 102}));
  w.at(start + 9'000);
  w.look(201);
  CHECK(field(w, "proc.duration") == "3000");
  CHECK(field(w, "proc.ppid.duration") == "9000");
  CHECK(field(w, "proc.ppid.ts") == std::to_string(start));
}

TEST_CASE("threads are counted until they exit; in sysdig 0.29's dialect until that has passed") {
  Box w;
  CHECK(field(w, "proc.nthreads") == "2");
  CHECK(field(w, "proc.nchilds") == "1");
  w.look(103);
  CHECK(field(w, "proc.nthreads") == "2");
  CHECK(field(w, "proc.nchilds") == "1");
  w.event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  CHECK(field(w, "proc.nthreads") == "1");
  CHECK(as_0_29(w, "proc.nthreads") == "2");
  w.look(102);
  for (const auto& value : {field(w, "proc.nthreads"), as_0_29(w, "proc.nthreads")})
    CHECK(value == "1");
  CHECK(field(w, "proc.nchilds") == "0");
}

TEST_CASE("a main thread that has ended is not counted, but in sysdig 0.29's dialect") {
  Box w;
  w.look(102);
  w.event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  w.look(103);
  CHECK(field(w, "proc.nthreads") == "1");
  CHECK(field(w, "proc.nchilds") == "1");
  CHECK(as_0_29(w, "proc.nthreads") == "2");
  CHECK(as_0_29(w, "proc.nchilds") == "1");
}

TEST_CASE("descriptors and memory") {
  Box w;
  CHECK(field(w, "proc.fdopencount") == "2");
  CHECK(field(w, "proc.fdlimit") == "4");
  CHECK(field(w, "proc.fdusage") == "50");
  CHECK(field(w, "proc.vmsize") == "7");
  CHECK(field(w, "proc.vmrss") == "8");
  CHECK(field(w, "proc.vmswap") == "9");
  CHECK(field(w, "proc.stdin.type") == "pipe");
  CHECK(field(w, "proc.stdin.name") == "pipe:[1]");
  CHECK(field(w, "proc.stdout.type") == "file");
  CHECK(field(w, "proc.stdout.name") == "/dev/tty");
  CHECK(field(w, "proc.stderr.type") == "NULL");
  CHECK(field(w, "proc.stderr.name") == "NULL");
  w.look(103);
  CHECK(field(w, "proc.fdopencount") == "2");
  CHECK(field(w, "proc.stdin.type") == "pipe");
  w.look(100);
  CHECK(field(w, "proc.fdopencount") == "0");
  CHECK(field(w, "proc.fdusage") == "0");  // no limit is known
}

TEST_CASE("rows of processes are complete") {
  std::set<std::string_view> names;
  for (const filter::FieldClass& group : filter::field_classes())
    for (const filter::Field& row : group.fields) {
      CAPTURE(row.name);
      CHECK(names.insert(row.name).second);
      const bool can_be_extracted = row.extract != nullptr;
      CHECK(can_be_extracted);
      CHECK(row.doc.ends_with('.'));
    }
}
