// Old events through today's names: Event::get and the handlers, with and without enter events.
#include <doctest/doctest.h>

#include "schema_params.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;
namespace param = schema::param;

struct Shell : World {
  Shell() : World(threads()) {
    has(7, {named_fd(3, FdType::directory, "/etc")});
    by(7);
  }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord t;
    t.tid = t.pid = t.vtid = t.vpid = 7;
    t.ptid = 1;
    t.comm = "sh";
    t.cwd = "/home";
    return {t};
  }
};

/// The first 11 parameters that clone had at first.
Params old_clone(int64_t res, int64_t tid, int64_t pid, int64_t ptid, uint32_t flags) {
  return {i64(res),  text("prog"), texts({"-a"}), i64(tid),  i64(pid), i64(ptid),
          text("/"), i64(1024),    u32(flags),    u32(1000), u32(1000)};
}

}  // namespace

TEST_CASE("close: the number comes from the enter event") {
  namespace call = param::close_exit;
  Shell s;
  s.event(type::close_enter, {i64(3)});
  s.event(type::close_exit, {i64(0)});
  REQUIRE(s.last() != nullptr);
  CHECK(s.last()->today_id() == type::close_exit);
  CHECK(s.last()->nparams() == 1);
  s.event(type::getuid_exit, {u32(0)});
  CHECK(s.fd(7, 3) == "none");
  s.event(type::close_exit, {i64(0), i64(5)});
  CHECK(s.last()->get(call::fd) == 5);
  CHECK(s.last()->get(call::res) == 0);
}

TEST_CASE("without the enter event a parameter reads as zero or is not there") {
  namespace call = param::close_exit;
  Shell s;
  s.event(type::close_exit, {i64(-9)});
  CHECK(s.last()->get(call::res) == -9);
  CHECK(s.last()->get(call::fd) == 0);
}

TEST_CASE("what is asked for by index is what was recorded, not what stands for it") {
  namespace call = param::close_exit;
  Shell s;
  s.event(type::close_exit, {i64(-9)});
  CHECK(s.last()->today_param(call::fd.index).empty());
  CHECK(s.last()->today_param(call::res.index).size() == 8);
  s.event(type::close_enter, {i64(3)});
  s.event(type::close_exit, {i64(0)});
  CHECK(Event::value<int64_t>(s.last()->today_param(call::fd.index)) == 3);
}

TEST_CASE(
    "an event that no handler looks at is in today's form too, with its enter event on request") {
  namespace call = param::lseek_exit;
  Shell s;
  s.event(type::lseek_enter, {i64(3), u64(17), u8(0)});
  s.event(type::lseek_exit, {i64(17)});
  CHECK(s.last()->get(call::offset) == 0);
  s.decoder.keep_enter_events();
  s.event(type::lseek_enter, {i64(3), u64(17), u8(0)});
  s.event(type::lseek_exit, {i64(17)});
  CHECK(s.last()->get(call::res) == 17);
  CHECK(s.last()->get(call::offset) == 17);
  s.event(type::lseek_exit, {i64(17)});
  CHECK(s.last()->get(call::offset) == 0);
}

TEST_CASE("an enter event of another thread, or of another call, is not used") {
  Shell s;
  s.by(8).event(type::close_enter, {i64(3)});
  s.by(7).event(type::close_enter, {i64(99)});
  s.by(7).event(type::getuid_exit, {u32(0)});
  s.by(7).event(type::close_exit, {i64(0)});
  s.event(type::getuid_exit, {u32(0)});
  CHECK(s.fd(7, 3) == "<d>/etc");
}

TEST_CASE("the oldest openat, whose path is a plain text on entry") {
  Shell s;
  s.event(type::openat_enter, {i64(3), text("passwd"), u32(1), u32(0)});
  CHECK(s.event(type::openat_exit, {i64(5)}) == "fd=5(<f>/etc/passwd)");
  s.event(type::openat_exit, {i64(6)});  // its enter event is missing
  CHECK(s.fd(7, 6) == "<f><UNKNOWN>/<NA>");
}

