// Marks events as being there for the state only.
//
// Purpose: a filtered trace keeps what names its events: events that the filter rejected, but
// without which a process or a descriptor would have no name. Marked so, readers use and do not
// show them.
//
// Contract: `append_state_only` appends the event block in the variant of its type that has flags,
// with the flag set; the event itself and what stands behind it stay as they are. A block that
// would become too large for its type is appended as a large one, which takes the same events.
//
// Example:
//   append_state_only(reader.block(), out);
#pragma once

#include <vector>

#include "base/bytes.hpp"

namespace gyr {

/// False: nothing was appended, because the event cannot be marked (one of the largest of an old
/// trace).
bool append_state_only(Bytes block, std::vector<std::byte>& to);

}  // namespace gyr
