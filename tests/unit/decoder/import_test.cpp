// Records of a source become state.
#include "decoder/import.hpp"

#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

ThreadRecord thread(int64_t tid, int64_t pid, int64_t ptid) {
  ThreadRecord t;
  t.tid = tid;
  t.pid = pid;
  t.ptid = ptid;
  t.comm = "proc";
  t.cwd = pid == 10 ? "/ten" : "";
  return t;
}

}  // namespace

TEST_CASE("threads come in any order and share what their process has") {
  World w({thread(11, 10, 1), thread(10, 10, 1), thread(1, 1, 0), thread(12, 10, 1)});
  w.has(10, {named_fd(3, FdType::file, "/x")});
  w.start();
  CHECK(w.state.threads.size() == 4);
  for (const int64_t tid : {10, 11, 12}) {
    CHECK(w.cwd(tid) == "/ten/");
    CHECK(w.fd(tid, 3) == "<f>/x");
    CHECK(w.thread(tid)->process.get() == w.thread(10)->process.get());
    CHECK(w.thread(tid)->parent == w.thread(1));
  }
  CHECK(w.thread(1)->process->is_reaper);
  CHECK_FALSE(w.thread(10)->process->is_reaper);
}

TEST_CASE("a parent that is not in the list is known by its id only") {
  World w({thread(1, 1, 77), thread(10, 10, 55)});
  w.start();
  CHECK(w.thread(10)->ptid == 55);
  CHECK(w.thread(1)->ptid == 77);
  CHECK(w.thread(10)->parent == nullptr);
}

TEST_CASE("a tid that comes twice: the later record holds") {
  ThreadRecord later = thread(10, 10, 1);
  later.comm = "later";
  World w({thread(10, 10, 1), later});
  w.has(10, {named_fd(3, FdType::file, "/a")});
  w.has(10, {named_fd(3, FdType::file, "/b"), named_fd(4, FdType::file, "/c")});
  w.start();
  CHECK(w.state.threads.size() == 1);
  CHECK(w.comm(10) == "later");
  CHECK(w.fd(10, 3) == "<f>/b");
  CHECK(w.fd(10, 4) == "<f>/c");
}

TEST_CASE("descriptors of threads that nobody knows are counted, not kept") {
  World w({thread(10, 10, 1)});
  w.has(99, {named_fd(3, FdType::file, "/a")});
  w.start();
  CHECK(w.state.unknown_fd_lists == 1);
}

TEST_CASE("every kind of descriptor prints with its letter") {
  World w({thread(10, 10, 1)});
  for (uint8_t t = 0; t <= last_fd_type; ++t)
    w.has(10, {named_fd(t, static_cast<FdType>(t), "name")});
  w.start();
  const char* expected[] = {"<o>name", "<f>name", "<d>name", nullptr,   nullptr,   nullptr,
                            nullptr,   "<p>name", "<u>name", "<e>name", "<X>name", "<s>name",
                            "<l>name", "<i>name", "<t>name", "<n>name", "<f>name", "<b>name",
                            "<u>name", "<r>name", "<m>name", "<P>name"};
  for (int t = 0; t <= last_fd_type; ++t) {
    if (expected[t] != nullptr) CHECK(w.fd(10, t) == expected[t]);
  }
}