TEST_CASE("every generation of clone makes a child") {
  Shell s;
  s.event(type::clone_11_exit, old_clone(100, 7, 7, 1, 0));
  Params p16 = old_clone(101, 7, 7, 1, 0);
  p16.insert(p16.begin() + 8, {i64(0), i64(0), u32(10), u32(11), u32(12)});
  s.event(type::clone_16_exit, p16);
  Params p17 = old_clone(102, 7, 7, 1, 0);
  p17.insert(p17.begin() + 8, {i64(0), i64(0), u32(10), u32(11), u32(12), text("comm")});
  s.event(type::clone_17_exit, p17);
  CHECK(s.comm(100) == "prog");
  CHECK(s.thread(100)->uid == 1000);
  CHECK(s.cwd(100) == "/home/");
  CHECK(s.fd(100, 3) == "<d>/etc");
  CHECK(s.comm(101) == "prog");
  CHECK(s.thread(101)->process->vmrss_kb == 11);
  CHECK(s.comm(102) == "comm");
  CHECK(s.thread(102)->parent == s.thread(7));
  s.by(103).event(type::clone_11_exit, old_clone(0, 103, 103, 7, 0));
  CHECK(s.thread(103)->parent == s.thread(7));
  CHECK(s.fd(103, 3) == "<d>/etc");
  s.by(7).event(type::fork_17_exit, p17);
  CHECK(s.comm(102) == "comm");
}

TEST_CASE("every generation of execve changes the program") {
  Shell s;
  Params p8{i64(0), text("first"), texts({"-a"}), i64(7), i64(7), i64(1), text("/"), u64(1024)};
  s.event(type::execve_8_exit, p8);
  CHECK(s.comm(7) == "first");
  CHECK(s.thread(7)->args.view() == std::string_view("-a\0", 3));
  Params p13 = p8;
  p13[1] = text("second");
  for (const Param& p : {u64(0), u64(0), u32(1), u32(2), u32(3)}) p13.push_back(p);
  s.event(type::execve_13_exit, p13);
  CHECK(s.comm(7) == "second");
  CHECK(s.thread(7)->process->vmsize_kb == 1);
  Params p14 = p13;
  p14.push_back(texts({"A=14"}));
  s.event(type::execve_14_exit, p14);
  CHECK(s.thread(7)->process->env.view() == std::string_view("A=14\0", 5));
  Params p15 = p13;
  p15.push_back(text("comm15"));
  p15.push_back(texts({"A=B"}));
  s.event(type::execve_15_exit, p15);
  CHECK(s.comm(7) == "comm15");
  CHECK(s.thread(7)->process->env.view() == std::string_view("A=B\0", 4));
}

TEST_CASE("the oldest procexit has no parameters") {
  Shell s;
  CHECK(s.event(type::procexit_enter, {}) == "");
  s.by(1).event(type::getuid_exit, {u32(0)});
  CHECK(s.thread(7) == nullptr);
}

TEST_CASE("old accept, pipe and socket events") {
  Shell s;
  s.event(type::accept_exit, {i64(5), tuple({"10.0.0.1", 1}, {"10.0.0.2", 2}), u8(0)});
  CHECK(s.fd(7, 5) == "<4t>10.0.0.1:1->10.0.0.2:2");
  s.event(type::accept4_exit, {i64(6), tuple({"10.0.0.1", 1}, {"10.0.0.2", 2}), u8(0)});
  CHECK(s.fd(7, 6) == "<4t>10.0.0.1:1->10.0.0.2:2");
  s.event(type::socket_enter, {u32(2), u32(1), u32(0)});
  s.event(type::socket_exit, {i64(8)});
  CHECK(s.fd(7, 8) == "<4>");
  CHECK(s.thread(7)->fds->find(8)->l4 == L4Protocol::tcp);
}

TEST_CASE("a parameter shorter or longer than its type reads as far as it goes") {
  namespace call = param::close_exit;
  Shell s;
  s.event(type::close_exit, {i64(0), u8(5)});
  CHECK(s.last()->get(call::fd) == 5);
  s.event(type::close_exit, {i64(0), i64(6) + "more"});
  CHECK(s.last()->get(call::fd) == 6);
}

TEST_CASE("enter events too long to keep are as if they were missing") {
  Shell s;
  s.event(type::open_enter, {text(std::string(5000, 'x')), u32(1), u32(0)});
  s.event(type::open_exit, {i64(5), text("/exit"), u32(1), u32(0)});
  CHECK(s.fd(7, 5) == "<f>/exit");
}
