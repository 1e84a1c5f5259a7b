#include "tests/data/own_trace.hpp"

#include "capture/file/gap_event.hpp"
#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

namespace type = schema::type;

constexpr int64_t cp = 100;
constexpr uint8_t read_op = 22;  // IORING_OP_READ
constexpr uint64_t user_data = 0x51;

EventSpec timed(uint16_t type, Params params, uint64_t latency) {
  EventSpec spec;
  spec.type = type;
  spec.params = std::move(params);
  spec.options = latency_bytes(latency);
  return spec;
}

void write_records(TraceBuilder& trace) {
  ThreadRecord process;
  process.tid = process.pid = process.vtid = process.vpid = cp;
  process.ptid = 1;
  process.comm = "cp";
  process.exe = "/usr/bin/cp";
  process.cwd = "/root/";
  trace.section()
      .machine({.cpus = 2, .memory_bytes = 2ull << 30, .hostname = "box"})
      .processes({process})
      .fds(cp, {named_fd(3, FdType::file_v2, "/srv/disk.img"),
                named_fd(4, FdType::file_v2, "/srv/copy.img")});
}

}  // namespace

std::string own_trace_bytes() {
  TraceBuilder trace;
  write_records(trace);
  trace.by(cp).add(timed(type::read_exit, {i64(2), blob("ab"), i64(3), u32(4096)}, 1'500));
  std::vector<std::byte> gap;
  append_gap({.ts = trace.now(),
              .count = 1234,
              .cpu = 1,
              .from = trace.now() - 400'000,
              .to = trace.now(),
              .reason = GapReason::ring_full},
             gap);
  trace.raw(as_text(gap));
  trace.event(type::io_uring_request_enter, {u8(read_op), i64(3), u64(user_data)});
  trace.event(type::write_enter, {i64(4), u32(2)});
  trace.event(type::write_exit, {i64(2), blob("ab"), i64(4), u32(2)});
  trace.add(timed(type::io_uring_request_exit, {i64(4096), u8(read_op), i64(3), u64(user_data)},
                  2'000'000));
  trace.add(timed(type::close_exit, {i64(0), i64(3)}, 800));
  return trace.bytes();
}

}  // namespace gyr::test
