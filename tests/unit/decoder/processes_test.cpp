// clone, exec and exit: threads come, change and go.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

constexpr uint32_t files = clone_files, as_thread = clone_thread | clone_files;
constexpr uint64_t second = 1'000'000'000;

ThreadRecord process(int64_t tid, int64_t ptid, std::string_view comm) {
  ThreadRecord t;
  t.tid = t.pid = t.vtid = t.vpid = tid;
  t.ptid = ptid;
  t.comm = t.exe = comm;
  t.cwd = "/home/";
  t.sid = 50;
  t.exepath = "/bin/sh";
  t.loginuid = 1000;
  return t;
}

ThreadRecord sibling(int64_t tid, int64_t pid) {
  ThreadRecord t = process(tid, 1, "worker");
  t.pid = t.vpid = pid;
  t.flags = as_thread;
  return t;
}

/// init, and a shell with two open files.
struct Box : World {
  Box() : World({process(1, 0, "init"), process(100, 1, "bash")}) {
    has(100, {named_fd(0, FdType::file_v2, "/dev/tty"), named_fd(3, FdType::file_v2, "/x")});
  }
  std::string clone_caller(int64_t child, uint32_t flags = 0) {
    by(100);
    return event(type::clone_20_exit, clone_params({child, 100, 100, 1, flags, "bash"}));
  }
  std::string clone_child(int64_t child, uint32_t flags = 0) {
    by(child);
    return event(type::clone_20_exit, clone_params({0, child, child, 100, flags, "bash"}));
  }
  std::string exit_of(int64_t tid) {
    by(tid);
    return event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  }
  /// Any event: what the one before left to do is done.
  void tick() { by(1).event(type::getcwd_exit, {i64(-1)}); }
};

}  // namespace

TEST_CASE("the caller's event makes the child, with copies of what the parent has") {
  Box m;
  CHECK(m.clone_caller(101).starts_with("res=101(bash) exe=bash args=NULL tid=100(bash) "));
  const Thread* child = m.thread(101);
  REQUIRE(child != nullptr);
  CHECK(child->pid == 101);
  CHECK(child->ptid == 100);
  CHECK(child->parent == m.thread(100));
  CHECK(child->vtid == 101);
  CHECK(child->comm == "bash");
  CHECK(child->sid == 50);
  CHECK(child->loginuid == 1000);
  CHECK(child->exepath.view() == "/bin/sh");
  CHECK(child->clone_ts == TraceBuilder::first_ts);
  CHECK(m.cwd(101) == "/home/");
  CHECK(m.fd(101, 3) == "<f>/x");
  CHECK(child->fds.get() != m.thread(100)->fds.get());
}

TEST_CASE("caller first, then child: the child stays as the caller made it") {
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  CHECK(m.clone_child(101).starts_with("res=0 exe=bash"));
  CHECK(m.fd(101, 5) == "<f>/y");
  CHECK((m.thread(101)->flags & thread_inverted) == 0);
}

TEST_CASE("child first, then caller: the child stays as its own event made it") {
  Box m;
  m.clone_child(101);
  REQUIRE(m.thread(101) != nullptr);
  CHECK((m.thread(101)->flags & thread_inverted) != 0);
  CHECK(m.thread(101)->parent == m.thread(100));
  CHECK(m.fd(101, 3) == "<f>/x");
  CHECK(m.cwd(101) == "/home/");
  m.by(101).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  CHECK(m.clone_caller(101).starts_with("res=101(bash) "));
  CHECK(m.fd(101, 5) == "<f>/y");
}

TEST_CASE("fork and clone3 make children as clone does; failures make none") {
  Box m;
  m.by(100).event(type::fork_20_exit, clone_params({101, 100, 100, 1, 0, "bash"}));
  m.event(type::clone3_exit, clone_params({102, 100, 100, 1, 0, "bash"}));
  CHECK(m.thread(101) != nullptr);
  CHECK(m.thread(102) != nullptr);
  CHECK(m.event(type::fork_20_exit, clone_params({-11, 100, 100, 1, 0, "bash"}))
            .starts_with("res=-11 exe=bash "));
  CHECK(m.state.threads.size() == 4);
}

