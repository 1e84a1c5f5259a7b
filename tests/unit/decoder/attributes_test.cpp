// What calls change in a thread or process: directory, ids, capabilities, limits; user names.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Shell : World {
  Shell() : World(threads()) {
    has(7, {named_fd(3, FdType::directory, "/etc"), named_fd(4, FdType::fifo, "")});
    by(7);
  }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord t;
    t.tid = t.pid = 7;
    t.comm = "sh";
    t.cwd = "/home";
    return {t};
  }
};

}  // namespace

TEST_CASE("chdir, fchdir and getcwd set the directory") {
  Shell s;
  CHECK(s.cwd(7) == "/home/");
  s.event(type::chdir_exit, {i64(0), text("sub/../other")});
  CHECK(s.cwd(7) == "/home/other/");
  s.event(type::chdir_exit, {i64(0), text("/")});
  CHECK(s.cwd(7) == "/");
  s.event(type::fchdir_exit, {i64(0), i64(3)});
  CHECK(s.cwd(7) == "/etc/");
  s.event(type::getcwd_exit, {i64(4), text("/srv")});
  CHECK(s.cwd(7) == "/srv/");
}

TEST_CASE("failed or useless changes of the directory leave it") {
  Shell s;
  s.event(type::chdir_exit, {i64(-2), text("/none")});
  s.event(type::chdir_exit, {i64(0), empty()});
  s.event(type::fchdir_exit, {i64(0), i64(99)});
  s.event(type::fchdir_exit, {i64(0), i64(4)});
  s.event(type::getcwd_exit, {i64(-34), empty()});
  CHECK(s.cwd(7) == "/home/");
}

TEST_CASE("an old fchdir names its descriptor on entry") {
  Shell s;
  s.event(type::fchdir_enter, {i64(3)});
  s.event(type::fchdir_exit, {i64(0)});
  CHECK(s.cwd(7) == "/etc/");
  s.event(type::chdir_exit, {i64(0), text("/home")});
  s.event(type::fchdir_exit, {i64(0)});  // fd 0 is not a directory that is known
  CHECK(s.cwd(7) == "/home/");
}

TEST_CASE("chroot sets the root, not the directory") {
  Shell s;
  s.event(type::chroot_exit, {i64(0), text("jail")});
  CHECK(s.thread(7)->root.view() == "/home/jail");
  CHECK(s.cwd(7) == "/home/");
}

TEST_CASE("user and group ids") {
  Shell s;
  s.event(type::setuid_exit, {i64(0), u32(5)});
  CHECK(s.thread(7)->uid == 5);
  s.event(type::setgid_exit, {i64(0), u32(6)});
  CHECK(s.thread(7)->gid == 6);
  s.event(type::setresuid_exit, {i64(0), u32(1), u32(2), u32(3)});
  CHECK(s.thread(7)->uid == 2);
  s.event(type::setresgid_exit, {i64(0), u32(1), u32(3), u32(4)});
  CHECK(s.thread(7)->gid == 3);
  s.event(type::setreuid_exit, {i64(0), u32(1), u32(9)});
  CHECK(s.thread(7)->uid == 9);
  s.event(type::setregid_exit, {i64(0), u32(1), u32(8)});
  CHECK(s.thread(7)->gid == 8);
  s.event(type::setreuid_exit, {i64(0), u32(1), u32(0xffffffff)});
  s.event(type::setresgid_exit, {i64(0), u32(1), u32(0xffffffff), u32(1)});
  CHECK(s.thread(7)->uid == 9);
  CHECK(s.thread(7)->gid == 8);
  s.event(type::setuid_exit, {i64(-1), u32(0)});
  CHECK(s.thread(7)->uid == 9);
  s.event(type::setuid_enter, {u32(33)});
  s.event(type::setuid_exit, {i64(0)});
  CHECK(s.thread(7)->uid == 33);
}

TEST_CASE("sessions, limits, memory, capabilities") {
  Shell s;
  s.event(type::setsid_exit, {i64(7)});
  CHECK(s.thread(7)->sid == 7);
  constexpr uint8_t nofile = 7, stack = 3;
  s.event(type::setrlimit_exit, {i64(0), i64(512), i64(1024), u8(nofile)});
  CHECK(s.thread(7)->process->fdlimit == 512);
  s.event(type::getrlimit_exit, {i64(0), i64(1), i64(2), u8(stack)});
  CHECK(s.thread(7)->process->fdlimit == 512);
  s.event(type::prlimit_exit, {i64(0), i64(99), i64(99), i64(0), i64(0), i64(0), u8(nofile)});
  CHECK(s.thread(7)->process->fdlimit == 99);
  s.event(type::brk_4_exit, {u64(0x1000), u32(10), u32(11), u32(12)});
  CHECK(s.thread(7)->process->vmsize_kb == 10);
  CHECK(s.thread(7)->process->vmswap_kb == 12);
  s.event(type::capset_exit, {i64(0), u64(1), u64(2), u64(3)});
  CHECK(s.thread(7)->cap_permitted == 2);
  s.event(type::unshare_exit, {i64(0), u32(clone_newuser)});
  CHECK(s.thread(7)->cap_effective == (uint64_t{1} << 41) - 1);
}

