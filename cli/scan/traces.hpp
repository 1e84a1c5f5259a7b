// Rules over traces, several at a time.
//
// Contract: `found` is called for every alert, on the caller's thread, in the order of the traces
// and of their events, however many are scanned at once; what a trace that waits for its turn has
// found is kept up to a bound. It says false when no more is wanted. `ended` is called behind the
// alerts of each trace and says what is wrong with it, if anything; the others are scanned all the
// same. The exit status is the worst one.
//
// Example:
//   scan_traces({"a.scap", "b.scap"}, 2, make_detector, [&](const Alert& alert) { … },
//               [](const ScannedTrace& trace) { if (trace.error) … });
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rules/detector.hpp"

namespace gyr {

/// Called once for every thread.
using MakeDetector = std::function<std::unique_ptr<rules::Detector>()>;
using FoundAlert = std::function<bool(const rules::Alert&)>;

/// A trace behind which the scan is.
struct ScannedTrace {
  std::string_view path;
  uint64_t first_ts = 0, last_ts = 0;  // ns since the epoch; 0: there were no events
  uint64_t events = 0;
  std::optional<Error> error;  // that stopped the reading
};
using TraceEnded = std::function<void(const ScannedTrace&)>;

/// `alone`: no other trace is read at the same time.
ScannedTrace scan_trace(const std::string& path, rules::Detector& detector, bool alone,
                        const FoundAlert& found);

int scan_traces(const std::vector<std::string>& traces, unsigned jobs, const MakeDetector& make,
                const FoundAlert& found, const TraceEnded& ended);

}  // namespace gyr
