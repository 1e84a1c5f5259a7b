// From an event block to a RawEvent.
//
// Contract: checks that the header, the length array and the parameters lie inside the block, and
// nothing else; what they mean is the decoder's. For blocks without a parameter count (before
// 2018-08) the count is found from the event's length, which has at most one solution.
// Layout: gyr-scap(5), "Events".
//
// Example:
//   RawEvent event;
//   if (auto parsed = parse_event(block, body, event); !parsed) return fail(parsed.error());
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/file/blocks.hpp"
#include "capture/raw_event.hpp"

namespace gyr {

/// nullptr when it went well, else what is wrong. `body` may carry options behind the event.
const char* parse_event(const BlockInfo& block, Bytes body, RawEvent& event);

/// Nearly all events are in one type of block: v2, no flags.
inline constexpr uint32_t ordinary_event_block = 0x216;
inline constexpr uint32_t event_header_size = 26;  // of a v2 event
inline constexpr uint32_t largest_event_block = 65536 + block_header_size;

/// parse_event for the body of such a block.
const char* parse_ordinary_event(Bytes body, RawEvent& event);

/// Whether `rest` begins with such a block, whole.
inline bool is_ordinary_event(Bytes rest) {
  constexpr uint32_t smallest = smallest_block + sizeof(uint16_t) + event_header_size;
  if (rest.size() < smallest || load<uint32_t>(rest.data()) != ordinary_event_block) return false;
  const auto total = load<uint32_t>(rest.data() + 4);
  return total <= rest.size() && total <= largest_event_block && total >= smallest &&
         total % 4 == 0;
}

/// The event id in such a block.
inline uint16_t ordinary_event_type(Bytes block) {
  constexpr size_t type_offset = block_header_size + sizeof(uint16_t) + 20;
  return load<uint16_t>(block.data() + type_offset);
}

}  // namespace gyr
