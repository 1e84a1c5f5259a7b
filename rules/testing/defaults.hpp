// What stands for the parameters that a case leaves out of an event.
//
// Purpose: "execve: {tid: 101, exe: /usr/bin/id}" is enough: a recorder would have stored the rest
// of what is known of the process, too.
//
// Contract: `fill_defaults` gives every parameter without a value one: of a program or a clone what
// the state has for its thread; of a transfer its sizes; of a connection the other one of address
// and pair; AT_FDCWD for directories; zero, an empty text or no bytes for the rest.
//
// Example:
//   fill_defaults(kind, tid, state, values);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decoder/state.hpp"
#include "rules/testing/event_kinds.hpp"

namespace gyr::rules {

using ParamValues = std::vector<std::optional<std::string>>;

void fill_defaults(const EventKind& kind, int64_t tid, const State& state, ParamValues& values);

}  // namespace gyr::rules
