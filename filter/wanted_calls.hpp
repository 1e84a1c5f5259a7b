// The system calls whose events a condition can match.
//
// Contract: as Program::types, but by call: of generic events, which all calls without an event of
// their own have, only those are wanted that the condition can hold for. `types` are those of the
// compiled condition. Calls that are not known (code 0) are wanted if any generic event is.
//
// Example:
//   wanted_calls(**parse_filter("evt.type=sysinfo"), types)[code_of_sysinfo];   // true, alone
#pragma once

#include <vector>

#include "filter/program.hpp"

namespace gyr::filter {

/// By code: an index into schema::syscalls.
std::vector<bool> wanted_calls(const Node& tree, const EventTypes& types);

/// Whether a tree is decided by the type of the event alone; of the generic one, by its call.
bool decided_by_type(const Node& tree);

}  // namespace gyr::filter
