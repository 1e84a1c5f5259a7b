// What can stand behind an event in its block: options as pcapng has them.
//
// Purpose: room for what the format has no parameter for. gyr has one option, the time that a call
// took: with it a recorder need not write an enter event for each call.
//
// Contract: the options of an event are untrusted bytes; those that are unknown, cut short or of a
// wrong length are passed over. Layout: gyr-scap(5), "Options behind an event".
//
// Example:
//   append_latency(block, 1234);                     // when writing, behind the last parameter
//   if (const auto ns = find_latency(raw.option_list())) use(*ns);
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "probe/shared.h"

namespace gyr {

/// Nanoseconds since the call was entered, u64. Codes from 0x8000 on are pcapng's for local use.
inline constexpr uint16_t latency_option = probe::latency_option;

/// The latency among the options of an event.
std::optional<uint64_t> find_latency(Bytes options);

/// Appends padding and the option to a block that is complete up to the event's last parameter.
/// `to` begins with a block; there may be several.
void append_latency(std::vector<std::byte>& to, uint64_t ns);

}  // namespace gyr