TEST_CASE("after vfork only the child's own event makes it") {
  Box m;
  m.by(100).event(type::vfork_20_exit, clone_params({101, 100, 100, 1, 0, "bash"}));
  CHECK(m.thread(101) == nullptr);
  m.clone_caller(102, clone_vfork);
  CHECK(m.thread(102) == nullptr);
  m.by(101).event(type::vfork_20_exit, clone_params({0, 101, 101, 100, 0, "bash"}));
  CHECK(m.thread(101) != nullptr);
  CHECK(m.fd(101, 3) == "<f>/x");
}

TEST_CASE("a thread shares descriptors, directory and process") {
  Box m;
  m.clone_caller(101, as_thread);
  const Thread* thread = m.thread(101);
  REQUIRE(thread != nullptr);
  CHECK(thread->pid == 100);
  CHECK(thread->ptid == 1);
  CHECK(thread->process.get() == m.thread(100)->process.get());
  m.by(101).event(type::open_exit, {i64(5), text("y"), u32(1), u32(0)});
  CHECK(m.fd(100, 5) == "<f>/home/y");
  m.by(101).event(type::chdir_exit, {i64(0), text("sub")});
  CHECK(m.cwd(100) == "/home/sub/");
}

TEST_CASE("a thread whose main thread was never seen shares with the one that made it") {
  World w;
  w.by(201).event(type::clone_20_exit, clone_params({202, 201, 200, 1, as_thread, "srv"}));
  CHECK(w.comm(201) == "srv");
  REQUIRE(w.thread(202) != nullptr);
  CHECK(w.thread(202)->pid == 200);
  w.by(201).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  CHECK(w.fd(202, 5) == "<f>/y");
  w.by(201).event(type::chdir_exit, {i64(0), text("/srv")});
  CHECK(w.cwd(202) == "/srv/");
}

TEST_CASE("a thread's own event makes the main thread that was never seen") {
  World w;
  w.by(202).event(type::clone_20_exit, clone_params({0, 202, 200, 1, as_thread, "srv", 202, 200}));
  REQUIRE(w.thread(200) != nullptr);
  CHECK(w.comm(200) == "srv");
  CHECK(w.thread(200)->pid == 200);
  CHECK(w.thread(200)->ptid == 1);
  CHECK(w.thread(200)->process.get() == w.thread(202)->process.get());
  w.by(200).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  CHECK(w.fd(202, 5) == "<f>/y");
}

TEST_CASE("a thread that has ended is not made again by the event of its maker that comes late") {
  Box m;
  m.by(101).event(type::clone_20_exit, clone_params({0, 101, 100, 1, as_thread, "bash"}));
  m.exit_of(101);
  m.tick();
  CHECK(m.comm(101) == "none");
  m.clone_caller(101, as_thread);
  CHECK(m.comm(101) == "none");
}

TEST_CASE("CLONE_FILES shares the descriptors but not the directory") {
  Box m;
  m.clone_caller(101, files);
  CHECK(m.thread(101)->pid == 101);
  m.by(101).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  CHECK(m.fd(100, 5) == "<f>/y");
  m.by(101).event(type::chdir_exit, {i64(0), text("/tmp")});
  CHECK(m.cwd(101) == "/tmp/");
  CHECK(m.cwd(100) == "/home/");
}

TEST_CASE("without CLONE_FILES descriptors are separate from then on") {
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  m.event(type::close_exit, {i64(0), i64(3)});
  m.tick();
  CHECK(m.fd(100, 5) == "none");
  CHECK(m.fd(100, 3) == "<f>/x");
  CHECK(m.fd(101, 3) == "none");
}

TEST_CASE("a child in a pid namespace is made by its own event") {
  Box m;
  m.clone_caller(2, clone_newpid);
  CHECK(m.thread(2) == nullptr);
  m.by(300).event(type::clone_20_exit,
                  clone_params({0, 300, 300, 100, clone_newpid, "bash", 1, 1}));
  REQUIRE(m.thread(300) != nullptr);
  CHECK(m.thread(300)->in_pid_namespace());
  CHECK(m.thread(300)->process->is_reaper);
  // What it makes in turn has a number of the inner namespace.
  m.by(300).event(type::clone_20_exit, clone_params({2, 300, 300, 100, 0, "bash", 1, 1}));
  CHECK(m.thread(2) == nullptr);
}

