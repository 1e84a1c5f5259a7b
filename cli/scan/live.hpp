// Rules over what happens on this host.
//
// Contract: as gyr itself captures: until an interrupt, -M, or the end of a command; with -w what
// happens is recorded too. `found` is called for every alert and says false when no more is
// wanted. Gives the exit status.
//
// Example:
//   scan_live(options.capture, detector, [&](const Alert& alert) { … });
#pragma once

#include "cli/options.hpp"
#include "cli/scan/traces.hpp"

namespace gyr {

int scan_live(const Options& capture, rules::Detector& detector, const FoundAlert& found);

}  // namespace gyr
