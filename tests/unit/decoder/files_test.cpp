// open, close, dup, fcntl and the descriptors without a path.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

constexpr uint32_t rdonly = 1, cloexec = 0x1000, directory = 0x400;
constexpr int64_t at_fdcwd = -100;

/// A process 7 in /home with a directory open as 3, and its second thread 8.
struct Shell : World {
  Shell() : World(threads()) {
    has(7, {named_fd(3, FdType::directory, "/etc"), named_fd(4, FdType::file_v2, "/four")});
    by(7);
  }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord main, second;
    main.tid = main.pid = 7;
    main.comm = second.comm = "sh";
    main.cwd = "/home";
    second.tid = 8;
    second.pid = 7;
    second.flags = clone_thread | clone_files;
    return {main, second};
  }
  std::string open(int64_t fd, const char* path, uint32_t flags = rdonly) {
    return event(type::open_exit, {i64(fd), text(path), u32(flags), u32(0), u32(0x801), u64(42)});
  }
  std::string openat(int64_t fd, int64_t dirfd, const char* path, uint32_t flags = rdonly) {
    return event(type::openat_2_exit,
                 {i64(fd), i64(dirfd), text(path), u32(flags), u32(0), u32(0x801), u64(42)});
  }
  void tick() { by(1).event(type::getuid_exit, {u32(0)}), by(7); }
};

}  // namespace

TEST_CASE("open") {
  Shell s;
  CHECK(s.open(5, "x/../y") ==
        "fd=5(<f>/home/y) name=x/../y(/home/y) flags=1(O_RDONLY) mode=0 dev=801 ino=42");
  CHECK(s.open(6, "/etc/passwd", rdonly | cloexec) ==
        "fd=6(<f>/etc/passwd) name=/etc/passwd flags=4097(O_RDONLY|O_CLOEXEC) mode=0 dev=801 "
        "ino=42");
  CHECK(s.open(9, "/tmp", rdonly | directory).starts_with("fd=9(<d>/tmp) "));
  constexpr uint32_t rdwr = 3, tmpfile = 0x2000;
  CHECK(s.open(10, "/tmp", rdwr | directory | tmpfile).starts_with("fd=10(<f>/tmp) "));
  CHECK(s.open(11, "/tmp", rdonly | directory | tmpfile).starts_with("fd=11(<d>/tmp) "));
  CHECK(s.open(-2, "/none") == "fd=-2(ENOENT) name=/none flags=1(O_RDONLY) mode=0 dev=801 ino=42");
  CHECK(s.fd(7, -2) == "none");
  CHECK(s.thread(7)->fds->find(6)->open_flags == 0x1001);
  CHECK(s.thread(7)->fds->find(6)->dev == 0x801);
  CHECK(s.thread(7)->fds->find(6)->ino == 42);
  CHECK(s.thread(7)->last_fd == -1);  // the last one failed
}

TEST_CASE("openat starts from the directory's descriptor") {
  Shell s;
  CHECK(s.openat(5, at_fdcwd, "x").starts_with("fd=5(<f>/home/x) dirfd=-100(AT_FDCWD) name=x"));
  CHECK(s.openat(6, 3, "passwd") ==
        "fd=6(<f>/etc/passwd) dirfd=3(<d>/etc) name=passwd(/etc/passwd) flags=1(O_RDONLY) mode=0 "
        "dev=801 ino=42");
  CHECK(s.openat(9, 3, "/abs").starts_with("fd=9(<f>/abs) dirfd=3(<d>/etc) name=/abs flags"));
  s.openat(10, 77, "x");
  CHECK(s.fd(7, 10) == "<f><UNKNOWN>/x");
}

