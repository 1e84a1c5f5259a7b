// Captures the live host: the pipeline from the probe to the printed line.
#pragma once

#include "cli/session.hpp"

namespace gyr {

/// Until -n or -M have enough, the command or tree has ended, or an interrupt. Gives the exit
/// status: that of the command where there is one.
int capture_live(Session& session);

}  // namespace gyr
