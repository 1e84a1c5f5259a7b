// Looking ahead in buffers: whichever are scanned and whichever only walked over, and wherever they
// cut the trace, what is listed is what lies whole in them.
#include "capture/file/event_scanner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/unit/capture/trace_log.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Block {
  size_t begin, end;
  bool ordinary;
  uint16_t type;
};

TraceBuilder mixed_trace(std::mt19937& random, size_t blocks) {
  TraceBuilder trace = TraceBuilder().section();
  for (size_t i = 0; i < blocks; ++i) {
    const auto dice = static_cast<uint32_t>(random() % 100);
    const std::string text(random() % 40, 't');
    trace.form(dice < 5 ? EventForm::large : EventForm::v2);
    if (dice == 50)
      trace.block(0x1234, text);
    else if (dice == 51)
      trace.event(type::clone_20_exit, Params(20, i64(dice)));
    else
      trace.event(dice % 3 == 0 ? type::read_exit : type::write_exit, {i64(dice), blob(text)});
  }
  return trace;
}

std::vector<Block> blocks_of(const std::string& trace) {
  std::vector<Block> blocks;
  for (size_t at = 0; at < trace.size();) {
    const Bytes rest = as_bytes_of(trace).subspan(at);
    const size_t end = at + load<uint32_t>(rest.data() + 4);
    const bool ordinary = is_ordinary_event(rest);
    blocks.push_back({at, end, ordinary, ordinary ? ordinary_event_type(rest) : uint16_t{0}});
    at = end;
  }
  return blocks;
}

/// What a list says, written out: events by place, runs by their number.
std::vector<std::string> as_lines(const std::vector<ScannedEvent>& found, size_t offset) {
  std::vector<std::string> lines;
  for (const ScannedEvent& e : found) {
    for (uint32_t i = 0; i < e.passed_over; ++i) lines.emplace_back("passed over");
    if (e.block_size != 0) lines.push_back(fmt::format("{}+{}", offset + e.begin, e.block_size));
  }
  return lines;
}

std::vector<std::string> expected_lines(const std::vector<Block>& blocks, size_t from, size_t to,
                                        const EventTypes& wanted) {
  std::vector<std::string> lines;
  for (const Block& block : blocks) {
    if (block.begin < from || block.end > to || !block.ordinary) continue;
    lines.push_back(wanted[block.type] ? fmt::format("{}+{}", block.begin, block.end - block.begin)
                                       : "passed over");
  }
  return lines;
}

std::optional<size_t> scan_all(const std::string& trace, std::vector<ScannedEvent>& found,
                               const std::optional<EventTypes>& wanted = std::nullopt) {
  return EventScanner(wanted).scan(as_bytes_of(trace), 0, found);
}

}  // namespace

TEST_CASE("what is listed lies whole in the buffer, wherever buffers cut the trace") {
  std::mt19937 random(99);
  EventTypes wanted;
  wanted.set(type::read_exit).set(type::clone_20_exit);
  const EventScanner scanner(wanted);
  size_t listed = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    const std::string trace = mixed_trace(random, 60).bytes();
    const std::vector<Block> blocks = blocks_of(trace);
    const size_t longest = 1 + random() % 900;
    BlockSteps steps;
    std::vector<ScannedEvent> found;
    for (size_t at = 0; at < trace.size();) {
      const Bytes buffer =
          as_bytes_of(trace).subspan(at, std::min(1 + random() % longest, trace.size() - at));
      found.clear();
      const auto first = steps.enter(buffer);
      const bool scans = random() % 2 == 0;
      if (first)
        steps.leave(buffer,
                    scans ? scanner.scan(buffer, *first, found) : BlockSteps::walk(buffer, *first));
      if (scans)
        REQUIRE((as_lines(found, at) == expected_lines(blocks, at, at + buffer.size(), wanted)));
      listed += found.size();
      at += buffer.size();
    }
  }
  CHECK(listed > 1000);
}

TEST_CASE("an event is seen as the reader's other way sees it") {
  std::mt19937 random(7);
  TraceBuilder trace = mixed_trace(random, 200);
  for (size_t n = 0; n <= 32; ++n)
    trace.form(EventForm::v2).event(type::write_exit, Params(n, i64(n)));
  trace.event(9999, {u32(1)});
  std::vector<ScannedEvent> found;
  REQUIRE(scan_all(trace.bytes(), found) == trace.size());
  for (const ScannedEvent& e : found) {
    if (e.block_size == 0) continue;
    const Bytes block = as_bytes_of(trace.bytes()).subspan(e.begin, e.block_size);
    RawEvent seen, parsed;
    view_ordinary_event(block.data(), e.extent, seen);
    REQUIRE(parse_event(*find_block(ordinary_event_block), block_body(block, e.block_size),
                        parsed) == nullptr);
    REQUIRE(event_line(seen) == event_line(parsed));
    REQUIRE(seen.option_bytes == parsed.option_bytes);
    REQUIRE(seen.data_size == parsed.data_size);
  }
}

TEST_CASE("a buffer of events that nobody wants is one run") {
  TraceBuilder trace = TraceBuilder().section();
  const size_t start = trace.size();
  for (int i = 0; i < 5; ++i) trace.event(type::write_exit, {i64(i)});
  std::vector<ScannedEvent> found;
  CHECK(scan_all(trace.bytes(), found, EventTypes()) == trace.size());
  REQUIRE(found.size() == 1);
  CHECK(found[0].run_begin == start);
  CHECK(found[0].begin == trace.size());
  CHECK(found[0].block_size == 0);
  CHECK(found[0].passed_over == 5);
}

TEST_CASE("nothing is listed behind damage, and it is not stepped over") {
  TraceBuilder trace = TraceBuilder().section().event(type::write_exit, {i64(1)});
  const size_t damage = trace.size();
  std::string bytes = trace.event(type::write_exit, {i64(2)}).event(type::close_exit).bytes();
  const size_t lengths = damage + block_header_size + 2 + event_header_size;
  bytes[lengths] = '\x7f';  // a parameter longer than the event
  std::vector<ScannedEvent> found;
  CHECK_FALSE(scan_all(bytes, found));
  CHECK(found.size() == 1);
  bytes[damage + 4] = '\x03';  // an impossible length
  CHECK_FALSE(scan_all(bytes, found));
  CHECK_FALSE(BlockSteps::walk(as_bytes_of(bytes), 0));
  BlockSteps steps;
  REQUIRE(steps.enter(as_bytes_of(bytes)) == 0);
  steps.leave(as_bytes_of(bytes), std::nullopt);
  CHECK_FALSE(steps.enter(as_bytes_of(bytes)));
}