TEST_CASE("CLONE_PARENT: the caller's event says nothing about the parent") {
  Box m;
  m.clone_caller(101, clone_parent);
  CHECK(m.thread(101) == nullptr);
  m.by(101).event(type::clone_20_exit, clone_params({0, 101, 101, 1, clone_parent, "bash"}));
  CHECK(m.thread(101)->parent == m.thread(1));
}

TEST_CASE("a clone event that comes after the child's exit does not bring it back") {
  Box m;
  m.clone_child(101);
  m.exit_of(101);
  m.clone_caller(101);
  CHECK(m.thread(101) == nullptr);
  m.at(m.now() + 3 * second);
  m.clone_caller(101);  // much later it is another thread
  CHECK(m.thread(101) != nullptr);
}

TEST_CASE("a tid that comes again belongs to a new thread") {
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::execve_19_exit, exec_params({0, 101, 101, 100}));
  CHECK(m.comm(101) == "prog");
  m.at(m.now() + 3 * second);  // its exit was lost
  m.clone_caller(101);
  CHECK(m.comm(101) == "bash");
  m.by(101).event(type::execve_19_exit, exec_params({0, 101, 101, 100}));
  m.at(m.now() + 3 * second);
  m.clone_child(101);
  CHECK(m.comm(101) == "bash");
}

TEST_CASE("clocks of CPUs differ: a child's event with an earlier time is not about another one") {
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::open_exit, {i64(5), text("/y"), u32(1), u32(0)});
  m.at(TraceBuilder::first_ts - 500);
  m.clone_child(101);
  CHECK(m.fd(101, 5) == "<f>/y");
}

TEST_CASE("a caller that was not known is filled from its event") {
  World w;
  w.by(100).event(type::clone_20_exit, clone_params({101, 100, 100, 1, 0, "make"}));
  CHECK(w.comm(100) == "make");
  CHECK(w.comm(101) == "make");
  CHECK(w.thread(101)->parent == w.thread(100));
  CHECK(w.thread(100)->parent == nullptr);  // it is not known
  CHECK(w.thread(100)->ptid == 1);
}

TEST_CASE("a thread that is not known gets a placeholder") {
  World w;
  CHECK(w.by(7).event(type::getuid_exit, {u32(0)}) == "uid=0(root)");
  REQUIRE(w.thread(7) != nullptr);
  CHECK(w.thread(7)->is_placeholder());
  CHECK(w.comm(7) == "<NA>");
  CHECK(w.cwd(7) == "./");
  w.by(8).event(type::schedswitch_6_enter, {i64(7), u64(1), u64(2), u32(3), u32(4), u32(5)});
  CHECK(w.thread(8) == nullptr);
  w.by(9).event(type::procexit_1_enter, {i64(0)});
  CHECK(w.thread(9) == nullptr);
}

TEST_CASE("exec replaces the program and keeps the process") {
  Box m;
  m.by(100).event(type::execve_19_exit,
                  exec_params({0, 100, 100, 1, "/bin/cat", "cat", "/usr/bin/cat", "cpu=/x", 33}));
  const Thread* t = m.thread(100);
  CHECK(t->comm == "cat");
  CHECK(t->exe.view() == "/bin/cat");
  CHECK(t->exepath.view() == "/usr/bin/cat");
  CHECK(t->uid == 33);
  CHECK(t->exe_ino == 77);
  CHECK(t->exe_writable);
  CHECK(t->cap_effective == 3);
  CHECK(t->pgid == -1);  // not in the event
  CHECK(t->lastexec_ts == TraceBuilder::first_ts);
  CHECK(m.cwd(100) == "/home/");
  CHECK(t->sid == 50);
  CHECK(t->parent == m.thread(1));
}

TEST_CASE("a failed exec changes nothing") {
  Box m;
  CHECK(m.by(100)
            .event(type::execve_19_exit, exec_params({-2, 100, 100, 1}))
            .starts_with("res=-2(ENOENT) exe=prog "));
  CHECK(m.comm(100) == "bash");
}

