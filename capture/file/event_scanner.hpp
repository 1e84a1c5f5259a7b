// Finds events ahead of whoever reads them, on the thread that fills the buffers.
//
// Purpose: framing and checking events costs about as much as decoding them. Done by the thread
// that waits for the file anyway, it is no longer in the way of the decoder.
//
// Contract: `scan` is given the buffers of a stream in order, each with its offset, and lists the
// ordinary events that lie whole in the buffer. Blocks of other kinds, blocks that straddle two
// buffers and damaged ones are not listed: the reader meets them itself, in their place. With
// `wanted` set, events of other types are only counted. After the first damage nothing is listed.
//
// Example:
//   EventScanner scanner(std::nullopt);
//   scanner.scan(buffer, offset, found);
//   if (found[0].run_offset == here) use(found[0].event);
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "capture/raw_event.hpp"
#include "schema/schema.hpp"

namespace gyr {

using EventTypes = std::bitset<schema::event_count>;

/// An event, and the run of events that are not wanted in front of it.
struct ScannedEvent {
  RawEvent event;
  uint64_t run_offset = 0;  // where the run begins; that of the event itself when there is none
  uint32_t block_size = 0;  // of the event's block
  uint32_t passed_over = 0;
};

class EventScanner {
 public:
  explicit EventScanner(const std::optional<EventTypes>& wanted) : wanted_(wanted) {}

  void scan(Bytes buffer, uint64_t offset, std::vector<ScannedEvent>& found);

 private:
  static constexpr size_t frame_header_size = 8;

  bool complete_header(Bytes buffer);
  bool step(uint32_t total);
  bool is_wanted(uint16_t type) const {
    return !wanted_ || type >= wanted_->size() || (*wanted_)[type];
  }

  std::optional<EventTypes> wanted_;
  uint64_t next_ = 0;  // offset of the next block
  bool lost_ = false;  // damage: block boundaries are not known any more
  std::array<std::byte, frame_header_size> header_{};  // one that the buffers cut in two
  size_t header_size_ = 0;
};

}  // namespace gyr
