// Reads a .scap trace: sections, metadata blocks, events.
//
// Purpose: from a file, pipe or standard input, plain or compressed, to RawEvents and records.
//
// Contract: `next` gives one event after the other; before the first event of each section the
// sink has received the section's records. Blocks of unknown type are skipped and counted. The
// first damage ends the reading: `next` returns failed and `error()` says what is wrong, with the
// offset in the uncompressed trace; everything before it has been given. Memory is bounded by the
// largest block (at most `max_block_size`).
//
// Example:
//   auto reader = TraceReader::open("t.scap");
//   RawEvent event;
//   while ((*reader)->next(event, sink) == TraceReader::Step::event) use(event);
//   if ((*reader)->error()) report(*(*reader)->error());
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "capture/file/blocks.hpp"
#include "capture/file/codec.hpp"
#include "capture/file/window.hpp"
#include "capture/raw_event.hpp"
#include "capture/records.hpp"
#include "schema/schema.hpp"

namespace gyr {

/// Types of unknown blocks beyond so many are counted together, as `other_blocks`.
inline constexpr size_t max_listed_blocks = 256;
inline constexpr uint32_t other_blocks = UINT32_MAX;

/// What the container said about itself, complete up to where reading has come.
struct TraceStats {
  Codec codec = Codec::plain;
  uint16_t major_version = 0, minor_version = 0;
  uint64_t sections = 0;
  std::string section_options;  // behind the first section header, as they are
  uint64_t event_blocks = 0;
  uint64_t metadata_bytes = 0;                  // of all other blocks
  uint64_t option_bytes = 0;                    // behind events, inside their blocks
  std::map<uint32_t, uint64_t> blocks;          // known blocks but events, by type
  std::map<uint32_t, uint64_t> unknown_blocks;  // by type
};

/// Sees the blocks that are not events as they are in the trace, after what they say was given to
/// the RecordSink.
class BlockSink {
 public:
  BlockSink() = default;
  BlockSink(const BlockSink&) = delete;
  BlockSink& operator=(const BlockSink&) = delete;
  virtual ~BlockSink() = default;

  /// `info` is nullptr for a block of unknown type; `block` is valid during the call.
  virtual void block(const BlockInfo* info, Bytes block) = 0;
};

class TraceReader {
 public:
  enum class Step : uint8_t { event, end, failed };

  /// "-" is standard input. With `wanted`, events of other types may be passed over, and those of
  /// types `by_thread` as `next` says: only their framing is checked, and `passed_over` counts
  /// them. Types that the schema does not know are always given.
  static Result<std::unique_ptr<TraceReader>> open(
      const std::string& path, const std::optional<EventTypes>& wanted = std::nullopt,
      const EventTypes& by_thread = {});

  /// On Step::event, `event()` is valid until the next call.
  Step next(RecordSink& sink) {
    return next(sink, [](int64_t, uint16_t) { return false; });
  }
  /// `unwanted(tid, cpu)` tells whether events of types `by_thread` may be passed over which the
  /// thread has caused on the CPU.
  template <class Unwanted>
  Step next(RecordSink& sink, const Unwanted& unwanted) {
    window_.consume(pending_);
    pending_ = 0;
    if (in_events_) [[likely]] {
      while (const ScannedEvent* scanned = window_.take_scanned()) {
        if (take(*scanned)) return Step::event;
        if (scanned->of_thread != 0) take_run(*scanned, unwanted);
      }
      if (next_ordinary()) return Step::event;
    }
    return next_of_any_kind(sink);
  }
  /// The next event is given, whatever its type and thread.
  void give_next() { in_events_ = false; }
  const RawEvent& event() const { return event_; }
  /// The block that the event is in, whole: header and trailer included.
  Bytes block() const { return {window_.data(), pending_}; }
  /// Shows all blocks that are not events to `sink`, which must outlive the reader.
  void watch_blocks(BlockSink* sink) { block_sink_ = sink; }

  /// The same with a copy of the event's header, for tests and tools.
  Step next(RawEvent& event, RecordSink& sink) {
    const Step step = next(sink);
    if (step == Step::event) event = event_;
    return step;
  }

  const std::optional<Error>& error() const { return error_; }
  const TraceStats& stats() const { return stats_; }
  /// Bytes of uncompressed trace read so far.
  uint64_t offset() const { return window_.offset(); }
  const InputFile& input() const { return *input_; }
  uint64_t passed_over() const { return passed_over_; }
  /// When the last event was, given or passed over. Only at the end of the trace.
  uint64_t last_ts() const { return std::max(last_ts_, event_.ts); }

  /// For `open`, which checks what the constructor cannot.
  TraceReader(std::unique_ptr<InputFile> input, std::unique_ptr<ByteStream> stream,
              const std::optional<EventTypes>& wanted = std::nullopt,
              const EventTypes& by_thread = {});

 private:
  struct Frame {
    const BlockInfo* info;  // nullptr: unknown type
    uint32_t type;
    Bytes body;
    uint32_t total;
  };

  /// False when no event is listed there. What is not wanted in front of it is then behind.
  bool take(const ScannedEvent& scanned) {
    pass_over(scanned.begin - scanned.run_begin, scanned.passed_over, scanned.block_size == 0);
    if (scanned.block_size == 0 || scanned.of_thread != 0) return false;
    give(scanned.block_size, scanned.extent);
    return true;
  }
  /// Leaves the run where it is if it is wanted.
  template <class Unwanted>
  void take_run(const ScannedEvent& run, const Unwanted& unwanted) {
    const Bytes first(window_.data(), run.block_size);
    if (unwanted(ordinary_event_tid(first), ordinary_event_cpu(first)))
      pass_over(run.block_size, run.of_thread, window_.took_last_scanned());
  }
  void pass_over(uint32_t size, uint32_t events, bool may_be_last) {
    if (may_be_last && events != 0) last_ts_ = last_ordinary_event_ts(Bytes(window_.data(), size));
    window_.consume(size);
    passed_over_ += events;
    stats_.event_blocks += events;
  }
  /// The event of an ordinary block, with which the window begins.
  void give(uint32_t block_size, const EventExtent& extent) {
    view_ordinary_event(window_.data(), extent, event_);
    event_.offset = window_.offset();
    pending_ = block_size;
    count_event();
  }
  void count_event() {
    ++stats_.event_blocks;
    stats_.option_bytes += event_.option_bytes;
  }
  bool next_ordinary();
  Step next_of_any_kind(RecordSink& sink);
  Step fail_at(uint64_t offset, std::string message);
  std::optional<Step> read_frame(Frame& frame);
  bool metadata(const Frame& frame, RecordSink& sink);
  bool section(const Frame& frame, RecordSink& sink);
  bool check_trailer(const Frame& frame);
  Step truncated(uint64_t needed);

  std::unique_ptr<InputFile> input_;
  std::unique_ptr<ByteStream> stream_;
  Window window_;
  uint32_t pending_ = 0;  // bytes of the block given last, still in the window
  bool in_records_ = false;
  bool in_events_ = false;  // an event came last
  RawEvent event_;
  BlockSink* block_sink_ = nullptr;
  uint64_t passed_over_ = 0;
  uint64_t last_ts_ = 0;  // of a run that was passed over
  std::optional<Error> error_;
  TraceStats stats_;
};

}  // namespace gyr
