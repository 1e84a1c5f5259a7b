// Damaged traces: cut everywhere, bytes flipped. Nothing may crash, hang, or be lost before the
// damage.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "decoder/render/names.hpp"
#include "tests/support/world.hpp"
#include "tests/unit/capture/naive_reader.hpp"
#include "tests/unit/capture/trace_log.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

/// A block's place in a trace.
struct Span {
  size_t begin, end;
  bool is_event;
};

std::vector<Span> blocks_of(const std::string& trace) {
  std::vector<Span> spans;
  size_t at = 0;
  while (at + 8 <= trace.size()) {
    const std::byte* block = as_bytes_of(trace).data() + at;
    const BlockInfo* info = find_block(load<uint32_t>(block));
    const size_t end = at + load<uint32_t>(block + 4);
    spans.push_back({at, end, info != nullptr && info->kind == BlockKind::events});
    at = end;
  }
  return spans;
}

/// Decodes and renders all events it is given, of one trace after the other.
class Pipeline {
 public:
  void begin(const RenderOptions& options) {
    options_ = options;
    import_.section();
    text_.clear();
    events_ = 0;
  }
  RecordSink& records() { return import_; }
  void event(const RawEvent& raw) {
    ++events_;
    const Event* event = decoder_.decode(raw);
    if (event == nullptr) return;
    text_.append(event_name(*event)).append(' ');
    append_args(text_, *event, state_, options_);
    text_.append('\n');
  }
  size_t events() const { return events_; }
  std::string_view text() const { return text_.view(); }

 private:
  State state_{64};  // few threads, so that eviction takes part
  Decoder decoder_{state_};
  StateImport import_{state_, true};
  RenderOptions options_;
  Text text_;
  size_t events_ = 0;
};

/// What reading, decoding and rendering a trace gave.
struct Outcome {
  std::string text;  // of all events
  size_t events = 0;
  bool failed = false;
  std::optional<uint64_t> offset;
};

RenderOptions options_of(int variant) {
  RenderOptions options;
  options.buffers = static_cast<BufferMode>(variant % 5);
  options.dialect = variant % 2 == 0 ? Dialect::today : Dialect::sysdig_0_29;
  options.safe_for_terminal = variant % 3 == 0;
  return options;
}

Outcome run(Pipeline& pipeline, const std::string& path) {
  auto reader = TraceReader::open(path);
  REQUIRE(reader);
  pipeline.begin({});
  RawEvent raw;
  while ((*reader)->next(raw, pipeline.records()) == TraceReader::Step::event) pipeline.event(raw);
  Outcome outcome{std::string(pipeline.text()), pipeline.events(), false, {}};
  if (const auto& error = (*reader)->error()) {
    outcome.failed = true;
    outcome.offset = error->offset;
  }
  return outcome;
}

/// Cuts a trace at each of the offsets and compares with what is whole.
void check_cuts(const std::string& trace, size_t step) {
  const std::vector<Span> blocks = blocks_of(trace);
  const MemoryFile whole(trace);
  Pipeline pipeline;
  const Outcome expected = run(pipeline, whole.path());
  REQUIRE_FALSE(expected.failed);
  MemoryFile file("");
  size_t block = 0, events = 0;
  for (size_t cut = 0; cut <= trace.size(); cut += step) {
    while (block < blocks.size() && blocks[block].end <= cut) events += blocks[block++].is_event;
    const bool at_boundary = block == blocks.size() || blocks[block].begin == cut;
    file.assign(std::string_view(trace).substr(0, cut));
    const Outcome outcome = run(pipeline, file.path());
    CAPTURE(cut);
    REQUIRE(outcome.events == events);
    REQUIRE(expected.text.starts_with(outcome.text));
    REQUIRE(outcome.failed == (!at_boundary || cut == 0));
    if (!outcome.failed) continue;
    REQUIRE(outcome.offset.has_value());
    REQUIRE(*outcome.offset == blocks[block].begin);
  }
}

/// A small trace: one metadata block of every kind, and events of many kinds.
std::string trace_of_each_kind() {
  const std::string everything = trace_of_everything();
  // Metadata blocks are long; keep of each type the first, so that most flips hit different things.
  std::string trace;
  std::vector<uint32_t> seen;
  for (const Span& block : blocks_of(everything)) {
    const auto type = load<uint32_t>(as_bytes_of(everything).data() + block.begin);
    if (!block.is_event && std::ranges::find(seen, type) != seen.end() && type != 0x0A0D0D0A)
      continue;
    seen.push_back(type);
    trace += everything.substr(block.begin, block.end - block.begin);
  }
  return trace;
}

