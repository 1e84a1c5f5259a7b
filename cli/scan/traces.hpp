// Rules over traces, several at a time.
//
// Contract: `found` is called for every alert, on the caller's thread, in the order of the traces
// and of their events, however many are scanned at once; what a trace that waits for its turn has
// found is kept up to a bound. It says false when no more is wanted. What is wrong with a trace is
// reported in its turn, and the others are scanned all the same. The exit status is the worst one.
//
// Example:
//   scan_traces({"a.scap", "b.scap"}, 2, make_detector, [&](const Alert& alert) { … });
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "rules/detector.hpp"

namespace gyr {

/// Called once for every thread.
using MakeDetector = std::function<std::unique_ptr<rules::Detector>()>;
using FoundAlert = std::function<bool(const rules::Alert&)>;

/// What stopped the reading, if something did. `alone`: no other trace is read at the same time.
std::optional<Error> scan_trace(const std::string& path, rules::Detector& detector, bool alone,
                                const FoundAlert& found);

int scan_traces(const std::vector<std::string>& traces, unsigned jobs, const MakeDetector& make,
                const FoundAlert& found);

}  // namespace gyr
