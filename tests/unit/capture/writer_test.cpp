// Written traces: every codec, the seek table, what is left after a failure or a crash.
#include "capture/file/writer.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <zstd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "capture/file/reader.hpp"
#include "tests/support/trace_builder.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

/// A section and events, each a write of 100 bytes.
std::string trace_of(int events) {
  TraceBuilder trace;
  trace.section();
  for (int i = 0; i < events; ++i)
    trace.by(i % 7).event(schema::type::write_exit, {i64(100), blob(std::string(100, 'x'))});
  return trace.bytes();
}

/// Calls f for each block.
template <class F>
void for_each_block(const std::string& trace, F f) {
  const Bytes bytes = as_bytes_of(trace);
  for (size_t at = 0; at < bytes.size();) {
    const auto total = load<uint32_t>(bytes.data() + at + 4);
    f(bytes.subspan(at, total));
    at += total;
  }
}

Result<void> write_trace(const std::string& path, const std::string& trace,
                         const WriterOptions& options) {
  auto writer = TraceWriter::open(path, options);
  if (!writer) return fail(writer.error());
  for_each_block(trace, [&](Bytes block) { (*writer)->write(block); });
  return (*writer)->close();
}

/// The uncompressed content of a trace, as far as it can be read.
std::string read_back(const std::string& path, std::string* error = nullptr) {
  auto input = open_input(path);
  auto stream = open_stream(**input);
  std::string all;
  std::vector<std::byte> buffer(1 << 16);
  for (;;) {
    auto n = (*stream)->read(buffer);
    if (!n && error != nullptr) *error = n.error().message;
    if (!n || *n == 0) return all;
    all += as_text(Bytes(buffer).first(*n));
  }
}

struct SeekEntry {
  uint32_t compressed, content;
};

/// From the end of the file, as the seekable format says.
std::vector<SeekEntry> seek_table(const std::string& file) {
  const std::byte* end = as_bytes_of(file).data() + file.size();
  REQUIRE(load<uint32_t>(end - 4) == seek_table_magic);
  REQUIRE(static_cast<uint8_t>(end[-5]) == 0);  // no checksums in the table
  const auto frames = load<uint32_t>(end - 9);
  const std::byte* table = end - 9 - 8 * size_t{frames};
  REQUIRE(load<uint32_t>(table - 4) == 8 * frames + 9);
  REQUIRE(load<uint32_t>(table - 8) == seek_table_skippable_magic);
  std::vector<SeekEntry> entries;
  for (uint32_t i = 0; i < frames; ++i)
    entries.push_back({load<uint32_t>(table + 8 * i), load<uint32_t>(table + 8 * i + 4)});
  return entries;
}

constexpr WriterOptions small_frames(Codec codec) { return {.codec = codec, .frame_size = 10000}; }

}  // namespace

TEST_CASE("what is written can be read, whatever the codec") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(1000);
  for (const Codec codec : {Codec::plain, Codec::gzip, Codec::zstd}) {
    CAPTURE(codec_name(codec));
    for (const size_t frame_size : {size_t{1}, size_t{10000}, size_t{0}}) {
      REQUIRE(write_trace(folder / "t", trace, {.codec = codec, .frame_size = frame_size}));
      CHECK(read_back(folder / "t") == trace);
      auto input = open_input(folder / "t");
      CHECK((*open_stream(**input))->codec() == codec);
    }
  }
}

TEST_CASE("zstd: frames of whole blocks, each alone, with a seek table") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(1000);
  REQUIRE(write_trace(folder / "t", trace, small_frames(Codec::zstd)));
  const std::string file = content(folder / "t");
  size_t at = 0, offset = 0;
  const auto entries = seek_table(file);
  CHECK(entries.size() > 10);
  for (const SeekEntry& entry : entries) {
    std::string frame(entry.content, ' ');
    CHECK(ZSTD_getFrameContentSize(file.data() + at, entry.compressed) == entry.content);
    REQUIRE(ZSTD_decompress(frame.data(), frame.size(), file.data() + at, entry.compressed) ==
            entry.content);
    CHECK(frame == trace.substr(offset, entry.content));
    CHECK((file[at + 4] & 4) != 0);  // its content has a checksum
    for_each_block(frame, [&](Bytes block) { CHECK(block.size() >= 12); });
    at += entry.compressed;
    offset += entry.content;
  }
  CHECK(offset == trace.size());
}

