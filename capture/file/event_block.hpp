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

/// The same for the body of the one type of block that nearly all events are in: v2, no flags.
const char* parse_ordinary_event(Bytes body, RawEvent& event);
inline constexpr uint32_t ordinary_event_block = 0x216;

}  // namespace gyr
