// gyr convert and gyr merge, by their commands.
#include "cli/convert.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "cli/merge.hpp"
#include "tests/support/trace_builder.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

/// A corpus trace, or the small one of the project.
std::string some_trace() {
  const std::string path = corpus_file("curl_google.scap");
  return path.empty() ? GYR_TEST_DATA "/small.scap" : path;
}

constexpr uint64_t second = 1'000'000'000;
constexpr uint64_t start = 1'700'000'000 * second;

ThreadRecord process(int64_t tid, int64_t parent, const char* comm) {
  ThreadRecord t;
  t.tid = t.pid = t.vtid = t.vpid = tid;
  t.ptid = parent;
  t.comm = t.exe = comm;
  t.cwd = "/root";
  return t;
}

/// A host with one shell, which opens files: one each 10 s from `begin` on.
std::string host_trace(const char* hostname, uint64_t boot, uint64_t begin, const char* shell,
                       int files) {
  TraceBuilder trace;
  const uint64_t memory = 1 << 30;
  UserRecord user;
  user.uid = user.gid = 1000;
  user.name = hostname;
  trace.section()
      .machine({.cpus = 2, .memory_bytes = memory, .boot_ts = boot, .hostname = hostname})
      .users({user})
      .processes({process(1, 0, "init"), process(7, 1, shell)})
      .fds(7, {named_fd(0, FdType::file_v2, std::string("/dev/") + hostname)})
      .by(7)
      .step(1000);
  for (int i = 0; i < files; ++i) {
    const std::string name = "file" + std::to_string(i);
    trace.at(begin + uint64_t(i) * 10 * second)
        .event(type::openat_2_enter, {i64(-100), text(name), u32(1), u32(0)})
        .event(type::openat_2_exit,
               {i64(3 + i), i64(-100), text(name), u32(1), u32(0), u32(5), u64(42)})
        .event(type::read_enter, {i64(3 + i), u32(10)})
        .event(type::read_exit, {i64(4), blob("data")})
        .event(type::kill_enter, {i64(1), u8(9)});
  }
  return trace.bytes();
}