TEST_CASE("a file that is cut short reads up to its last whole frame") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(500);
  for (const Codec codec : {Codec::gzip, Codec::zstd}) {
    CAPTURE(codec_name(codec));
    REQUIRE(write_trace(folder / "t", trace, small_frames(codec)));
    const std::string file = content(folder / "t");
    for (const double share : {0.3, 0.5, 0.9}) {
      const auto cut = static_cast<size_t>(static_cast<double>(file.size()) * share);
      const MemoryFile memory(file.substr(0, cut));
      const std::string got = read_back(memory.path());
      CHECK(trace.starts_with(got));
      CHECK(static_cast<double>(got.size()) > static_cast<double>(trace.size()) * (share - 0.15));
    }
  }
}

TEST_CASE("flush: what was written is in the file, and more can follow") {
  const TemporaryFolder folder;
  const std::string first = trace_of(10), second = trace_of(20);
  for (const Codec codec : {Codec::plain, Codec::gzip, Codec::zstd}) {
    auto writer = TraceWriter::open(folder / "t", {.codec = codec});
    (*writer)->write(as_bytes_of(first));
    CHECK((*writer)->flush());
    CHECK(read_back(folder / "t") == first);
    (*writer)->write(as_bytes_of(second));
    REQUIRE((*writer)->close());
    CHECK(read_back(folder / "t") == first + second);
  }
}

TEST_CASE("a full disk gives one error") {
  const std::string trace = trace_of(5000);
  for (const Codec codec : {Codec::plain, Codec::gzip, Codec::zstd}) {
    auto writer = TraceWriter::open("/dev/full", small_frames(codec));
    REQUIRE(writer);
    for_each_block(trace, [&](Bytes block) { (*writer)->write(block); });
    const auto closed = (*writer)->close();
    REQUIRE(!closed);
    CHECK(closed.error().message == "cannot write: No space left on device");
    CHECK(!(*writer)->ok());
    CHECK(!(*writer)->close());
  }
}

TEST_CASE("after a failure the file has the whole frames before it") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(5000);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  for (const Codec codec : {Codec::plain, Codec::gzip, Codec::zstd}) {
    CAPTURE(codec_name(codec));
    const rlimit limit{codec == Codec::plain ? rlim_t{100'000} : rlim_t{3'000}, old_limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto closed = write_trace(folder / "t", trace, small_frames(codec));
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    REQUIRE(!closed);
    CHECK(closed.error().message == "cannot write: File too large");
    std::string error;
    const std::string got = read_back(folder / "t", &error);
    CHECK(error == "");
    CHECK(got.size() > 20'000);
    CHECK(trace.starts_with(got));
    for_each_block(got, [](Bytes block) { CHECK(block.size() >= 12); });
  }
  std::signal(SIGXFSZ, old_handler);
}

TEST_CASE("the size does not depend on the other thread when it must not") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(2000);
  for (const Codec codec : {Codec::plain, Codec::gzip, Codec::zstd}) {
    std::vector<uint64_t> sizes[2];
    for (auto& run : sizes) {
      WriterOptions options = small_frames(codec);
      options.exact_size = true;
      auto writer = TraceWriter::open(folder / "t", options);
      for_each_block(trace, [&](Bytes block) {
        (*writer)->write(block);
        run.push_back((*writer)->size());
      });
      REQUIRE((*writer)->close());
    }
    CHECK(sizes[0] == sizes[1]);
    CHECK(sizes[0].back() > (codec == Codec::plain ? trace.size() - 1 : 1000));
  }
}

TEST_CASE("a trace that is read is not written over") {
  const TemporaryFolder folder;
  const std::string trace = trace_of(3);
  REQUIRE(write_trace(folder / "t", trace, {.codec = Codec::plain}));
  const auto writer = TraceWriter::open(folder / "t", {}, {*file_id(folder / "t")});
  REQUIRE(!writer);
  CHECK(writer.error().message == "this is the trace that is read; write to another file");
  CHECK(read_back(folder / "t") == trace);
  CHECK(!file_id("/dev/null"));
  CHECK(!file_id(folder / "none"));
}

TEST_CASE("levels are checked") {
  const TemporaryFolder folder;
  const auto message = [&](Codec codec, int level) {
    const auto writer = TraceWriter::open(folder / "t", {.codec = codec, .level = level});
    return writer ? std::string() : writer.error().message;
  };
  CHECK(message(Codec::zstd, 19) == "");
  CHECK(message(Codec::zstd, 20) == "zstd has the compression levels 1 to 19");
  CHECK(message(Codec::gzip, 0) == "gzip has the compression levels 1 to 9");
  CHECK(message(Codec::plain, 1) == "a plain trace has no compression level");
}
