// The descriptor of an event: remembered from enter events, and said by exit events.
#include "decoder/event_fd.hpp"

#include <doctest/doctest.h>

#include "schema_params.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Prog : World {
  Prog() : World({process()}) {
    has(7, {named_fd(5, FdType::file_v2, "/five"), named_fd(6, FdType::file_v2, "/six")});
    by(7);
  }
  static ThreadRecord process() {
    ThreadRecord t;
    t.tid = t.pid = 7;
    t.comm = "prog";
    return t;
  }
  int64_t fd() const { return event_fd(*last()); }
  std::string_view name() const {
    const Descriptor* d = event_descriptor(*last());
    return d != nullptr ? d->name.view() : "none";
  }
};

}  // namespace

TEST_CASE("event_fd: an old exit event works on what its enter event named") {
  Prog p;
  p.event(type::read_enter, {i64(5), u32(1)});
  CHECK(p.fd() == 5);
  p.event(type::read_exit, {i64(1), blob("x")});
  CHECK(p.fd() == 5);
  CHECK(p.name() == "/five");
  p.event(type::read_exit, {i64(1), blob("x")});  // whose enter event is lost
  CHECK(p.fd() == -1);
  CHECK(p.name() == "none");
  p.event(type::read_enter, {i64(5), u32(1)});
  p.event(type::write_exit, {i64(1), blob("x")});
  CHECK(p.fd() == -1);
}

TEST_CASE("event_fd: today's exit event says it itself") {
  Prog p;
  p.event(type::read_exit, {i64(1), blob("x"), i64(5), u32(1)});
  CHECK(p.fd() == 5);
  p.event(type::mmap_exit,
          {i64(0), u32(0), u32(0), u32(0), u64(0), u64(0), u32(0), u32(0), i64(6), u64(0)});
  CHECK(p.name() == "/six");
  p.event(type::copy_file_range_exit, {i64(1), i64(6), u64(0), i64(5), u64(0), u64(1)});
  CHECK(p.fd() == 6);
  p.event(type::unlinkat_2_exit, {i64(0), i64(-100), text("x"), u32(0)});
  CHECK(p.fd() == -100);
  CHECK(p.name() == "none");
  p.event(type::brk_4_exit, {u64(0), u32(0), u32(0), u32(0), u64(0)});
  CHECK(p.fd() == -1);
}

TEST_CASE("event_fd: what a call makes") {
  Prog p;
  p.event(type::open_exit, {i64(3), text("/x"), u32(1), u32(0), u32(0), u64(0)});
  CHECK(p.fd() == 3);
  CHECK(p.last()->names_fd());
  p.event(type::open_exit, {i64(-2), text("/x"), u32(1), u32(0), u32(0), u64(0)});
  CHECK(p.fd() == -1);
  p.event(type::dup2_enter, {i64(5)});
  CHECK(p.fd() == 5);
  p.event(type::dup2_exit, {i64(8), i64(5), i64(8)});
  CHECK(p.fd() == 8);
  CHECK(p.name() == "/five");
  CHECK_FALSE(p.last()->names_fd());
  p.event(type::dup2_exit, {i64(-9), i64(5), i64(8)});
  CHECK(p.fd() == 5);
}

TEST_CASE("event_fd: a descriptor is there while its close is looked at") {
  Prog p;
  p.event(type::close_exit, {i64(0), i64(5)});
  CHECK(p.name() == "/five");
  p.event(type::read_exit, {i64(-9), blob(""), i64(5), u32(1)});
  CHECK(p.fd() == 5);
  CHECK(p.name() == "none");
}

TEST_CASE("an exit event answers for its enter event after it was decoded") {
  Prog p;
  namespace mkdir = schema::param::mkdir_2_exit;
  p.event(type::mkdir_enter, {text("/d"), u32(0755)});
  p.event(type::mkdir_exit, {i64(0)});
  CHECK(p.last()->today_id() == type::mkdir_2_exit);
  CHECK(p.last()->get(mkdir::path) == "/d");
  CHECK(p.last()->get(mkdir::mode) == 0755);
  p.event(type::mkdir_exit, {i64(0)});
  CHECK(p.last()->get(mkdir::path) == "");
}

TEST_CASE("event_fd: an event that is made up is not about the call that its thread is in") {
  Prog p;
  p.event(type::read_enter, {i64(5), u32(1)});
  p.event(type::read_exit, {i64(1), blob("x"), i64(6), u32(1)});
  CHECK(p.name() == "/five");
  const Event made_up(p.last()->raw(), *p.last()->thread());
  CHECK(event_descriptor(made_up)->name.view() == "/six");
}
