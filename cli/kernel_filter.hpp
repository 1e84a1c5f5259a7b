// What of the filter the probe takes over.
//
// Contract: fills in of ProbeOptions what the kernel need not deliver. What is written with -d is
// all there is, so nothing is left out then. The calls that change the state always come: what is
// printed, and what a filtered trace must have, depends on them. With -v it says on standard
// error: which terms of the filter the kernel decides, and which are left to gyr. Gives the terms
// by which threads are to be marked (filter/thread_marks.hpp), if there are any.
//
// Example:
//   ProbeOptions probe = ...;
//   auto terms = use_kernel_filter(session, probe);   // gyr: in the kernel: evt.type = openat
#pragma once

#include <optional>

#include "capture/live/probe.hpp"
#include "cli/session.hpp"

namespace gyr {

std::optional<filter::Filter> use_kernel_filter(const Session& session, ProbeOptions& probe);

}  // namespace gyr
