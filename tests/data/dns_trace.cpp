#include "tests/data/dns_trace.hpp"

#include <string_view>

#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

namespace type = schema::type;
using namespace std::string_view_literals;

constexpr int64_t fetch = 300, crawl = 301;
constexpr int64_t udp_fd = 3, tcp_fd = 4;
constexpr uint32_t inet = 2, stream = 1, datagram = 2;  // AF_INET, SOCK_STREAM, SOCK_DGRAM
constexpr End resolver{"192.0.2.53", 53};

// The answer to A www.example.org: an alias of cdn.example.org, which has two addresses.
constexpr std::string_view answer =
    "\x12\x34\x81\x80\0\1\0\3\0\0\0\0"
    "\3www\7example\3org\0\0\1\0\1"
    "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\6\3cdn\xc0\x10"
    "\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
    "\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2"sv;
// Over TCP a length goes before it.
constexpr std::string_view tcp_answer =
    "\0\x2b\x12\x35\x81\x80\0\1\0\1\0\0\0\0"
    "\4mail\4test\0\0\1\0\1"
    "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x19"sv;
// A name that points to itself, with more records than there are bytes.
constexpr std::string_view hostile = "\x12\x36\x81\x80\0\1\xff\xff\0\0\0\0\xc0\x0c\0\1\0\1"sv;
constexpr std::string_view question = "\x12\x34\1\0\0\1\0\0\0\0\0\0\3www\7example\3org\0\0\1\0\1"sv;

/// A program with one resolver and one connection at a time.
class Program {
 public:
  Program(TraceBuilder& trace, int64_t pid) : trace_(trace), pid_(pid) {}

  Program& connect(int64_t fd, uint32_t kind, End from, End to) {
    call(type::socket_enter, {u32(inet), u32(kind), u32(0)}, {i64(fd)}, 3'300);
    call(type::connect_enter, {i64(fd), socket_address(to)}, {i64(0), tuple(from, to)}, 61'000);
    return *this;
  }
  Program& send(int64_t fd, std::string_view bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    return call(type::write_enter, {i64(fd), u32(size)}, {i64(size), blob(bytes)}, 8'000);
  }
  Program& receive(int64_t fd, std::string_view bytes) {
    const auto size = static_cast<int64_t>(bytes.size());
    return call(type::read_enter, {i64(fd), u32(1'024)}, {i64(size), blob(bytes)}, 900'000);
  }
  Program& close(int64_t fd) { return call(type::close_enter, {i64(fd)}, {i64(0)}, 700); }

 private:
  Program& call(uint16_t enter, Params asked, Params got, uint64_t took) {
    trace_.by(pid_).event(enter, std::move(asked));
    trace_.at(trace_.now() + took);
    trace_.event(static_cast<uint16_t>(enter + 1), std::move(got));
    return *this;
  }

  TraceBuilder& trace_;
  int64_t pid_;
};

void write_records(TraceBuilder& trace) {
  std::vector<ThreadRecord> processes(2);
  for (size_t i = 0; i < processes.size(); ++i) {
    ThreadRecord& process = processes[i];
    process.tid = process.pid = process.vtid = process.vpid = i == 0 ? fetch : crawl;
    process.ptid = 1;
    process.comm = process.exe = i == 0 ? "fetch" : "crawl";
    process.cwd = "/";
  }
  trace.section()
      .machine({.cpus = 1, .memory_bytes = 1ull << 30, .hostname = "box"})
      .processes(processes);
}

}  // namespace

std::string dns_trace_bytes() {
  TraceBuilder trace;
  write_records(trace);
  Program(trace, fetch)
      .connect(udp_fd, datagram, {"192.0.2.100", 40001}, resolver)
      .send(udp_fd, question)
      .receive(udp_fd, answer)
      .receive(udp_fd, hostile)
      .close(udp_fd)
      .connect(tcp_fd, stream, {"192.0.2.100", 40002}, {"192.0.2.2", 443})
      .send(tcp_fd, "hello")
      .receive(tcp_fd, "hello yourself")
      .close(tcp_fd)
      .connect(tcp_fd, stream, {"192.0.2.100", 40003}, {"192.0.2.2", 443})
      .close(tcp_fd);
  Program(trace, crawl)
      .connect(udp_fd, stream, {"192.0.2.100", 40004}, resolver)
      .receive(udp_fd, tcp_answer)
      .close(udp_fd)
      .connect(tcp_fd, stream, {"192.0.2.100", 40005}, {"192.0.2.25", 25})
      .close(tcp_fd)
      .connect(tcp_fd, stream, {"192.0.2.100", 40006}, {"192.0.2.77", 80})
      .close(tcp_fd);
  return trace.bytes();
}

}  // namespace gyr::test