TEST_CASE("the program's path comes from the enter event where the exit event has none") {
  Box m;
  m.by(100).event(type::execve_19_enter, {text("../bin/prog")});
  m.event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
  CHECK(m.thread(100)->exepath.view() == "/bin/prog");
  m.event(type::execve_19_enter, {empty()});
  m.event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
  CHECK(m.thread(100)->exepath.view() == "<NA>");
  m.event(type::execve_19_enter, {text("/bin/other")});
  m.event(type::execve_19_exit, exec_params({0, 100, 100, 1, "x", "x", "/bin/true (deleted)"}));
  CHECK(m.thread(100)->exepath.view() == "/bin/true");
}

TEST_CASE("the path of a program that execveat has begun") {
  Box m;
  m.by(100).event(type::open_exit, {i64(5), text("/dir"), u32(0x400), u32(0)});
  const auto begun = [&](int64_t dirfd, const char* name, uint32_t flags) {
    m.event(type::execveat_enter, {i64(dirfd), text(name), u32(flags)});
    m.event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
    return std::string(m.thread(100)->exepath.view());
  };
  constexpr int64_t at_cwd = -100;
  CHECK(begun(5, "prog", 0) == "/dir/prog");
  CHECK(begun(at_cwd, "prog", 0) == "/home/prog");
  CHECK(begun(77, "/bin/prog", 0) == "/bin/prog");
  CHECK(begun(77, "prog", 0) == "<UNKNOWN>/prog");
  CHECK(begun(5, "<NA>", 0) == "<NA>");
  CHECK(begun(5, "", 1) == "/dir");
  CHECK(begun(5, "<NA>", 1) == "/dir");
}

TEST_CASE("exec closes what is marked close-on-exec, for this process only") {
  Box m;
  m.by(100).event(type::open_exit, {i64(5), text("/keep"), u32(1), u32(0)});
  m.event(type::open_exit, {i64(6), text("/close"), u32(0x1001), u32(0)});
  m.clone_caller(101);
  m.clone_caller(102, files);
  for (const int64_t child : {101, 102}) {
    m.by(child).event(type::execve_19_exit, exec_params({0, child, child, 100}));
    CHECK(m.fd(child, 5) == "<f>/keep");
    CHECK(m.fd(child, 6) == "none");
  }
  CHECK(m.fd(100, 6) == "<f>/close");
  // Sharing ended with the exec.
  m.by(102).event(type::open_exit, {i64(7), text("/own"), u32(1), u32(0)});
  CHECK(m.fd(100, 7) == "none");
}

TEST_CASE("exec by the main thread ends the other threads") {
  World w({process(1, 0, "init"), process(100, 1, "srv"), sibling(101, 100), sibling(102, 100)});
  w.has(100, {named_fd(3, FdType::file_v2, "/x")});
  w.by(100).event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
  CHECK(w.thread(101) == nullptr);
  CHECK(w.thread(102) == nullptr);
  CHECK(w.thread(100)->process->threads.size() == 1);
  CHECK(w.fd(100, 3) == "<f>/x");
}

TEST_CASE("exec by another thread: it takes the main thread's place") {
  World w({process(1, 0, "init"), process(100, 1, "srv"), sibling(101, 100)});
  w.has(100, {named_fd(3, FdType::file_v2, "/x")});
  w.by(101).event(type::execve_19_enter, {text("/bin/prog")});
  w.by(100).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  // The kernel reports the end of the exec under the number of the main thread.
  w.by(100).event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
  CHECK(w.comm(100) == "prog");
  CHECK_FALSE(w.thread(100)->dead);
  CHECK(w.thread(101) == nullptr);
  CHECK(w.fd(100, 3) == "<f>/x");
  w.by(100).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  w.by(1).event(type::getuid_exit, {u32(0)});
  CHECK(w.thread(100) == nullptr);
}

TEST_CASE("children of threads that an exec ends stay in the family") {
  World w({process(1, 0, "init"), process(100, 1, "srv"), sibling(101, 100)});
  w.by(101).event(type::clone_20_exit, clone_params({200, 101, 100, 1, 0, "srv"}));
  CHECK(w.thread(200)->parent == w.thread(101));
  w.by(100).event(type::execve_19_exit, exec_params({0, 100, 100, 1}));
  CHECK(w.thread(200)->parent == w.thread(100));
  CHECK(w.thread(200)->ptid == 100);
}

