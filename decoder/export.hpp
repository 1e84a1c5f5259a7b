// From the state to a source's records: the inverse of import.hpp.
//
// Purpose: what is known at a point of a trace, so that another trace can begin there.
//
// Contract: gives all records, between section() and records_end(), in an order that depends on the
// state's content only. A state that is filled from them prints every name as this one does; see
// `OwnThreadFields` and `OwnFdFields` for what records of other sources lack. What the last event
// left to be done must be done (Decoder::settle). Containers and their users are not part of
// records: writers tell of them with events.
//
// Example:
//   std::vector<std::byte> blocks;
//   SnapshotWriter writer(blocks);
//   export_state(state, writer);
#pragma once

#include <functional>

#include "capture/records.hpp"
#include "decoder/state.hpp"

namespace gyr {

void export_state(const State& state, RecordSink& sink);

// The parts of it, for whoever puts several states together.

void export_interface(const Interface& interface, RecordSink& sink);
void export_user(uint32_t id, const UserInfo& info, bool is_group, RecordSink& sink);
/// Threads with their descriptors, those for which `wanted` holds.
void export_threads(const State& state, RecordSink& sink,
                    const std::function<bool(const Thread&)>& wanted);

}  // namespace gyr
