// fs.path.* and fdlist.*.
#include "tests/unit/filter/fields_fd_world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Shell : FdWorld {
  Shell() : FdWorld({shell()}) { by(7); }
  static ThreadRecord shell() {
    ThreadRecord t;
    t.tid = t.pid = 7;
    t.comm = "sh";
    t.cwd = "/home";
    return t;
  }
};

}  // namespace

TEST_CASE("fs.path of a call with one path") {
  Shell s;
  s.has(7, {named_fd(3, FdType::directory, "/dir")});
  s.event(type::mkdir_2_exit, {i64(0), text("a/../b"), u32(0)});
  CHECK(s.field("fs.path.name") == "/home/b");
  CHECK(s.field("fs.path.nameraw") == "a/../b");
  CHECK(s.field("fs.path.source") == "NULL");
  s.event(type::mkdir_2_exit, {i64(-17), text("b"), u32(0)});
  CHECK(s.field("fs.path.name") == "NULL");
  s.event(type::unlinkat_2_exit, {i64(0), i64(3), text("x"), u32(0)});
  CHECK(s.field("fs.path.name") == "/dir/x");
  s.event(type::unlinkat_2_exit, {i64(0), i64(-100), text("x"), u32(0)});
  CHECK(s.field("fs.path.name") == "/home/x");
  s.event(type::unlinkat_2_exit, {i64(0), i64(8), text("x"), u32(0)});
  CHECK(s.field("fs.path.name") == "<UNKNOWN>/x");
  s.event(type::fchmod_exit, {i64(0), i64(3), u32(0)});
  CHECK(s.field("fs.path.name") == "/dir");
  CHECK(s.field("fs.path.nameraw") == "/dir");
}

TEST_CASE("fs.path of opens, also of those that fail") {
  Shell s;
  s.event(type::openat_2_exit, {i64(-2), i64(-100), text("x"), u32(1), u32(0), u32(0), u64(0)});
  CHECK(s.field("fs.path.name") == "/home/x");
  s.event(type::openat_2_exit, {i64(-1), i64(-100), text("x"), u32(1), u32(0), u32(0), u64(0)});
  CHECK(s.field("fs.path.name") == "NULL");
  s.event(type::read_exit, {i64(1), blob("x"), i64(3), u32(1)});
  CHECK(s.field("fs.path.name") == "NULL");
}

TEST_CASE("fs.path of calls with two paths") {
  Shell s;
  s.event(type::rename_exit, {i64(0), text("old"), text("/tmp/new")});
  CHECK(s.field("fs.path.source") == "/home/old");
  CHECK(s.field("fs.path.sourceraw") == "old");
  CHECK(s.field("fs.path.target") == "/tmp/new");
  CHECK(s.field("fs.path.targetraw") == "/tmp/new");
  CHECK(s.field("fs.path.name") == "NULL");
  s.event(type::symlinkat_exit, {i64(0), text("/etc/shadow"), i64(-100), text("l")});
  CHECK(s.field("fs.path.source") == "/home/l");
  CHECK(s.field("fs.path.target") == "/etc/shadow");
}

TEST_CASE("fs.path of an old call is in its enter event") {
  Shell s;
  s.event(type::mkdir_enter, {text("d"), u32(0)});
  CHECK(s.field("fs.path.name") == "NULL");
  s.event(type::mkdir_exit, {i64(0)});
  CHECK(s.field("fs.path.name") == "/home/d");
  s.event(type::mkdir_exit, {i64(0)});  // another one, whose enter event is lost
  CHECK(s.field("fs.path.name") == "NULL");
}

TEST_CASE("fdlist") {
  Shell s;
  s.has(7, {named_fd(3, FdType::fifo, "pipe:[9]"),
            ip_fd(4, L4Protocol::tcp, {"10.0.0.1", 4000}, {"10.0.0.2", 80}),
            ip_server_fd(5, L4Protocol::tcp, {"2001:db8::1", 22})});
  const Param list = fd_list({{3, 1}, {4, 1}, {5, 1}, {9, 1}});
  s.event(type::poll_exit, {i64(1), list, i64(0)});
  CHECK(s.field("fdlist.nums") == "3,4,5,9");
  CHECK(s.field("fdlist.names") == "pipe:[9],10.0.0.1:4000->10.0.0.2:80,2001:db8::1:22,<NA>");
  CHECK(s.field("fdlist.cips") == "10.0.0.1");
  CHECK(s.field("fdlist.sips") == "10.0.0.2,2001:db8::1");
  CHECK(s.field("fdlist.cports") == "4000");
  CHECK(s.field("fdlist.sports") == "80");
  s.event(type::ppoll_enter, {fd_list({{3, 1}}), u64(0), u32(0)});
  CHECK(s.field("fdlist.nums") == "3");
  CHECK(s.field("fdlist.cips") == "NULL");
  s.event(type::poll_exit, {i64(0), empty(), i64(0)});
  CHECK(s.field("fdlist.nums") == "NULL");
  s.event(type::poll_exit, {i64(0), blob("\2\0\3"), i64(0)});  // cut short
  CHECK(s.field("fdlist.nums") == "NULL");
}