TEST_CASE("exec of an unknown thread makes it known") {
  World w({process(1, 0, "init")});
  w.by(500).event(type::execve_19_exit, exec_params({0, 500, 500, 1}));
  CHECK(w.comm(500) == "prog");
  CHECK_FALSE(w.thread(500)->is_placeholder());
  CHECK(w.thread(500)->parent == w.thread(1));
}

TEST_CASE("a thread is there while its exit is shown, and gone with the next event") {
  Box m;
  m.clone_caller(101);
  CHECK(m.exit_of(101) == "status=0 ret=0 sig=0 core=0");
  REQUIRE(m.thread(101) != nullptr);
  CHECK(m.last()->thread() == m.thread(101));
  CHECK(m.thread(101)->dead);
  m.tick();
  CHECK(m.thread(101) == nullptr);
}

TEST_CASE("children of an exited process go to its parent's reaper") {
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::clone_20_exit, clone_params({102, 101, 101, 100, 0, "x"}));
  m.exit_of(101);
  m.tick();
  CHECK(m.thread(102)->parent == m.thread(1));  // bash is no reaper, init is
  CHECK(m.thread(102)->ptid == 1);
}

TEST_CASE("a subreaper adopts, the kernel's word counts more") {
  Box m;
  constexpr uint32_t set_child_subreaper = 36;
  m.by(100).event(type::prctl_exit, {i64(0), u32(set_child_subreaper), empty(), i64(1)});
  m.clone_caller(101);
  for (const int64_t grandchild : {102, 103})
    m.by(101).event(type::clone_20_exit, clone_params({grandchild, 101, 101, 100, 0, "x"}));
  m.exit_of(101);
  m.tick();
  CHECK(m.thread(102)->parent == m.thread(100));
  m.by(102).event(type::clone_20_exit, clone_params({104, 102, 102, 100, 0, "x"}));
  m.by(102).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0), i64(103)});
  m.tick();
  CHECK(m.thread(104)->parent == m.thread(103));
  CHECK(m.thread(104)->ptid == 103);
}

TEST_CASE("children of an exited thread go to another thread of the process") {
  World w({process(1, 0, "init"), process(100, 1, "srv"), sibling(101, 100)});
  w.by(101).event(type::clone_20_exit, clone_params({200, 101, 100, 1, 0, "srv"}));
  w.by(101).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  w.by(1).event(type::getuid_exit, {u32(0)});
  CHECK(w.thread(101) == nullptr);
  CHECK(w.thread(200)->parent == w.thread(100));
}

TEST_CASE("a main thread stays, dead, until the last thread of its process goes") {
  World w({process(1, 0, "init"), process(100, 1, "srv"), sibling(101, 100), sibling(102, 100)});
  w.has(100, {named_fd(3, FdType::file_v2, "/x")});
  const Params exit{i64(0), i64(0), u8(0), u8(0)};
  w.by(100).event(type::procexit_1_enter, exit);
  w.by(101).event(type::getuid_exit, {u32(0)});
  REQUIRE(w.thread(100) != nullptr);
  CHECK(w.thread(100)->dead);
  CHECK(w.fd(101, 3) == "<f>/x");
  w.by(101).event(type::procexit_1_enter, exit);
  w.by(102).event(type::procexit_1_enter, exit);
  CHECK(w.thread(100) != nullptr);
  w.by(1).event(type::getuid_exit, {u32(0)});
  CHECK(w.thread(100) == nullptr);
  CHECK(w.thread(102) == nullptr);
  CHECK(w.state.threads.size() == 1);
}

TEST_CASE("parents in a circle end no search") {
  World w({process(10, 11, "a"), process(11, 10, "b"), process(12, 11, "c")});
  w.by(12).event(type::clone_20_exit, clone_params({13, 12, 12, 11, 0, "d"}));
  w.by(12).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
  w.by(10).event(type::getuid_exit, {u32(0)});
  CHECK(w.thread(13)->parent == nullptr);
  CHECK(w.thread(13)->ptid == 0);
}

