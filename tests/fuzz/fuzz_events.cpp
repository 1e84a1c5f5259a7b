// Well-framed events with values that mean something, straight into the decoder: synthetic.hpp.
//
// The first byte picks how to print. The machine at the start is always the same; fewer threads are
// allowed than event headers can name, so that most are evicted while something still points at
// them.
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/synthetic.hpp"

namespace gyr::fuzz {

namespace {

constexpr size_t thread_limit = 12;

ThreadRecord a_thread(int64_t tid, int64_t pid, int64_t ptid, uint32_t flags) {
  ThreadRecord record;
  record.tid = record.vtid = tid;
  record.pid = record.vpid = pid;
  record.ptid = ptid;
  record.comm = record.exe = "program";
  record.cwd = "/root";
  record.flags = flags;
  return record;
}

FdRecord an_fd(int64_t fd, FdType type, std::string_view name) {
  FdRecord record;
  record.fd = fd;
  record.type = type;
  record.name = name;
  return record;
}

FdRecord a_socket(int64_t fd, FdType type, uint16_t source_port, uint16_t destination_port) {
  FdRecord record = an_fd(fd, type, {});
  record.l4 = L4Protocol::tcp;
  record.source = {192, 168, 0, 1};
  record.source_port = source_port;
  record.destination_port = destination_port;
  return record;
}

void start_section(RecordSink& sink) {
  sink.section();
  sink.machine({.cpus = 2, .memory_bytes = 1, .boot_ts = 1, .hostname = "host"});
  sink.interfaces_begin();
  sink.interface({false, {127, 0, 0, 1}, {255}, {}, "lo"});
  sink.interface({false, {192, 168, 0, 1}, {255, 255, 255}, {}, "eth0"});
  sink.users_begin();
  sink.user({false, 1000, 1000, "user", "/home", "/bin/sh"});
  sink.user({true, 0, 1000, "group", "", ""});
  sink.thread(a_thread(1, 1, 0, is_main_thread));
  sink.thread(a_thread(2, 2, 1, 0));
  sink.thread(a_thread(3, 2, 1, clone_thread));
  sink.fd(1, an_fd(0, FdType::file_v2, "/dev/null"));
  sink.fd(2, an_fd(1, FdType::directory, "/tmp"));
  sink.fd(2, a_socket(3, FdType::ipv4_server, 80, 0));
  sink.fd(2, a_socket(4, FdType::ipv4_socket, 80, 160));
  sink.fd(2, a_socket(5, FdType::ipv6_socket, 160, 80));
  sink.records_end();
}

void run(Bytes bytes) {
  if (bytes.empty()) return;
  Replay replay(load<uint8_t>(bytes.data()), thread_limit);
  start_section(replay.records());
  SyntheticEvents events(bytes.subspan(1));
  while (const RawEvent* raw = events.next()) {
    if (raw->type == SyntheticEvents::new_section)
      start_section(replay.records());
    else
      replay.show(*raw);
  }
  replay.finish();
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
