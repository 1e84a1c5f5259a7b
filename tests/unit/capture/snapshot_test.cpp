// The snapshot writer is the inverse of the parsers of metadata blocks.
#include "capture/file/snapshot_writer.hpp"

#include <doctest/doctest.h>

#include "capture/file/metadata.hpp"
#include "tests/unit/capture/trace_log.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

/// The records of a trace up to its first event, written anew, with an event behind them.
std::string rewritten(const std::string& path) {
  std::vector<std::byte> blocks;
  SnapshotWriter writer(blocks);
  auto reader = TraceReader::open(path);
  REQUIRE(reader);
  REQUIRE((*reader)->next(writer) == TraceReader::Step::event);
  return std::string(as_text(blocks)) +
         TraceBuilder().event(schema::type::close_exit, {i64(0)}).bytes();
}

/// The record lines of the first section.
std::vector<std::string> first_section(const std::vector<std::string>& lines) {
  const auto end = std::find(lines.begin(), lines.end(), "end");
  return {lines.begin(), end};
}

std::vector<std::string> lines_of(const std::string& trace) {
  const Reading reading = read_trace(trace);
  CHECK(reading.error == "");
  return first_section(reading.log.lines);
}

/// One record, written and read again.
template <class Record>
struct Keep final : RecordSink {
  std::optional<Record> kept;
  std::string name, given_name;
  void thread(const ThreadRecord& r) override {
    if constexpr (std::is_same_v<Record, ThreadRecord>) kept = r;
  }
  void fd(int64_t, const FdRecord& r) override {
    if constexpr (std::is_same_v<Record, FdRecord>) {
      kept = r;
      name = r.own ? r.own->name : "";
      given_name = r.own ? r.own->given_name : "";
    }
  }
};

Bytes body_of(const std::vector<std::byte>& block) {
  return block_body(block, static_cast<uint32_t>(block.size()));
}

}  // namespace

TEST_CASE("records that are written anew read the same") {
  const MemoryFile everything(trace_of_everything());
  std::vector<std::string> paths = {everything.path()};
  for (const char* name : {"curl_google.scap", "shell.scap.zst"}) {
    if (const std::string path = corpus_file(name); !path.empty()) paths.push_back(path);
  }
  for (const std::string& path : paths) {
    CAPTURE(path);
    const std::string once = rewritten(path);
    auto reader = TraceReader::open(path);
    Records records;
    RecordLog log(records);
    REQUIRE((*reader)->next(log) == TraceReader::Step::event);
    CHECK(first_section(records.lines) == lines_of(once));
    const MemoryFile file(once);
    CHECK(rewritten(file.path()) == once);
  }
}

TEST_CASE("what only gyr knows is written and read too") {
  std::vector<std::byte> block;
  ThreadRecord thread;
  thread.tid = thread.pid = 5;
  thread.own = OwnThreadFields{11, 12, OwnThreadFields::dead};
  {
    SnapshotWriter writer(block);
    writer.thread(thread);
    writer.records_end();
  }
  Keep<ThreadRecord> threads;
  REQUIRE(parse_processes(body_of(block), 9, threads));
  REQUIRE(threads.kept->own);
  CHECK(threads.kept->own->clone_ts == 11);
  CHECK(threads.kept->own->lastexec_ts == 12);
  CHECK(threads.kept->own->bits == OwnThreadFields::dead);
  CHECK(threads.kept->pgid == -1);

  for (const FdType type : {FdType::unknown, FdType::ipv4_socket, FdType::ipv6_server,
                            FdType::pidfd, FdType::file_v2, FdType::unix_socket}) {
    block.clear();
    FdRecord fd;
    fd.fd = 3;
    fd.type = type;
    fd.own = OwnFdFields{2, OwnFdFields::connected, 0x1000, 7, 99, "as it prints", "given"};
    {
      SnapshotWriter writer(block);
      writer.fd(5, fd);
      writer.records_end();
    }
    Keep<FdRecord> fds;
    REQUIRE(parse_fds(body_of(block), 2, fds));
    REQUIRE(fds.kept->own);
    CHECK(fds.kept->type == type);
    // sysdig 0.29 refuses the newer ones.
    CHECK(static_cast<uint8_t>(block[8 + 8 + 4 + 8 + 8]) ==
          (type == FdType::pidfd ? 10 : static_cast<uint8_t>(type)));
    CHECK(fds.kept->own->role == 2);
    CHECK(fds.kept->own->bits == OwnFdFields::connected);
    CHECK(fds.kept->own->open_flags == 0x1000);
    CHECK(fds.kept->own->dev == 7);
    CHECK(fds.kept->own->pid == 99);
    CHECK(fds.name == "as it prints");
    CHECK(fds.given_name == "given");
  }
}

TEST_CASE("texts are cut where readers refuse longer ones, long lists go on in further blocks") {
  std::vector<std::byte> blocks;
  const std::string path(5000, 'p');
  std::string env;
  for (int i = 0; i < 1000; ++i) env += std::string("VARIABLE=1") + '\0';
  SnapshotWriter writer(blocks);
  ThreadRecord thread;
  thread.cwd = path;
  thread.env = as_bytes_of(env);
  for (thread.tid = 1; thread.tid <= 500; ++thread.tid) writer.thread(thread);
  writer.records_end();
  const std::string trace = TraceBuilder().section().bytes() + std::string(as_text(blocks)) +
                            TraceBuilder().event(schema::type::close_exit, {i64(0)}).bytes();
  const MemoryFile file(trace);
  auto reader = TraceReader::open(file.path());
  struct Sink final : RecordSink {
    size_t threads = 0;
    void thread(const ThreadRecord& r) override {
      ++threads;
      CHECK(r.cwd.size() == 1023);
      CHECK(r.env.size() == 4096);
      CHECK(r.env.back() == std::byte{0});
    }
  } sink;
  REQUIRE((*reader)->next(sink) == TraceReader::Step::event);
  CHECK(sink.threads == 500);
  CHECK((*reader)->stats().blocks.at(0x215) == 3);
}