TEST_CASE("openat2, creat and open_by_handle_at") {
  Shell s;
  CHECK(s.event(type::openat2_exit,
                {i64(5), i64(3), text("x"), u32(1), u32(0), u32(0), u32(0), u64(0)})
            .starts_with("fd=5(<f>/etc/x) "));
  CHECK(s.event(type::creat_exit, {i64(6), text("new"), u32(0644), u32(0), u64(0), u16(0)}) ==
        "fd=6(<f>/home/new) name=new(/home/new) mode=0644 dev=0 ino=0 creat_flags=0");
  s.event(type::open_by_handle_at_exit, {i64(9), i64(3), u32(1), text("/abs/path")});
  CHECK(s.fd(7, 9) == "<f>/abs/path");
  s.event(type::open_by_handle_at_exit, {i64(10), i64(3), u32(1), text("<NA>")});
  CHECK(s.fd(7, 10) == "<f><NA>");
}

TEST_CASE("the path that was asked for counts, not the one read after the call") {
  Shell s;
  s.event(type::open_enter, {text("<NA>"), u32(rdonly), u32(0)});  // it could not be read
  s.open(4, "/read/later", rdonly);
  CHECK(s.fd(7, 4) == "<f>/read/later");
  s.event(type::open_enter, {text("/asked"), u32(rdonly), u32(0)});
  s.open(5, "/swapped", 0x4000 | cloexec);
  CHECK(s.fd(7, 5) == "<f>/asked");
  CHECK(s.thread(7)->fds->find(5)->open_flags == (0x4000 | rdonly));
  s.event(type::openat_2_enter, {i64(3), text("asked"), u32(rdonly), u32(0)});
  s.openat(6, at_fdcwd, "/swapped");
  CHECK(s.fd(7, 6) == "<f>/etc/asked");
  s.event(type::open_enter, {empty(), u32(rdonly), u32(0)});
  s.open(9, "/from-exit");
  CHECK(s.fd(7, 9) == "<f>/from-exit");
}

TEST_CASE("the enter event of another call is not used") {
  Shell s;
  s.event(type::open_enter, {text("/asked"), u32(rdonly), u32(0)});
  s.event(type::getuid_exit, {u32(0)});
  s.open(5, "/exit");
  CHECK(s.fd(7, 5) == "<f>/exit");
  s.event(type::open_enter, {text("/asked"), u32(rdonly), u32(0)});
  s.event(type::openat_2_enter, {i64(3), text("at"), u32(rdonly), u32(0)});
  s.open(6, "/exit");
  CHECK(s.fd(7, 6) == "<f>/exit");
}

TEST_CASE("a closed descriptor is there while the close is shown") {
  Shell s;
  CHECK(s.event(type::close_enter, {i64(4)}) == "fd=4(<f>/four)");
  CHECK(s.event(type::close_exit, {i64(0)}) == "res=0");
  CHECK(s.fd(7, 4) == "<f>/four");
  s.tick();
  CHECK(s.fd(7, 4) == "none");
  CHECK(s.event(type::close_exit, {i64(0), i64(3)}) == "res=0 fd=3(<d>/etc)");
  s.tick();
  CHECK(s.fd(7, 3) == "none");
}

TEST_CASE("a close that fails or whose number nobody knows closes nothing") {
  Shell s;
  s.event(type::close_enter, {i64(4)});
  s.event(type::close_exit, {i64(-9)});
  s.tick();
  CHECK(s.fd(7, 4) == "<f>/four");
  s.event(type::close_exit, {i64(0)});  // its enter event is missing
  s.tick();
  CHECK(s.fd(7, 4) == "<f>/four");
}

TEST_CASE("a number that another thread opens while its close is on its way out stays open") {
  Shell s;
  s.by(7).event(type::close_enter, {i64(4)});
  s.by(8);
  s.open(4, "/reopened");
  s.by(7).event(type::close_exit, {i64(0)});
  s.tick();
  CHECK(s.fd(7, 4) == "<f>/reopened");
  s.by(7).event(type::close_enter, {i64(4)});
  s.by(7).event(type::close_exit, {i64(0)});
  s.tick();
  CHECK(s.fd(7, 4) == "none");
}

TEST_CASE("a number that did not exist when its close began stays open too") {
  Shell s;
  s.by(7).event(type::close_enter, {i64(40)});
  s.by(8);
  s.open(40, "/new");
  s.by(7).event(type::close_exit, {i64(0)});
  s.tick();
  CHECK(s.fd(7, 40) == "<f>/new");
}

