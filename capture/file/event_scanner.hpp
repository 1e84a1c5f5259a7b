// Finds and checks the events of a buffer ahead of the reader.
//
// Purpose: framing and checking events costs about as much as decoding them. Done for a whole
// buffer at a time it is cheaper than event by event, and it can be done by either thread: by the
// one that fills the buffers if the decoder is behind, else by the decoder's.
//
// Contract: `scan` lists the ordinary events that lie whole in a buffer. Blocks of other kinds,
// blocks that straddle two buffers and damaged ones are not listed: the reader meets them itself,
// in their place. With `wanted` set, events of other types are only counted. Of those whose types
// are in `by_thread`, what follows one another of one thread is listed as a run, unchecked: the
// reader passes over it, or meets its events itself. BlockSteps knows where in a buffer the first
// block begins; it sees all buffers in order. Behind damage there is none.
//
// Example:
//   if (const auto first = steps.enter(buffer))
//     steps.leave(buffer, scanner.scan(buffer, *first, found));
//   if (found[0].run_begin == here) view_ordinary_event(at, found[0].extent, event);
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "capture/file/event_block.hpp"
#include "schema/schema.hpp"

namespace gyr {

using EventTypes = std::bitset<schema::event_count>;

/// An event or a thread's run, and the run of events that are not wanted in front of it. Places are
/// counted from the start of the buffer. Small, because the list goes from one core to the other.
struct ScannedEvent {
  static constexpr uint16_t longest_run = UINT16_MAX;

  uint32_t run_begin = 0;   // that of the event itself when there is no run
  uint32_t begin = 0;       // of the event's block, or the first of a thread's run
  uint32_t block_size = 0;  // of all blocks of a thread's run; 0: nothing but what is not wanted
  uint16_t passed_over = 0;
  uint16_t of_thread = 0;  // how many events the thread's run has; 0: it is one event
  EventExtent extent;      // of one event
};

class EventScanner {
 public:
  explicit EventScanner(const std::optional<EventTypes>& wanted, const EventTypes& by_thread = {});

  /// Lists what is in the buffer, of less than 4 GiB, from place `first` on, where a block begins.
  /// The result is the place of the block that begins last or behind it; nullopt after damage.
  std::optional<size_t> scan(Bytes buffer, size_t first, std::vector<ScannedEvent>& found) const;

 private:
  enum class Use : uint8_t { pass_over, check, by_thread };

  Use use_of(uint16_t type) const { return type < uses_.size() ? uses_[type] : Use::check; }
  void list_run(Bytes rest, ScannedEvent& run) const;

  std::array<Use, schema::event_count> uses_;
};

/// Where blocks begin, from buffer to buffer.
class BlockSteps {
 public:
  /// The place of the first block that begins in the next buffer; nullopt when none does.
  std::optional<size_t> enter(Bytes buffer);
  /// The buffer is done; the block at `next` is not whole in it (nullopt: nobody knows it).
  void leave(Bytes buffer, std::optional<size_t> next);
  /// From block to block, whatever they are: what `leave` needs.
  static std::optional<size_t> walk(Bytes buffer, size_t first);

 private:
  static constexpr size_t frame_header_size = 8;

  uint64_t ahead_ = 0;  // of the next block, from the start of the next buffer on
  bool lost_ = false;   // damage: block boundaries are not known any more
  std::array<std::byte, frame_header_size> header_{};  // one that the buffers cut in two
  size_t header_size_ = 0;
};

}  // namespace gyr