TEST_CASE("a thread that is its own parent, and one that clones itself") {
  World w({process(10, 10, "a")});
  w.by(10).event(type::clone_20_exit, clone_params({10, 10, 10, 10, 0, "a"}));
  w.by(10).event(type::clone_20_exit, clone_params({0, 10, 10, 10, 0, "a"}));
  CHECK(w.comm(10) == "a");
  CHECK(w.thread(10)->parent == nullptr);
  w.by(10).event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0), i64(10)});
  w.by(11).event(type::getuid_exit, {u32(0)});
  CHECK(w.thread(10) == nullptr);
}

TEST_CASE("container ids come with control groups and are inherited") {
  const std::string cgroup = "memory=/docker/" + std::string(64, 'a');
  Box m;
  m.clone_caller(101);
  m.by(101).event(type::execve_19_exit,
                  exec_params({0, 101, 101, 100, "x", "x", "", cgroup.c_str()}));
  CHECK(m.thread(101)->container_id.view() == "aaaaaaaaaaaa");
  m.event(type::clone_20_exit, clone_params({102, 101, 101, 100, 0, "x"}));
  CHECK(m.thread(102)->container_id.view() == "aaaaaaaaaaaa");
  m.event(type::clone_20_exit, clone_params({103, 101, 101, 100, 0, "x", -1, -1, "memory=/"}));
  CHECK(m.thread(103)->container_id.empty());
}

TEST_CASE("200000 processes that come and go leave nothing behind") {
  World w({process(1, 0, "init"), process(100, 1, "bash")});
  w.has(100, {named_fd(3, FdType::file_v2, "/x")});
  w.by(100).event(type::getuid_exit, {u32(0)});
  const size_t texts = SharedText::live_bytes(), pages = FdUsage::pages;
  for (int64_t i = 0; i < 200'000; ++i) {
    const int64_t tid = 1000 + i % 30'000;
    w.by(100).event(type::clone_20_exit, clone_params({tid, 100, 100, 1, 0, "bash"}));
    w.by(tid).event(type::clone_20_exit, clone_params({0, tid, tid, 100, 0, "bash"}));
    w.event(type::execve_19_exit, exec_params({0, tid, tid, 100}));
    w.event(type::open_exit, {i64(4), text("/file"), u32(1), u32(0)});
    w.event(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0)});
    if (i % 50'000 == 0) REQUIRE(w.state.threads.size() <= 3);
    w.at(w.now() + 100'000);
  }
  w.by(100).event(type::getuid_exit, {u32(0)});
  CHECK(w.state.threads.size() == 2);
  CHECK(w.state.threads.evicted() == 0);
  CHECK(FdUsage::pages == pages);
  CHECK(SharedText::live_bytes() == texts);
}

TEST_CASE("at the thread limit the clone and its child go on") {
  World w({process(1, 0, "init"), process(100, 1, "bash")}, 4);
  for (int64_t child = 1000; child < 1050; ++child) {
    w.by(100).event(type::clone_20_exit, clone_params({child, 100, 100, 1, 0, "bash"}));
    CHECK(w.comm(child) == "bash");
    CHECK(w.comm(100) == "bash");
    CHECK(w.state.threads.size() <= 4);
  }
  CHECK(w.state.threads.evicted() == 48);
}

TEST_CASE("even with room for a single thread events are decoded") {
  World w({}, 1);
  for (int64_t tid = 1; tid < 20; ++tid) {
    w.by(tid).event(type::clone_20_exit, clone_params({tid + 1, tid, tid, 0, 0, "x"}));
    w.by(tid + 1).event(type::execve_19_exit, exec_params({0, tid + 1, tid + 1, tid}));
    CHECK(w.state.threads.size() == 1);
  }
}

TEST_CASE("a child's event without namespace ids has the host's") {
  Box m;
  Params params = clone_params({0, 101, 101, 100, 0, "bash"});
  params.resize(18);
  m.by(101).event(type::clone_20_exit, params);
  CHECK(m.thread(101)->vtid == 101);
  CHECK(m.thread(101)->vpid == 101);
}