/// 1 to 8 bytes, mostly behind the section header, damage to which ends everything at once.
void flip_bytes(std::string& trace, int round, std::mt19937& random) {
  constexpr size_t section_size = 28;
  const size_t flips = 1 + random() % 8;
  for (size_t i = 0; i < flips; ++i) {
    const size_t place = round % 100 == 0 ? random() % section_size
                                          : section_size + random() % (trace.size() - section_size);
    trace[place] = static_cast<char>(random() & 0xff);
  }
}

/// A real trace from the corpus, uncompressed; empty where there is none.
std::string corpus_trace(const char* name) {
  auto input = open_input(corpus_file(name));
  if (!input) return {};
  auto stream = open_stream(**input);
  REQUIRE(stream);
  std::string trace;
  std::vector<std::byte> buffer(1 << 18);
  for (;;) {
    const auto n = (*stream)->read(buffer);
    REQUIRE(n);
    if (*n == 0) return trace;
    trace += as_text(Bytes(buffer).first(*n));
  }
}

}  // namespace

TEST_CASE("a trace cut at every byte gives what is whole, and says where it ends") {
  check_cuts(trace_of_each_kind(), 1);
}

TEST_CASE("a real trace cut at many places gives what is whole") {
  const std::string trace = corpus_trace("ipv6_client.scap");
  if (trace.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  constexpr size_t step = 61;  // prime: all places within a block come up
  check_cuts(trace, step);
}

TEST_CASE("a compressed trace cut at every byte never gives anything else") {
  const std::string trace = trace_of_each_kind();
  const MemoryFile whole(trace);
  Pipeline pipeline;
  const Outcome expected = run(pipeline, whole.path());
  MemoryFile file("");
  for (const std::string& packed : {gzip(trace), zstd_frame(trace), zstd_frame(trace, true)}) {
    for (size_t cut = 4; cut < packed.size(); ++cut) {
      CAPTURE(cut);
      file.assign(std::string_view(packed).substr(0, cut));
      const Outcome outcome = run(pipeline, file.path());
      REQUIRE(outcome.failed);
      REQUIRE(outcome.offset.has_value());
      REQUIRE(expected.text.starts_with(outcome.text));
    }
  }
}

TEST_CASE("flipped bytes: any damage ends in a trace or an error") {
  constexpr int rounds = 100'000;
  const std::string original = trace_of_each_kind();
  std::string trace = original;
  std::mt19937 random(20240229);
  Pipeline pipeline;
  size_t failures = 0, events = 0;
  for (int round = 0; round < rounds; ++round) {
    flip_bytes(trace, round, random);
    pipeline.begin(options_of(round));
    const auto damage =
        naive_read(trace, pipeline.records(), [&](const RawEvent& e) { pipeline.event(e); });
    failures += damage.has_value() ? 1 : 0;
    events += pipeline.events();
    trace = original;
  }
  // Most damage is inside of records and events, and is survived.
  CHECK(failures > rounds / 100);
  CHECK(failures < rounds);
  CHECK(events > size_t{rounds} * 10);
}

TEST_CASE("flipped bytes: the reader with its threads agrees with one that has none") {
  constexpr int rounds = 5'000;
  const std::string original = trace_of_each_kind();
  std::string trace = original;
  std::mt19937 random(20240301);
  Pipeline pipeline;
  MemoryFile file("");
  for (int round = 0; round < rounds; ++round) {
    flip_bytes(trace, round, random);
    file.assign(trace);
    const Outcome outcome = run(pipeline, file.path());
    pipeline.begin({});
    const auto damage =
        naive_read(trace, pipeline.records(), [&](const RawEvent& e) { pipeline.event(e); });
    CAPTURE(round);
    REQUIRE(outcome.events == pipeline.events());
    REQUIRE((outcome.text == pipeline.text()));
    REQUIRE(outcome.failed == damage.has_value());
    // Errors in records say where inside of the block.
    if (damage) REQUIRE(outcome.offset.value_or(0) >= *damage);
    trace = original;
  }
}

TEST_CASE("flipped bytes in compressed traces") {
  const std::string trace = trace_of_each_kind();
  std::mt19937 random(7);
  Pipeline pipeline;
  MemoryFile file("");
  for (std::string packed : {gzip(trace), zstd_frame(trace), zstd_frame(trace, true)}) {
    const std::string original = packed;
    for (int round = 0; round < 2'000; ++round) {
      const size_t place = 4 + random() % (packed.size() - 4);
      packed[place] = static_cast<char>(random() & 0xff);
      file.assign(packed);
      run(pipeline, file.path());
      packed[place] = original[place];
    }
  }
}
