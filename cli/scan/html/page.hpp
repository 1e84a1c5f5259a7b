// A scan as one page of HTML.
//
// Contract: the page needs nothing but itself: no network, no other file, and for all that matters
// no JavaScript. Parts of it are in files of their own.
//
// Example:
//   append_page(html, {context, gathered, files, now, false});
#pragma once

#include "cli/scan/html/gathered.hpp"
#include "cli/scan/html/html.hpp"
#include "cli/scan/output.hpp"

namespace gyr {

struct Page {
  const ScanContext& context;
  const Gathered& gathered;
  std::vector<std::string> rule_files;
  uint64_t made_ts;
  bool interrupted;

  /// Those with alerts, the most severe first.
  std::vector<size_t> matched_rules() const;
};

void append_page(Html& html, const Page& page);

/// Of each trace with alerts: when they were, by priority.
void append_timelines(Html& html, const Page& page);
/// A rule with its alerts.
void append_rule(Html& html, const Page& page, size_t rule);

/// "Warning", as a coloured mark.
void append_badge(Html& html, rules::Priority priority);
/// A class of the style sheet: p0 for an emergency to p7.
void append_priority_class(Html& html, rules::Priority priority);
/// "live host", "standard input", or the path.
std::string_view trace_name(const TraceAlerts& trace);

}  // namespace gyr
