// The descriptor that an event works on.
//
// Contract: of events that the schema flags as making, using or closing a descriptor; -1 or null
// for others and when it is not known. A descriptor that the event closes is still there.
//
// Example:
//   if (const Descriptor* file = event_descriptor(event)) use(file->name.view());
#pragma once

#include "decoder/event.hpp"

namespace gyr {

int64_t event_fd(const Event& event);
const Descriptor* event_descriptor(const Event& event);

}  // namespace gyr
