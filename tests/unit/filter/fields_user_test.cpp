// user.*, group.*
#include <doctest/doctest.h>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

const std::string in_lxc = texts({"cpu=/lxc/box"});

ThreadRecord process(int64_t tid, uint32_t uid, uint32_t loginuid, bool in_container) {
  ThreadRecord t;
  t.tid = t.pid = tid;
  t.comm = "p";
  t.uid = t.gid = uid;
  t.loginuid = loginuid;
  if (in_container) t.cgroups = as_bytes_of(in_lxc);
  return t;
}

struct Users : World {
  Users()
      : World({process(10, 1000, 1001, false), process(11, 0, UINT32_MAX, false),
               process(12, 1000, 1000, true), process(13, 1001, 7, true)}) {
    records().user({.uid = 1000, .gid = 1, .name = "al", .home = "/home/al", .shell = "/bin/zsh"});
    records().user({.uid = 1001, .gid = 1, .name = "bo", .home = "/home/bo", .shell = "/bin/sh"});
    records().user({.is_group = true, .gid = 1000, .name = "staff", .home = {}, .shell = {}});
    event(type::user_added_enter,
          {u32(1000), u32(1), text("app"), text("/srv"), text("/bin/false"), text("box")});
    event(type::group_added_enter, {u32(1000), text("apps"), text("box")});
  }
  void look(int64_t tid) { by(tid).event(type::getuid_exit, {u32(0)}); }
};

}  // namespace

TEST_CASE("users and groups by their tables") {
  Users w;
  w.look(10);
  CHECK(field(w, "user.uid") == "1000");
  CHECK(field(w, "user.name") == "al");
  CHECK(field(w, "user.homedir") == "/home/al");
  CHECK(field(w, "user.shell") == "/bin/zsh");
  CHECK(field(w, "user.loginuid") == "1001");
  CHECK(field(w, "user.loginname") == "bo");
  CHECK(field(w, "group.gid") == "1000");
  CHECK(field(w, "group.name") == "staff");
}

TEST_CASE("root is known without a table, others are not") {
  Users w;
  w.look(11);
  CHECK(field(w, "user.name") == "root");
  CHECK(field(w, "user.homedir") == "/root");
  CHECK(field(w, "user.shell") == "NULL");
  CHECK(field(w, "user.loginuid") == "-1");
  CHECK(field(w, "user.loginname") == "NULL");
  CHECK(field(w, "group.name") == "root");
  w.look(13);
  CHECK(field(w, "user.loginname") == "NULL");
  CHECK(field(w, "group.name") == "NULL");
}

TEST_CASE("containers have users of their own, and for others those of the host") {
  Users w;
  w.look(12);
  CHECK(field(w, "user.name") == "app");
  CHECK(field(w, "user.homedir") == "/srv");
  CHECK(field(w, "user.shell") == "/bin/false");
  CHECK(field(w, "group.name") == "apps");
  w.look(13);
  CHECK(field(w, "user.name") == "bo");
  CHECK(field(w, "user.shell") == "/bin/sh");
}
