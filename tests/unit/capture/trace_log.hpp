// What a reader gives for a trace, as lines of text that tests compare.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "capture/file/reader.hpp"
#include "decoder/addresses.hpp"
#include "tests/support/trace_builder.hpp"

namespace gyr::test {

inline std::string visible(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\0' ? std::string("\\0") : std::string(1, c);
  return out;
}

inline std::string address(bool ipv6, const IpAddress& bytes) {
  Text text;
  if (ipv6)
    append_ipv6(text, bytes.data());
  else
    append_ipv4(text, bytes.data());
  return std::string(text.view());
}

/// Every record as one line, in the order in which they came.
struct Records {
  std::vector<std::string> lines;
  std::vector<ThreadRecord> threads;  // numbers only: their texts are gone
};

class RecordLog final : public RecordSink {
 public:
  explicit RecordLog(Records& records) : lines(records.lines), threads(records.threads) {}

  void section() override { lines.emplace_back("section"); }
  void machine(const MachineInfo& m) override {
    add("machine {} cpus={} memory={} boot={}", m.hostname, m.cpus, m.memory_bytes, m.boot_ts);
  }
  void interfaces_begin() override { lines.emplace_back("interfaces"); }
  void interface(const InterfaceRecord& i) override {
    add("interface {} {} {} {}", i.name, address(i.ipv6, i.address), address(i.ipv6, i.netmask),
        address(i.ipv6, i.broadcast));
  }
  void users_begin() override { lines.emplace_back("users"); }
  void user(const UserRecord& u) override {
    if (u.is_group)
      add("group {} {}", u.gid, u.name);
    else
      add("user {} {} {} {} {}", u.uid, u.gid, u.name, u.home, u.shell);
  }
  void thread(const ThreadRecord& t) override {
    threads.push_back(t);
    add("thread {} {} {} comm={} exe={} exepath={} args={} cwd={} env={} cgroups={} root={}", t.tid,
        t.pid, t.ptid, t.comm, t.exe, t.exepath, visible(as_text(t.args)), t.cwd,
        visible(as_text(t.env)), visible(as_text(t.cgroups)), t.root);
  }
  void fd(int64_t tid, const FdRecord& f) override {
    const bool v6 = f.type == FdType::ipv6_socket || f.type == FdType::ipv6_server;
    add("fd {}:{} type={} ino={} name={} flags={} dev={} {}:{}->{}:{} l4={} {:x}->{:x}", tid, f.fd,
        static_cast<int>(f.type), f.ino, f.name, f.open_flags, f.dev, address(v6, f.source),
        f.source_port, address(v6, f.destination), f.destination_port, static_cast<int>(f.l4),
        f.unix_source, f.unix_destination);
  }
  void records_end() override { lines.emplace_back("end"); }

 private:
  std::vector<std::string>& lines;
  std::vector<ThreadRecord>& threads;

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    lines.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
};

/// A trace read to its end.
struct Reading {
  Records log;
  std::vector<std::string> events;  // "type=5 tid=1 cpu=0 ts=+0 flags=0 params=..,.." in hex
  std::vector<uint64_t> offsets;    // of the events' blocks
  TraceStats stats;
  std::string error;          // "" = a clean end
  uint64_t error_offset = 0;  // meaningful with an error
  bool has_offset = false;
};

inline std::string hex(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(b));
  return text;
}

inline std::string event_line(const RawEvent& e) {
  std::string line = fmt::format("type={} tid={} cpu={} ts=+{} flags={} params=", e.type, e.tid,
                                 e.cpu, e.ts - TraceBuilder::first_ts, e.flags);
  size_t at = 0;
  for (uint32_t i = 0; i < e.nparams; ++i) {
    line += (i != 0 ? "," : "") + hex({e.data + at, e.param_size(i)});
    at += e.param_size(i);
  }
  return line;
}

inline Reading read_trace(const std::string& bytes) {
  Reading reading;
  const MemoryFile file(bytes);
  auto reader = TraceReader::open(file.path());
  if (!reader) {
    reading.error = reader.error().message;
    return reading;
  }
  RecordLog log(reading.log);
  RawEvent raw;
  while ((*reader)->next(raw, log) == TraceReader::Step::event) {
    reading.events.push_back(event_line(raw));
    reading.offsets.push_back(raw.offset);
  }
  reading.stats = (*reader)->stats();
  if (const auto& error = (*reader)->error()) {
    reading.error = error->message;
    reading.has_offset = error->offset.has_value();
    reading.error_offset = error->offset.value_or(0);
  }
  return reading;
}

}  // namespace gyr::test