TEST_CASE("connections of a listening port are turned to begin with the client") {
  World w({thread(10, 10, 1)});
  w.has(10, {ip_server_fd(3, L4Protocol::tcp, {"0.0.0.0", 80}),
             ip_fd(4, L4Protocol::tcp, {"10.0.0.1", 80}, {"10.0.0.2", 5000}),
             ip_fd(5, L4Protocol::tcp, {"10.0.0.1", 6000}, {"10.0.0.3", 443}),
             ip_fd(6, L4Protocol::udp, {"10.0.0.1", 6001}, {"10.0.0.3", 53}),
             ip_fd(7, L4Protocol::tcp, {"2001:db8::1", 80}, {"::1", 5000}),
             ip_fd(8, L4Protocol::tcp, {"::ffff:10.0.0.1", 80}, {"::ffff:10.0.0.4", 5001}),
             unix_fd(9, 1, 2, "/run/x.sock"), unix_fd(10, 3, 4, "")});
  w.start();
  CHECK(w.fd(10, 3) == "<4t>0.0.0.0:80");
  CHECK(w.fd(10, 4) == "<4t>10.0.0.2:5000->10.0.0.1:80");
  CHECK(w.fd(10, 5) == "<4t>10.0.0.1:6000->10.0.0.3:443");
  CHECK(w.fd(10, 6) == "<4u>10.0.0.1:6001->10.0.0.3:53");
  CHECK(w.fd(10, 7) == "<6>2001:db8::1:80->::1:5000");
  CHECK(w.fd(10, 8) == "<4t>10.0.0.4:5001->10.0.0.1:80");
  CHECK(w.thread(10)->fds->find(4)->role == SocketRole::server);
  CHECK(w.thread(10)->fds->find(5)->role == SocketRole::client);
  CHECK(w.thread(10)->fds->find(9)->role == SocketRole::server);
  CHECK(w.thread(10)->fds->find(10)->role == SocketRole::client);
}

TEST_CASE("container ids come from control groups") {
  ThreadRecord t = thread(10, 10, 1);
  const std::string cgroups = "cpu=/docker/" + std::string(64, 'b') + '\0';
  t.cgroups = as_bytes_of(cgroups);
  World w({t});
  CHECK(w.thread(10)->container_id.view() == "bbbbbbbbbbbb");
}

TEST_CASE("a later list of users or interfaces replaces the former") {
  World w;
  RecordSink& sink = w.records();
  sink.users_begin();
  sink.user({false, 5, 5, "first", "", ""});
  sink.users_begin();
  sink.user({false, 6, 6, "second", "", ""});
  sink.user({true, 0, 7, "group", "", ""});
  CHECK(w.state.users.name("", 5) == "");
  CHECK(w.state.users.name("", 6) == "second");
  CHECK(w.state.groups.name("", 7) == "group");
  sink.interfaces_begin();
  sink.interface({});
  sink.interfaces_begin();
  CHECK(w.state.interfaces.empty());
}

TEST_CASE("without users no names are known but root") {
  State state;
  StateImport import(state, false);
  import.user({false, 5, 5, "alice", "", ""});
  CHECK(state.users.name("", 5) == "");
  CHECK(state.users.name("", 0) == "root");
}

TEST_CASE("a new section forgets everything") {
  World w({thread(10, 10, 1)});
  w.has(10, {named_fd(3, FdType::file, "/x"), ip_server_fd(4, L4Protocol::tcp, {"1.1.1.1", 1})});
  w.records().machine({4, 5, 6, "host"});
  w.records().user({false, 5, 5, "alice", "", ""});
  w.by(10).event(type::close_exit, {i64(0), i64(3)});
  w.records().section();
  CHECK(w.state.threads.size() == 0);
  CHECK(w.state.users.name("", 5) == "");
  CHECK(w.state.machine.hostname == "");
  CHECK(w.state.server_ports.empty());
  w.by(10).event(type::getuid_exit, {u32(0)});
  CHECK(w.comm(10) == "<NA>");
}

TEST_CASE("threads beyond the limit push out others, the rest goes on") {
  std::vector<ThreadRecord> many;
  for (int64_t tid = 1; tid <= 100; ++tid) many.push_back(thread(tid, tid % 10 + 1, 1));
  World w(many, 10);
  for (int64_t tid = 1; tid <= 100; ++tid) w.has(tid, {named_fd(3, FdType::file, "/x")});
  w.start();
  CHECK(w.state.threads.size() == 10);
  CHECK(w.state.threads.evicted() == 90);
  CHECK(w.fd(100, 3) == "<f>/x");
}
