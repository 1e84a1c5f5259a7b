#include "cli/scan/html/gathered.hpp"

#include <algorithm>

#include "cli/interrupt.hpp"

namespace gyr {

TraceAlerts& Gathered::current(std::string_view path) {
  if (traces.empty() || traces.back().has_ended) traces.emplace_back().path = path;
  return traces.back();
}

void Gathered::add(const rules::Alert& alert) {
  TraceAlerts& trace = current(alert.trace);
  RuleAlerts& rule = rules[alert.rule];
  ++total;
  ++trace.alerts;
  trace.times.add(alert.ts, alert.rule);
  if (rule.count++ == 0) rule.first_ts = rule.last_ts = alert.ts;
  rule.first_ts = std::min(rule.first_ts, alert.ts);
  rule.last_ts = std::max(rule.last_ts, alert.ts);
  if (rule.shown.size() < most_shown)
    rule.shown.push_back({traces.size() - 1, alert.ts, alert.num, alert.message, alert.ancestry});
}

void Gathered::trace_ended(const ScannedTrace& scanned) {
  TraceAlerts& trace = current(scanned.path);
  trace.first_ts = scanned.first_ts;
  trace.last_ts = scanned.last_ts;
  trace.events = scanned.events;
  trace.error = scanned.error;
  trace.has_ended = true;
}

void Gathered::read_nearby() {
  for (size_t trace = 0; trace < traces.size(); ++trace) read_nearby(trace);
}

void Gathered::read_nearby(size_t index) {
  TraceAlerts& trace = traces[index];
  std::vector<uint64_t> nums;
  for (const RuleAlerts& rule : rules)
    for (const ShownAlert& alert : rule.shown)
      if (alert.trace == index) nums.push_back(alert.num);
  std::ranges::sort(nums);
  if (trace.path.empty())
    trace.no_nearby = "Events of the live host are not kept.";
  else if (!can_read_again(trace.path))
    trace.no_nearby = "Standard input and pipes cannot be read a second time.";
  else if (interrupted())
    trace.no_nearby = "The scan was interrupted.";
  if (nums.empty() || !trace.no_nearby.empty()) return;
  const auto done = gyr::read_nearby(trace.path, nums, reach, [&](NearbyEvent event) {
    trace.nearby.push_back(std::move(event));
  });
  if (!done && !trace.error) trace.no_nearby = done.error().message;
}

}  // namespace gyr