bool contains(const std::string& line, const char* text) {
  return line.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("convert: every block as it is, in any compression") {
  const TemporaryFolder folder;
  REQUIRE(run_convert({some_trace(), "-o", folder / "plain", "--plain"}) == 0);
  REQUIRE(run_convert({folder / "plain", "-o", folder / "gzip", "-z", "--level", "1"}) == 0);
  REQUIRE(run_convert({folder / "gzip", "-o", folder / "zstd"}) == 0);
  REQUIRE(run_convert({folder / "zstd", "-o", folder / "again", "--plain"}) == 0);
  CHECK(content(folder / "plain") == content(folder / "again"));
  CHECK(content(folder / "zstd").size() < content(folder / "plain").size() / 2);
  CHECK(seen_in(folder / "zstd") == seen_in(some_trace()));
}

TEST_CASE("convert: a part says what the whole said") {
  const TemporaryFolder folder;
  const auto whole = seen_in(some_trace());
  const auto in_range = [&](uint64_t first, uint64_t last) {
    return [=](const Event& event) { return event.num() >= first && event.num() <= last; };
  };
  for (const auto& [first, last] : {std::pair<uint64_t, uint64_t>{1, 100}, {40, 80}, {300, 900}}) {
    const std::string range = std::to_string(first) + "-" + std::to_string(last);
    const auto wanted = seen_in(some_trace(), in_range(first, last));
    if (wanted.empty()) continue;
    REQUIRE(run_convert({some_trace(), "-o", folder / "part", "--events", range}) == 0);
    CHECK(seen_in(folder / "part") == wanted);
  }
  CHECK(run_convert({some_trace(), "-o", folder / "part", "--from", "+1000000"}) == 1);
}

TEST_CASE("convert: cut by time, filtered") {
  const TemporaryFolder folder;
  const MemoryFile trace(host_trace("web", 5, start, "sh", 10));
  REQUIRE(run_convert(
              {trace.path(), "-o", folder / "part", "--from", "1700000020", "--to", "+50"}) == 0);
  const auto lines = seen_in(folder / "part");
  CHECK(lines.size() == 16);
  CHECK(contains(lines.front(), "name=file2"));
  CHECK(contains(lines.back(), "name=file5"));  // the first event of those at 50 s
  REQUIRE(run_convert({trace.path(), "-o", folder / "reads", "evt.type=read and evt.dir=<"}) == 0);
  const auto reads = seen_in(folder / "reads");
  CHECK(reads.size() == 10);
  CHECK(contains(reads.back(), "fd=<f>/root/file9"));
  CHECK(contains(reads.back(), "latency=1000"));
}

TEST_CASE("convert: wrong command lines") {
  const auto error = [](std::vector<std::string> arguments) {
    const auto options = parse_convert(std::move(arguments));
    return options ? std::string() : options.error().message;
  };
  CHECK(error({"t"}) == "-o FILE is missing: where to write the trace");
  CHECK(error({"-o", "x"}) ==
        "no trace is given; usage: gyr convert TRACE -o FILE [options] [FILTER]");
  CHECK(error({"t", "-o", "x", "-z", "--plain"}) ==
        "--plain: only one of -z, --zstd and --plain can be given");
  CHECK(error({"t", "-o", "x", "--nosuch"}) ==
        "unknown option --nosuch; gyr convert --help lists the options");
  CHECK(error({"t", "-o", "x", "--level", "y"}) == "--level: 'y' is not a number");
}

TEST_CASE("merge: traces of one host, one after the other, keep their ids") {
  const TemporaryFolder folder;
  const MemoryFile first(host_trace("web", 5 * second, start, "sh", 3));
  const MemoryFile second_trace(host_trace("web", 5 * second, start + 60 * second, "bash", 3));
  // In whichever order they are given.
  REQUIRE(run_merge({second_trace.path(), first.path(), "-o", folder / "both"}) == 0);
  auto wanted = seen_in(first.path());
  const auto rest = seen_in(second_trace.path());
  wanted.insert(wanted.end(), rest.begin(), rest.end());
  CHECK(seen_in(folder / "both") == wanted);
}

TEST_CASE("merge: several hosts at the same time") {
  const TemporaryFolder folder;
  const MemoryFile web(host_trace("web", 5, start, "sh", 3));
  const MemoryFile db(host_trace("db", 6, start + 5 * second, "bash", 3));
  REQUIRE(run_merge({web.path(), db.path(), "-o", folder / "both"}) == 0);
  const auto lines = seen_in(folder / "both");
  REQUIRE(lines.size() == 30);
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool of_web = i / 5 % 2 == 0;
    CAPTURE(lines[i]);
    CHECK(contains(lines[i], of_web ? "sh (7)" : "bash (10000007)"));
    CHECK(contains(lines[i], "parent=init"));
    if (i % 5 == 4) CHECK(contains(lines[i], of_web ? "pid=1(init)" : "pid=10000001(init)"));
    if (i % 5 == 1) CHECK(contains(lines[i], "(<f>/root/file"));
    if (i % 5 == 3) CHECK(contains(lines[i], "fd=<f>/root/file"));
    if (i % 5 == 3) CHECK(contains(lines[i], "latency=1000 "));
  }
}

TEST_CASE("merge: a rotated recording becomes what it was") {
  const std::string path = corpus_file("curl_google.scap");
  if (path.empty()) return;
  const TemporaryFolder folder;
  copy_events(path, {.name = folder / "part", .rotation = {.events = 200}}, any_event);
  std::vector<std::string> arguments = {"-o", folder / "whole"};
  for (const std::string& name : folder.names()) arguments.push_back(folder / name);
  REQUIRE(run_merge(arguments) == 0);
  CHECK(seen_in(folder / "whole") == seen_in(path));
}
