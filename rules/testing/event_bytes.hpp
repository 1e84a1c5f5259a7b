// An event block from the bytes of its parameters.
//
// Contract: appends one whole block: an ordinary one, or a large one for types whose lengths are
// wide. False, and nothing is appended, when a parameter or the event is too long. Layout:
// gyr-scap(5), "Events".
//
// Example:
//   append_event(block, {.ts = ts, .tid = 100, .type = kind.type}, values, std::nullopt);
#pragma once

#include "capture/file/event_builder.hpp"
#include "rules/testing/defaults.hpp"

namespace gyr::rules {

bool append_event(std::vector<std::byte>& to, const EventHead& head, const ParamValues& values,
                  std::optional<uint64_t> latency);

}  // namespace gyr::rules
