// One state of several: what a merged trace begins a section with.
//
// Purpose: traces of one or several hosts, put into one, begin at different times. When one begins,
// what its snapshot says joins what is known of the others by then.
//
// Contract: `unite_states` gives the records of the union to `sink`, threads of `beginning` first;
// those of `known` for which `stays` holds and that `beginning` has not follow. Users and network
// addresses of both; of a user that both have, the one of `known`. The machine is `machine`.
// `carry_over` takes along what records cannot say: the calls that threads are in.
//
// Example:
//   unite_states(beginning, known, machine, stays, sink);
//   carry_over(known, *united);
#pragma once

#include <functional>

#include "decoder/state.hpp"

namespace gyr {

void unite_states(const State& beginning, const State& known, const Machine& machine,
                  const std::function<bool(const Thread&)>& stays, RecordSink& sink);

void carry_over(const State& known, State& united);

}  // namespace gyr
