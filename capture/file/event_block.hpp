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
#include "schema/schema.hpp"

namespace gyr {

/// nullptr when it went well, else what is wrong. `body` may carry options behind the event.
const char* parse_event(const BlockInfo& block, Bytes body, RawEvent& event);

/// Nearly all events are in one type of block: v2, no flags.
inline constexpr uint32_t ordinary_event_block = 0x216;
inline constexpr uint32_t event_header_size = 26;  // of a v2 event
inline constexpr uint32_t largest_event_block = 65536 + block_header_size;

/// What is not plain from an event's header. In an ordinary block nothing exceeds 16 bits.
struct EventExtent {
  uint16_t nparams = 0;    // 0 for a type that the schema does not know
  uint16_t data_size = 0;  // of all parameters together
  uint16_t option_bytes = 0;
  bool wide_lengths = false;
};

/// Checks the event of such a block, with which `rest` begins: nullptr when it went well, else what
/// is wrong. `rest` may go on behind the block.
const char* measure_ordinary_event(Bytes rest, EventExtent& extent);

/// The event of such a block, which has been measured.
inline void view_ordinary_event(const std::byte* block, const EventExtent& extent,
                                RawEvent& event) {
  const std::byte* at = block + block_header_size + sizeof(uint16_t);
  event.cpu = load<uint16_t>(block + block_header_size);
  event.flags = 0;
  event.ts = load<uint64_t>(at);
  event.tid = load<int64_t>(at + 8);
  event.type = schema::id_from_file(load<uint16_t>(at + 20));
  event.nparams = extent.nparams;
  event.lengths = at + event_header_size;
  event.data = event.lengths +
               size_t{extent.nparams} * (extent.wide_lengths ? sizeof(uint32_t) : sizeof(uint16_t));
  event.data_size = extent.data_size;
  event.option_bytes = extent.option_bytes;
  event.wide_lengths = extent.wide_lengths;
  if (extent.option_bytes != 0) [[unlikely]] {
    const auto total = load<uint32_t>(block + 4);
    event.options = block + total - block_trailer_size - extent.option_bytes;
  }
}

/// Whether `rest` begins with such a block, whole.
inline bool is_ordinary_event(Bytes rest) {
  constexpr uint32_t smallest = smallest_block + sizeof(uint16_t) + event_header_size;
  if (rest.size() < smallest) return false;
  const auto header = load<uint64_t>(rest.data());
  const auto total = static_cast<uint32_t>(header >> 32);
  return static_cast<uint32_t>(header) == ordinary_event_block && total % 4 == 0 &&
         total - smallest <= largest_event_block - smallest && total <= rest.size();
}

/// The type of the event in such a block, as RawEvent has it.
inline uint16_t ordinary_event_type(Bytes block) {
  constexpr size_t type_offset = block_header_size + sizeof(uint16_t) + 20;
  return schema::id_from_file(load<uint16_t>(block.data() + type_offset));
}

inline uint16_t ordinary_event_cpu(Bytes block) {
  return load<uint16_t>(block.data() + block_header_size);
}

inline int64_t ordinary_event_tid(Bytes block) {
  return load<int64_t>(block.data() + block_header_size + sizeof(uint16_t) + 8);
}

inline uint64_t ordinary_event_ts(Bytes block) {
  return load<uint64_t>(block.data() + block_header_size + sizeof(uint16_t));
}

/// Of the last of the ordinary blocks that the bytes are.
inline uint64_t last_ordinary_event_ts(Bytes blocks) {
  uint64_t ts = 0;
  while (blocks.size() >= block_header_size) {
    ts = ordinary_event_ts(blocks);
    const auto total = load<uint32_t>(blocks.data() + 4);
    blocks = blocks.subspan(std::min<size_t>(total, blocks.size()));
  }
  return ts;
}

}  // namespace gyr