TEST_CASE("close_range closes or marks") {
  Shell s;
  for (const int64_t fd : {10, 11, 12, 100'000}) s.open(fd, "/x");
  s.event(type::close_range_exit, {i64(0), u32(11), u32(12), u32(0)});
  CHECK(s.fd(7, 10) == "<f>/x");
  CHECK(s.fd(7, 11) == "none");
  CHECK(s.fd(7, 12) == "none");
  s.event(type::close_range_exit, {i64(0), u32(10), u32(UINT32_MAX), u32(4)});
  CHECK(s.thread(7)->fds->find(10)->open_flags == (rdonly | cloexec));
  CHECK(s.thread(7)->fds->find(100'000)->open_flags == (rdonly | cloexec));
  CHECK(s.thread(7)->fds->find(4)->open_flags == 0);
  s.event(type::close_range_exit, {i64(-22), u32(0), u32(UINT32_MAX), u32(0)});
  CHECK(s.fd(7, 10) == "<f>/x");
}

TEST_CASE("dup copies without close-on-exec, dup3 as its flags say") {
  Shell s;
  s.open(5, "/five", rdonly | cloexec);
  CHECK(s.event(type::dup_1_exit, {i64(6), i64(5)}) == "res=6(<f>/five) oldfd=5(<f>/five)");
  CHECK(s.thread(7)->fds->find(6)->open_flags == rdonly);
  CHECK(s.thread(7)->fds->find(5)->open_flags == (rdonly | cloexec));
  s.event(type::dup2_exit, {i64(4), i64(5), i64(4)});
  CHECK(s.fd(7, 4) == "<f>/five");
  s.event(type::dup3_exit, {i64(9), i64(3), i64(9), u32(cloexec)});
  CHECK(s.fd(7, 9) == "<d>/etc");
  CHECK((s.thread(7)->fds->find(9)->open_flags & cloexec) != 0);
  CHECK((s.thread(7)->fds->find(3)->open_flags & cloexec) == 0);
}

TEST_CASE("dup of something unknown makes the number unknown") {
  Shell s;
  s.event(type::dup2_exit, {i64(4), i64(77), i64(4)});
  CHECK(s.fd(7, 4) == "none");
  s.event(type::dup2_exit, {i64(3), i64(3), i64(3)});
  CHECK(s.fd(7, 3) == "<d>/etc");
  s.event(type::dup_1_exit, {i64(-24), i64(3)});
  CHECK(s.fd(7, -24) == "none");
}

TEST_CASE("dup onto standard input or output marks an end of a pipe") {
  Shell s;
  s.event(type::dup2_exit, {i64(1), i64(4), i64(1)});
  CHECK((s.thread(7)->flags & thread_pipe_source) != 0);
  CHECK((s.thread(7)->flags & thread_pipe_destination) == 0);
  s.event(type::dup2_exit, {i64(0), i64(4), i64(0)});
  CHECK((s.thread(7)->flags & thread_pipe_destination) != 0);
}

TEST_CASE("old dup events name their source only on entry") {
  Shell s;
  CHECK(s.event(type::dup_enter, {i64(3)}) == "fd=3(<d>/etc)");
  CHECK(s.event(type::dup_exit, {i64(5)}) == "res=5(<d>/etc)");
  CHECK(s.fd(7, 5) == "<d>/etc");
}

TEST_CASE("fcntl") {
  constexpr uint8_t dupfd = 1, setfd = 3, dupfd_cloexec = 26;
  Shell s;
  s.event(type::fcntl_exit, {i64(10), i64(3), u8(dupfd), u64(0)});
  CHECK(s.fd(7, 10) == "<d>/etc");
  s.event(type::fcntl_exit, {i64(11), i64(3), u8(dupfd_cloexec), u64(0)});
  CHECK(s.thread(7)->fds->find(11)->open_flags == cloexec);
  s.event(type::fcntl_exit, {i64(0), i64(11), u8(setfd), u64(0)});
  CHECK(s.thread(7)->fds->find(11)->open_flags == 0);
  s.event(type::fcntl_exit, {i64(0), i64(11), u8(setfd), u64(1)});
  CHECK(s.thread(7)->fds->find(11)->open_flags == cloexec);
  s.event(type::fcntl_exit, {i64(-9), i64(3), u8(setfd), u64(1)});
  CHECK(s.thread(7)->fds->find(3)->open_flags == 0);
}

TEST_CASE("descriptors without a path") {
  Shell s;
  const auto made = [&](uint16_t event_type, const Params& params, int64_t fd) {
    s.event(event_type, params);
    return s.fd(7, fd);
  };
  CHECK(made(type::pipe_exit, {i64(0), i64(20), i64(21), u64(5)}, 20) == "<p>");
  CHECK(s.fd(7, 21) == "<p>");
  CHECK(s.thread(7)->fds->find(21)->ino == 5);
  CHECK(made(type::pipe2_exit, {i64(0), i64(22), i64(23), u64(5), u32(cloexec)}, 23) == "<p>");
  CHECK(s.thread(7)->fds->find(22)->open_flags == cloexec);
  CHECK(made(type::pipe_exit, {i64(-24), i64(30), i64(31), u64(5)}, 30) == "none");
  CHECK(made(type::eventfd_exit, {i64(24), u64(0), u32(0)}, 24) == "<e>");
  CHECK(made(type::eventfd2_exit, {i64(25), u16(cloexec), u64(0)}, 25) == "<e>");
  CHECK(s.thread(7)->fds->find(25)->open_flags == cloexec);
  CHECK(made(type::signalfd_exit, {i64(26), i64(-1), u32(0), u8(0)}, 26) == "<s>");
  CHECK(made(type::signalfd4_exit, {i64(27), u16(cloexec), i64(-1), u32(0)}, 27) == "<s>");
  CHECK(made(type::timerfd_create_exit, {i64(28), u8(0), u8(0)}, 28) == "<t>");
  CHECK(made(type::inotify_init_exit, {i64(29), u8(0)}, 29) == "<i>");
  CHECK(made(type::inotify_init1_exit, {i64(30), u16(0)}, 30) == "<i>");
  CHECK(made(type::epoll_create_exit, {i64(31), i64(1)}, 31) == "<l>");
  CHECK(made(type::epoll_create1_exit, {i64(32), u32(1)}, 32) == "<l>");
  CHECK(s.thread(7)->fds->find(32)->open_flags == cloexec);
  CHECK(made(type::userfaultfd_exit, {i64(33), u32(0)}, 33) == "<u>");
  CHECK(made(type::io_uring_setup_exit, {i64(34)}, 34) == "<r>");
  CHECK(made(type::memfd_create_exit, {i64(35), text("jit"), u32(1)}, 35) == "<m>jit");
  CHECK(s.thread(7)->fds->find(35)->open_flags == cloexec);
  CHECK(made(type::eventfd2_exit, {i64(-24), u16(0), u64(0)}, -24) == "none");
}

TEST_CASE("bpf makes descriptors only by commands that return one") {
  Shell s;
  s.event(type::bpf_2_exit, {i64(20), u32(5)});
  CHECK(s.fd(7, 20) == "<b>");
  s.event(type::bpf_2_exit, {i64(0), u32(2)});  // an update, whose result 0 means success
  CHECK(s.fd(7, 0) == "none");
}

TEST_CASE("pidfds, and what is fetched through them") {
  Shell s;
  s.open(5, "/five");
  s.event(type::pidfd_open_exit, {i64(20), i64(7), u32(0)});
  CHECK(s.fd(7, 20) == "<P>/proc/7");
  s.event(type::pidfd_getfd_exit, {i64(21), i64(20), i64(5), u32(0)});
  CHECK(s.fd(7, 21) == "<f>/five");
  CHECK((s.thread(7)->fds->find(21)->open_flags & cloexec) != 0);
  s.event(type::pidfd_getfd_exit, {i64(22), i64(20), i64(99), u32(0)});
  CHECK(s.fd(7, 22) == "none");
}
