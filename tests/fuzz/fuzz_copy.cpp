// The first byte picks which events match, the others are a plain trace: what -w makes of it.
//
// Checks: a filtered copy can be read and shows just the events that matched; a snapshot of the
// state can be read, and the state that it gives has the same snapshot.
#include "capture/file/snapshot_writer.hpp"
#include "decoder/decoder.hpp"
#include "decoder/export.hpp"
#include "decoder/import.hpp"
#include "decoder/self_contained.hpp"
#include "filter/replay.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/memory_trace.hpp"

namespace {

using namespace gyr;

using Blocks = std::vector<std::byte>;

/// Blocks in front of the first event, as they are.
class Head final : public BlockSink {
 public:
  explicit Head(Blocks& out) : out_(out) {}
  void block(const BlockInfo* info, Bytes block) override {
    if (info != nullptr) out_.insert(out_.end(), block.begin(), block.end());
  }

 private:
  Blocks& out_;
};

Blocks snapshot_of(const State& state) {
  Blocks blocks;
  SnapshotWriter writer(blocks);
  export_state(state, writer);
  return blocks;
}

void read_snapshot(const Blocks& blocks, State& state) {
  StateImport import(state, true);
  const auto reader = fuzz::read_from_memory({Bytes(blocks)});
  fuzz::check(reader->next(import) == TraceReader::Step::end, "a snapshot that cannot be read");
  import.records_end();
}

/// What a snapshot does not say (parents that are not known, texts that are too long) it says the
/// second time the same.
void check_snapshot(const State& state) {
  State once, twice;
  read_snapshot(snapshot_of(state), once);
  const Blocks first = snapshot_of(once);
  read_snapshot(first, twice);
  fuzz::check(first == snapshot_of(twice), "a snapshot of a snapshot differs");
}

size_t shown_in(const Blocks& copy) {
  const auto reader = fuzz::read_from_memory({Bytes(copy)});
  filter::Replay replay(*reader);
  size_t shown = 0;
  while (replay.next()) {
    const Event* event = replay.decode();
    shown += event != nullptr && !event->is_hidden() && !event->is_leading();
  }
  fuzz::check(!reader->error(), "a copy that cannot be read");
  return shown;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const unsigned one_in = data[0] % 8 + 1u;
  const auto reader =
      fuzz::read_from_memory({{reinterpret_cast<const std::byte*>(data + 1), size - 1}});
  Blocks copy;
  Head head(copy);
  reader->watch_blocks(&head);
  State state;
  Decoder decoder(state);
  StateImport import(state, true);
  SelfContained selection;
  size_t matched = 0, events = 0;
  uint64_t sections = 0;
  while (reader->next(import) == TraceReader::Step::event) {
    if (state.sections != sections) selection.new_section();
    sections = state.sections;
    const Event* event = decoder.decode(reader->event());
    const bool matches = event != nullptr && ++events % one_in == 0;
    matched += selection.add(reader->block(), reader->event(), event, matches, copy) ==
               SelfContained::Kept::shown;
  }
  decoder.settle();
  // Without a section header there was no event either.
  if (!copy.empty()) fuzz::check(shown_in(copy) == matched, "a copy shows other events");
  check_snapshot(state);
  return 0;
}
