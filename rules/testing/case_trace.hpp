// The trace that the inline events of a case stand for.
//
// Purpose: cases go through the same reader, decoder and engine as any trace, so events that are
// written by hand become the bytes of a .scap file.
//
// Contract: first what was there before (state_items.hpp), then events, 1 ms apart unless there is
// a `wait`. An event is the mapping of its parameters by their names in the schema, besides: `tid`,
// whose event it is, by default that of the event before; `thread`, the same for events that have
// a parameter `tid` of another meaning; `latency`. What is wrong goes to the findings, all of it;
// the trace is good for nothing then.
//
// Example:
//   const std::vector<std::byte> trace = build_trace(*node, findings);
#pragma once

#include <cstddef>
#include <vector>

#include "rules/item.hpp"

namespace gyr::rules {

std::vector<std::byte> build_trace(const YamlNode& events, Findings& findings);

}  // namespace gyr::rules
