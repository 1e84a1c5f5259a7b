// The block of a gap event is what the reader makes a gap event of.
#include "capture/file/gap_event.hpp"

#include <doctest/doctest.h>

#include "capture/file/reader.hpp"
#include "tests/support/trace_builder.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

std::string as_string(const std::vector<std::byte>& bytes) { return std::string(as_text(bytes)); }

}  // namespace

TEST_CASE("a gap is one ordinary block of an event of gyr's own") {
  std::vector<std::byte> written;
  append_gap({.ts = TraceBuilder::first_ts,
              .count = 3,
              .cpu = 2,
              .from = 10,
              .to = 20,
              .reason = GapReason::page_not_resident},
             written);
  TraceBuilder built;
  built.by(-1).cpu(2).event(type::gap_exit, {u64(3), i32(2), u64(10), u64(20), u8(3)});
  CHECK(as_string(written) == built.bytes());
  CHECK(load<uint16_t>(written.data() + 8 + 2 + 20) == 32769);
}

TEST_CASE("gaps stand between other events; a CPU that is not known is the first in the header") {
  TraceBuilder trace;
  trace.section().event(type::close_exit, {i64(0)});
  std::vector<std::byte> gaps;
  append_gap({.ts = 1, .count = 1}, gaps);
  append_gap({.ts = 2, .count = 2, .cpu = 1, .reason = GapReason::ring_full}, gaps);
  trace.raw(as_text(gaps)).event(type::close_exit, {i64(1)});
  const MemoryFile file(trace.bytes());
  auto reader = TraceReader::open(file.path());
  REQUIRE(reader);
  RawEvent event;
  RecordSink ignored;
  std::vector<uint16_t> types, cpus;
  while ((*reader)->next(event, ignored) == TraceReader::Step::event) {
    types.push_back(event.type);
    cpus.push_back(event.cpu);
  }
  CHECK_FALSE((*reader)->error());
  CHECK(types == std::vector{type::close_exit, type::gap_exit, type::gap_exit, type::close_exit});
  CHECK(cpus == std::vector<uint16_t>{0, 0, 1, 0});
}
