// The descriptor that an event works on.
//
// Purpose: one answer for all traces. Where there are enter events the number is remembered from
// them (Thread::last_fd); in today's traces it is a parameter of the exit event. A call that makes
// a descriptor works on that one.
//
// Contract: -1 and nullptr where there is none: the call failed to make one, works on none, or the
// event has no thread. A number may be negative otherwise (AT_FDCWD), and may not be open. Valid
// after the event was decoded. A closed descriptor is still there while its close is looked at.
//
// Example:
//   if (const Descriptor* d = event_descriptor(event)) use(d->name.view());   // read, open, dup
#pragma once

#include "decoder/event.hpp"

namespace gyr {

/// The parameter of event `id` that has the number of the descriptor the call works on, other than
/// its result: of several the first (of splice, where the data comes from). -1: none.
int8_t fd_param_index(uint32_t id);

int64_t event_fd(const Event& event);
const Descriptor* event_descriptor(const Event& event);

}  // namespace gyr