TEST_CASE("switch counts for the thread that goes") {
  Shell s;
  s.event(type::schedswitch_6_enter, {i64(0), u64(5), u64(6), u32(7), u32(8), u32(9)});
  CHECK(s.thread(7)->pfmajor == 5);
  CHECK(s.thread(7)->pfminor == 6);
  CHECK(s.thread(7)->process->vmsize_kb == 7);
}

TEST_CASE("old events that say nothing of memory and faults leave them as they are") {
  Shell s;
  s.event(type::schedswitch_6_enter, {i64(0), u64(5), u64(6), u32(7), u32(8), u32(9)});
  s.event(type::schedswitch_1_enter, {i64(0)});
  s.event(type::brk_1_enter, {u32(0)});
  s.event(type::brk_1_exit, {u64(0x1000)});
  CHECK(s.thread(7)->pfmajor == 5);
  CHECK(s.thread(7)->pfminor == 6);
  CHECK(s.thread(7)->process->vmsize_kb == 7);
  CHECK(s.thread(7)->process->vmrss_kb == 8);
  CHECK(s.thread(7)->process->vmswap_kb == 9);
}

TEST_CASE("users and groups appear and go, per container") {
  Shell s;
  s.by(-1).event(type::user_added_enter, {u32(1000), u32(1000), text("alice"), text("/home/alice"),
                                          text("/bin/sh"), text("")});
  s.event(type::user_added_enter,
          {u32(1000), u32(1000), text("app"), text("/"), text("/bin/sh"), text("abcdef012345")});
  s.event(type::group_added_enter, {u32(50), text("staff"), text("")});
  CHECK(s.state.users.name("", 1000) == "alice");
  CHECK(s.state.users.name("abcdef012345", 1000) == "app");
  CHECK(s.state.groups.name("", 50) == "staff");
  CHECK(s.by(7).event(type::setresuid_exit, {i64(0), u32(1000), u32(7), u32(UINT32_MAX)}) ==
        "res=0 ruid=1000(alice) euid=7(<NA>) suid=-1(<NONE>)");
  s.by(-1).event(type::user_deleted_enter,
                 {u32(1000), u32(1000), text("alice"), text(""), text(""), text("")});
  CHECK(s.state.users.name("", 1000) == "");
  CHECK(s.state.users.name("abcdef012345", 1000) == "app");
  s.event(type::group_deleted_enter, {u32(50), text("staff"), text("")});
  CHECK(s.state.groups.name("", 50) == "");
  CHECK(s.state.users.name("", 0) == "root");
}

TEST_CASE("what stands first in a section belongs to its records") {
  Shell s;
  const Params user{u32(1), u32(1), text("a"), text("/"), text("/bin/sh"), text("")};
  s.event(type::user_added_enter, user);
  CHECK(s.last()->is_leading());
  CHECK(s.last()->num() == 1);
  s.event(type::getuid_exit, {u32(0)});
  CHECK_FALSE(s.last()->is_leading());
  s.event(type::user_added_enter, user);
  CHECK_FALSE(s.last()->is_leading());
  CHECK(s.last()->num() == 3);
  Shell old;
  old.event(type::container_json_enter, {text("{}")});
  CHECK(old.last()->is_leading());
  old.event(type::container_enter, {text("3ad7b26ded6d"), u32(0), text("red"), text("redis")});
  CHECK(old.last()->is_leading());
}

TEST_CASE("latency counts from the thread's own enter event") {
  Shell s;
  s.at(1'000'000).by(7).event(type::nanosleep_enter, {u64(500)});
  CHECK(s.last()->latency() == 0);
  s.at(1'100'000).by(8).event(type::getuid_enter);
  s.at(1'200'000).by(8).event(type::getuid_exit, {u32(0)});
  CHECK(s.last()->latency() == 100'000);
  s.at(1'500'000).by(7).event(type::nanosleep_exit, {i64(0)});
  CHECK(s.last()->latency() == 500'000);
  s.at(1'600'000).by(9).event(type::getuid_exit, {u32(0)});
  CHECK(s.last()->latency() == 0);
}

TEST_CASE("an exit with an earlier time than its enter event took no time") {
  Shell s;
  s.at(2'000'000).event(type::getuid_enter);
  s.at(1'999'000).event(type::getuid_exit, {u32(0)});
  CHECK(s.last()->latency() == 0);
}

TEST_CASE("ids that the schema does not know are hidden and not counted") {
  Shell s;
  CHECK(s.event(6000, {u32(1)}) == "(hidden)");
  CHECK(s.event(type::procexit_1_enter + 1, {}) == "(hidden)");
  CHECK(s.decoder.unknown_types() == 2);
  s.event(type::getuid_exit, {u32(0)});
  CHECK(s.last()->num() == 1);
}
