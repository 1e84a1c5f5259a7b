// Events of gyr's own, and the latency that stands behind an event.
#include <doctest/doctest.h>

#include "decoder/event_fd.hpp"
#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

struct Prog : World {
  Prog() : World(one_process(7, "prog", "/root")) {
    has(7, {named_fd(3, FdType::io_uring, "ring"), named_fd(5, FdType::file_v2, "/five")});
    by(7);
  }
  uint64_t latency() const { return last()->latency(); }
};

const Params read_of_five = {i64(1), blob("x"), i64(5), u32(1)};

}  // namespace

TEST_CASE("own events: a gap prints what was lost, and is of no thread") {
  Prog p;
  p.by(-1);
  CHECK(p.event(type::gap_exit, {u64(3), i32(1), u64(1'500'000'000), u64(2'000'000'001), u8(1)}) ==
        "count=3 lost_cpu=1 from=1970-01-01 00:00:01.500000000 +0000 "
        "to=1970-01-01 00:00:02.000000001 +0000 reason=1(RING_FULL)");
  CHECK(p.last()->thread() == nullptr);
  CHECK(p.last()->num() == 1);
  CHECK(field(p, "evt.type") == "gap");
  CHECK(field(p, "evt.type.is.gap") == "1");
  CHECK(field(p, "evt.type.is.32769") == "1");
  CHECK(field(p, "evt.type.is.32771") == "0");
  CHECK(field(p, "evt.dir") == "<");
  CHECK(field(p, "evt.category") == "other");
  CHECK(field(p, "evt.arg.reason") == "RING_FULL");
  CHECK(field(p, "evt.rawarg.count") == "3");
  CHECK(p.event(type::gap_enter, {}) == "(hidden)");
}

TEST_CASE("own events: types that are not there") {
  for (const char* id : {"454", "457", "32767", "32772", "65535", "65536", "98305"})
    CHECK(field_error(std::string("evt.type.is.") + id) ==
          std::string("there is no event type ") + id);
}

TEST_CASE("own events: a request of a ring is about its own descriptor") {
  Prog p;
  p.event(type::io_uring_enter_enter, {i64(3), u32(1), u32(0), u32(0), u32(0)});
  CHECK(p.event(type::io_uring_request_enter, {u8(22), i64(5), u64(0xabc)}) ==
        "op=22(IORING_OP_READ) fd=5(<f>/five) user_data=ABC");
  CHECK(event_fd(*p.last()) == 5);
  CHECK(field(p, "fd.name") == "/five");
  CHECK(field(p, "evt.category") == "file");
  CHECK(p.latency() == 0);
  CHECK(p.event(type::io_uring_request_exit, {i64(-9), u8(0), i64(5), u64(1)}) ==
        "res=-9(EBADF) op=0(IORING_OP_NOP) fd=5(<f>/five) user_data=1");
  CHECK(event_fd(*p.last()) == 5);
  CHECK(p.latency() == 0);
  p.event(type::io_uring_request_exit, {i64(1), u8(64), i64(-1), u64(1)}, latency_bytes(42));
  CHECK(event_fd(*p.last()) == -1);
  CHECK(p.latency() == 42);
}

TEST_CASE("own events: a request does not end the call that its thread is in") {
  Prog p;
  p.event(type::read_enter, {i64(5), u32(1)});
  p.event(type::io_uring_request_exit, {i64(1), u8(1), i64(3), u64(1)}, latency_bytes(9));
  p.event(type::read_exit, {i64(1), blob("x")});
  CHECK(p.latency() == 2000);
  CHECK(event_fd(*p.last()) == 5);
}

TEST_CASE("latency: the one behind an event counts") {
  Prog p;
  p.event(type::read_exit, read_of_five, latency_bytes(1'500'000'000));
  CHECK(p.latency() == 1'500'000'000);
  CHECK(field(p, "evt.latency") == "1500000000");
  CHECK(field(p, "evt.latency.s") == "1");
  CHECK(field(p, "evt.latency.human") == "1.50s");
  p.event(type::schedswitch_6_enter, {i64(8), u64(0), u64(0), u32(0), u32(0), u32(0)});
  CHECK(p.latency() == 1'500'000'000);
  p.event(type::read_exit, read_of_five);
  CHECK(p.latency() == 0);
  p.event(type::read_enter, {i64(5), u32(1)});
  p.event(type::read_exit, read_of_five, latency_bytes(17));
  CHECK(p.latency() == 17);
  p.event(type::read_enter, {i64(5), u32(1)});
  p.event(type::read_exit, read_of_five, u16(1) + str16("note") + u16(0));
  CHECK(p.latency() == 1000);
}

TEST_CASE("latency: of a call that makes its thread, and not of an enter event") {
  Prog p;
  p.by(9).event(type::read_exit, read_of_five, latency_bytes(4));  // a thread that nobody knew
  CHECK(p.latency() == 4);
  p.by(7).event(type::read_enter, {i64(5), u32(1)}, latency_bytes(4));
  CHECK(p.latency() == 0);
  CHECK(p.thread(7)->latency == 0);
  p.event(type::clone_20_exit, clone_params({.res = 10, .tid = 7, .pid = 7, .ptid = 1}),
          latency_bytes(5));
  CHECK(p.latency() == 5);
}
