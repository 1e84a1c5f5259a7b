// The block reader: sections, unknown blocks, damage and where it is.
#include "capture/file/reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/unit/capture/naive_reader.hpp"
#include "tests/unit/capture/trace_log.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;
using Lines = std::vector<std::string>;

constexpr size_t section_size = 28;

TraceBuilder section() { return TraceBuilder().section(); }

TraceBuilder with_events(int count) {
  TraceBuilder trace = section();
  for (int i = 0; i < count; ++i) trace.event(type::close_exit, {i64(0)});
  return trace;
}

std::string error_at(const Reading& reading) {
  return reading.error.empty() ? "none" : fmt::format("{}@{}", reading.error, reading.error_offset);
}

/// Swaps the bytes of a 32-bit number.
std::string be32(uint32_t value) {
  std::string bytes = u32(value);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// Blocks of all kinds and sizes in random order, some of them damaged or cut.
std::string random_trace(std::mt19937& random) {
  TraceBuilder trace = section();
  const size_t blocks = random() % 400;
  for (size_t i = 0; i < blocks; ++i) {
    const auto dice = static_cast<uint32_t>(random() % 1000);
    const std::string noise(random() % (dice % 7 == 0 ? 60'000 : 200), 'n');
    trace.form(dice % 5 == 0 ? static_cast<EventForm>(random() % 6) : EventForm::v2);
    if (dice % 3 == 0) trace.by(static_cast<int64_t>(random() % 4));
    if (dice < 5)
      trace.section();
    else if (dice < 15)
      trace.block(0x1234, std::string(random() % 400'000, 'u'));
    else if (dice < 20)
      trace.users({{true, 0, dice, "group", {}, {}}});
    else if (dice == 20)
      trace.block(0x216, noise);
    else if (dice < 30)
      trace.event(static_cast<uint16_t>(1000 + dice), {u32(dice)});
    else
      trace.event(dice % 2 == 0 ? type::write_exit : type::read_exit, {i64(dice), blob(noise)});
  }
  const bool cut = random() % 3 == 0;
  return cut ? trace.bytes().substr(0, random() % trace.size()) : trace.bytes();
}

/// The lines of events that a naive reader finds, of the types that `wanted` holds.
Lines naive_events(const std::string& trace, const EventTypes& wanted, bool& damaged) {
  Lines lines;
  RecordSink sink;
  damaged = naive_read(trace, sink, [&](const RawEvent& e) {
              if (e.type >= wanted.size() || wanted[e.type]) lines.push_back(event_line(e));
            }).has_value();
  return lines;
}

}  // namespace

TEST_CASE("a trace in short") {
  const Reading reading = read_trace(with_events(3).bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.log.lines == Lines{"section", "end"});
  CHECK(reading.events.size() == 3);
  CHECK(reading.stats.sections == 1);
  CHECK(reading.stats.event_blocks == 3);
  CHECK(reading.stats.major_version == 1);
  CHECK(reading.stats.minor_version == 2);
  CHECK(reading.offsets == std::vector<uint64_t>{28, 28 + 52, 28 + 104});
}

TEST_CASE("every kind of block in every layout") {
  const Reading reading = read_trace(trace_of_everything());
  CHECK(error_at(reading) == "none");
  CHECK(reading.stats.sections == 2);
  CHECK(reading.events.size() == reading.stats.event_blocks);
  CHECK(reading.stats.unknown_blocks == std::map<uint32_t, uint64_t>{{0x7777, 1}});
  // Every metadata block type of the format is in it.
  for (const BlockInfo& info : block_table) {
    if (info.kind != BlockKind::events) CHECK(reading.stats.blocks.contains(info.type));
  }
  CHECK(std::ranges::count(reading.log.lines, "end") == 2);
}

TEST_CASE("compressed or not, the same is read") {
  const std::string bytes = trace_of_everything();
  const Reading plain = read_trace(bytes);
  for (const std::string& file : {gzip(bytes), zstd_frame(bytes)}) {
    const Reading packed = read_trace(file);
    CHECK(packed.error == "");
    CHECK(packed.events == plain.events);
    CHECK(packed.log.lines == plain.log.lines);
    CHECK(packed.stats.codec != Codec::plain);
  }
}

TEST_CASE("every metadata block is known by its number from before the first release") {
  const auto blocks = [](bool aliases) {
    TraceBuilder trace = section();
    trace.old_aliases(aliases).machine({1, 2, 3, "h"});
    ThreadRecord thread;
    thread.tid = 5;
    for (const int version : {1, 2, 3}) trace.processes({thread}, version);
    trace.fds(5, {named_fd(1, FdType::file, "/x")}, 1);
    trace.interfaces({{false, ip("1.2.3.4"), {}, {}, "lo"}}, 1);
    trace.users({{false, 1, 1, "a", "b", "c"}}, 1);
    trace.form(EventForm::v1).event(type::close_exit, {i64(0)});
    return trace.bytes();
  };
  CHECK(blocks(true) != blocks(false));
  CHECK(blocks(true).find(u32(0x8002ABCD)) == section_size);
  const Reading old = read_trace(blocks(true)), now = read_trace(blocks(false));
  CHECK(error_at(old) == "none");
  CHECK(old.log.lines == now.log.lines);
  CHECK(old.events == now.events);
  CHECK(old.stats.blocks == now.stats.blocks);
}

TEST_CASE("options of a section header are passed over") {
  const std::string options = u16(1) + u16(4) + "note" + u32(0);
  const Reading reading =
      read_trace(TraceBuilder().section({1, 2, 0x1A2B3C4D, options}).event(5, {i64(0)}).bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.events.size() == 1);
}

TEST_CASE("blocks of unknown types are passed over and counted, wherever they stand") {
  TraceBuilder trace = section();
  trace.block(0x1234, "abc").block(0x5678, "").event(type::close_exit, {i64(0)});
  trace.block(0x1234, std::string(100'000, 'x')).event(type::close_exit, {i64(0)});
  const Reading reading = read_trace(trace.bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.events.size() == 2);
  CHECK(reading.stats.unknown_blocks == std::map<uint32_t, uint64_t>{{0x1234, 2}, {0x5678, 1}});
}

TEST_CASE("a section after the events starts over") {
  const std::string one = with_events(2).bytes();
  const Reading reading = read_trace(one + one);
  CHECK(error_at(reading) == "none");
  CHECK(reading.events.size() == 4);
  CHECK(reading.stats.sections == 2);
  CHECK(reading.log.lines == Lines{"section", "end", "section", "end"});
}

TEST_CASE("records end when the first event comes, not before") {
  const Reading reading = read_trace(section().users({}).bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.log.lines == Lines{"section", "users"});
}

TEST_CASE("metadata behind events is taken too") {
  TraceBuilder trace = with_events(1);
  trace.users({{true, 0, 5, "g", {}, {}}}).event(type::close_exit, {i64(0)});
  const Reading reading = read_trace(trace.bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.log.lines == Lines{"section", "end", "users", "group 5 g"});
}

TEST_CASE("what is no trace") {
  CHECK(error_at(read_trace("")) == "the file is empty@0");
  CHECK(error_at(read_trace(gzip(""))) == "the file is empty@0");
  CHECK(error_at(read_trace("#!/bin/sh\necho hello\n")) ==
        "not a scap trace (it does not begin with a section header)@0");
  CHECK(error_at(read_trace(gzip("hello, hello"))) ==
        "not a scap trace (it does not begin with a section header)@0");
  CHECK(error_at(read_trace(TraceBuilder().event(type::close_exit).bytes())) ==
        "not a scap trace (it does not begin with a section header)@0");
}

TEST_CASE("a big-endian trace is told apart") {
  const std::string trace = u32(0x0A0D0D0A) + be32(28) + be32(0x1A2B3C4D) + std::string(2, '\0') +
                            std::string("\1\0\2", 3) + std::string(7, '\xff') + be32(28);
  CHECK(error_at(read_trace(trace)) ==
        "the trace is big-endian; read it on a machine of the kind that wrote it@0");
}

TEST_CASE("section headers that are wrong") {
  CHECK(error_at(read_trace(TraceBuilder().section({1, 2, 0x12345678, ""}).bytes())) ==
        "section header with the wrong magic 0x12345678@0");
  CHECK(error_at(read_trace(TraceBuilder().section({2, 0, 0x1A2B3C4D, ""}).bytes())) ==
        "trace format 2.0 is newer than this gyr, which knows 1.x@0");
  CHECK(error_at(read_trace(TraceBuilder().section({1, 99, 0x1A2B3C4D, ""}).bytes())) == "none");
  CHECK(error_at(read_trace(TraceBuilder().block(0x0A0D0D0A, u32(0x1A2B3C4D) + u32(1)).bytes())) ==
        "section header is too short@0");
  const std::string later = with_events(1).section({2, 0, 0x1A2B3C4D, ""}).bytes();
  CHECK(error_at(read_trace(later)) ==
        "trace format 2.0 is newer than this gyr, which knows 1.x@80");
}

TEST_CASE("trailers of metadata and unknown blocks must match, those of events need not") {
  CHECK(error_at(read_trace(section().block(0x1234, "abcd", 77).bytes())) ==
        "unknown block 0x1234 says 16 bytes at its start and 77 at its end@28");
  CHECK(error_at(read_trace(section().block(0x220, "", 0).bytes())) ==
        "user list v2 says 12 bytes at its start and 0 at its end@28");
  std::string events = with_events(2).bytes();
  events[28 + 52 - 4] = '\x7f';
  const Reading reading = read_trace(events);
  CHECK(error_at(reading) == "none");
  CHECK(reading.events.size() == 2);
}

TEST_CASE("impossible block lengths") {
  for (const uint32_t length : {0u, 4u, 8u, 11u, 13u, 50u}) {
    const std::string trace =
        section().raw(u32(0x220) + u32(length) + std::string(60, '\0')).bytes();
    CHECK(error_at(read_trace(trace)) ==
          fmt::format("user list v2 with the impossible length {}@28", length));
  }
  const std::string huge = section().raw(u32(0x220) + u32(0x7ffffffc)).bytes();
  CHECK(error_at(read_trace(huge)) == "user list v2 of 2147483644 bytes is too large@28");
}

TEST_CASE("sixteen zero bytes at the end are damage, behind all events") {
  const Reading reading = read_trace(with_events(2).raw(std::string(16, '\0')).bytes());
  CHECK(reading.events.size() == 2);
  CHECK(error_at(reading) == "unknown block 0x0 with the impossible length 0@132");
}

TEST_CASE("a truncated trace gives its whole events and says where it ends") {
  const std::string whole = with_events(2).bytes();
  const Reading body = read_trace(whole.substr(0, whole.size() - 10));
  CHECK(body.events.size() == 1);
  CHECK(error_at(body) == "block cut short: 52 bytes needed, 42 left (the file is truncated)@80");
  const Reading header = read_trace(whole.substr(0, 28 + 52 + 3));
  CHECK(header.events.size() == 1);
  CHECK(error_at(header) == "block cut short: 8 bytes needed, 3 left (the file is truncated)@80");
}

TEST_CASE("a truncated compressed trace gives its whole events, then the codec's error") {
  TraceBuilder trace = section();
  for (int i = 0; i < 20'000; ++i) trace.event(type::write_exit, {i64(i), blob(std::to_string(i))});
  for (const std::string& file : {gzip(trace.bytes()), zstd_frame(trace.bytes())}) {
    const Reading reading = read_trace(file.substr(0, file.size() / 2));
    CHECK(reading.events.size() > 1000);
    CHECK(reading.events.size() < 19'000);
    CHECK(reading.error.find("stream is cut short") != std::string::npos);
    CHECK(reading.has_offset);
    CHECK(reading.error_offset >= reading.offsets.back());
  }
}

TEST_CASE("after an error the reader stays failed") {
  const MemoryFile file(with_events(1).raw("abc").bytes());
  auto reader = TraceReader::open(file.path());
  REQUIRE(reader);
  RawEvent raw;
  RecordSink sink;
  CHECK((*reader)->next(raw, sink) == TraceReader::Step::event);
  CHECK((*reader)->next(raw, sink) == TraceReader::Step::failed);
  CHECK((*reader)->next(raw, sink) == TraceReader::Step::failed);
  CHECK((*reader)->error()->offset == 80);
}

TEST_CASE("a trace of several megabytes with blocks that straddle all buffers") {
  TraceBuilder trace = section();
  size_t count = 0;
  for (size_t size = 1; trace.size() < 3'000'000; size = size * 7 % 65'000 + 1, ++count)
    trace.event(type::write_exit, {i64(0), blob(std::string(size, 'x'))});
  trace.block(0x1234, std::string(1'000'000, 'y')).event(type::close_exit, {i64(0)});
  const Reading reading = read_trace(trace.bytes());
  CHECK(error_at(reading) == "none");
  CHECK(reading.events.size() == count + 1);
}

TEST_CASE("on random traces the reader agrees with a naive one") {
  std::mt19937 random(4711);
  EventTypes all;
  all.set();
  for (int round = 0; round < 40; ++round) {
    CAPTURE(round);
    const std::string trace = random_trace(random);
    bool damaged = false;
    const Lines expected = naive_events(trace, all, damaged);
    for (const std::string& file : {trace, round % 8 == 0 ? zstd_frame(trace) : trace}) {
      const Reading reading = read_trace(file);
      REQUIRE((reading.events == expected));
      REQUIRE(reading.error.empty() != damaged);
      REQUIRE(reading.stats.event_blocks == expected.size());
    }
  }
}

TEST_CASE("events of types that are not wanted may be passed over, never others") {
  std::mt19937 random(4712);
  EventTypes wanted;
  wanted.set(type::read_exit);
  size_t passed_over = 0;
  for (int round = 0; round < 50; ++round) {
    CAPTURE(round);
    const std::string trace = random_trace(random);
    bool damaged = false;
    const size_t all_events = naive_events(trace, EventTypes().set(), damaged).size();
    const Lines expected = naive_events(trace, wanted, damaged);
    const MemoryFile file(trace);
    auto reader = TraceReader::open(file.path(), wanted);
    REQUIRE(reader);
    RecordSink sink;
    Lines lines;
    uint64_t given = 0;
    while ((*reader)->next(sink) == TraceReader::Step::event) {
      ++given;
      const RawEvent& event = (*reader)->event();
      if (event.type >= wanted.size() || wanted[event.type]) lines.push_back(event_line(event));
    }
    REQUIRE((lines == expected));
    REQUIRE((*reader)->error().has_value() == damaged);
    CHECK(given + (*reader)->passed_over() == (*reader)->stats().event_blocks);
    if (!damaged) CHECK((*reader)->stats().event_blocks == all_events);
    passed_over += (*reader)->passed_over();
  }
  CHECK(passed_over > 1000);
}

TEST_CASE("events of threads that are not wanted are passed over, never others") {
  std::mt19937 random(4713);
  const EventTypes by_thread = EventTypes().set(type::read_exit).set(type::write_exit);
  for (const EventTypes& types : {EventTypes(), by_thread, EventTypes().set(type::read_exit)}) {
    uint64_t passed_over = 0;
    for (int round = 0; round < 30; ++round) {
      CAPTURE(round);
      const std::string trace = random_trace(random);
      bool damaged = false;
      const Lines expected = naive_events(trace, EventTypes().set(), damaged);
      const MemoryFile file(trace);
      auto reader = TraceReader::open(file.path(), std::nullopt, types);
      REQUIRE(reader);
      RecordSink sink;
      size_t at = 0;
      const auto unwanted = [](int64_t tid, uint16_t) { return tid >= 2; };
      while ((*reader)->next(sink, unwanted) == TraceReader::Step::event) {
        const RawEvent& event = (*reader)->event();
        at += (*reader)->passed_over() - passed_over;
        passed_over = (*reader)->passed_over();
        REQUIRE(at < expected.size());
        REQUIRE(event_line(event) == expected[at++]);
      }
      at += (*reader)->passed_over() - passed_over;
      passed_over = 0;
      REQUIRE((*reader)->error().has_value() == damaged);
      CHECK(at == expected.size());
      if (types.any() && !expected.empty()) CHECK((*reader)->last_ts() != 0);
    }
  }
}

TEST_CASE("a run of a thread ends with the thread and the types") {
  TraceBuilder trace = with_events(0);
  const auto add = [&](int64_t tid, uint16_t type) { trace.by(tid).event(type, {i64(0)}); };
  add(1, type::close_exit);
  for (int i = 0; i < 3; ++i) add(7, type::write_exit);
  add(8, type::write_exit);
  add(7, type::close_exit);
  add(7, type::write_exit);
  const MemoryFile file(trace.bytes());
  auto reader = TraceReader::open(file.path(), std::nullopt, EventTypes().set(type::write_exit));
  REQUIRE(reader);
  RecordSink sink;
  std::vector<int64_t> asked;
  Lines given;
  const auto unwanted = [&](int64_t tid, uint16_t) { return asked.push_back(tid), tid == 7; };
  while ((*reader)->next(sink, unwanted) == TraceReader::Step::event)
    given.push_back(fmt::format("{} {}", (*reader)->event().tid, (*reader)->event().type));
  CHECK(asked == std::vector<int64_t>{7, 8, 7});
  CHECK(given == Lines{fmt::format("1 {}", type::close_exit), fmt::format("8 {}", type::write_exit),
                       fmt::format("7 {}", type::close_exit)});
  CHECK((*reader)->passed_over() == 4);
}
