// What an HTML report is made of: alerts by rule, and traces.
//
// Contract: of each rule the first `most_shown` alerts are kept, and all are counted; memory does
// not grow with the number of alerts. `traces` has the live host too, as the only one, with an
// empty path.
//
// Example:
//   Gathered gathered(context.rules.size());
//   gathered.add(alert);
//   gathered.trace_ended(trace);
//   gathered.read_nearby();
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/scan/html/nearby.hpp"
#include "cli/scan/html/time_bins.hpp"
#include "cli/scan/traces.hpp"

namespace gyr {

struct ShownAlert {
  size_t trace = 0;  // index into Gathered::traces
  uint64_t ts = 0, num = 0;
  std::string message;
  std::vector<rules::Ancestor> ancestry;  // the process itself first
};

struct RuleAlerts {
  uint64_t count = 0, first_ts = 0, last_ts = 0;
  std::vector<ShownAlert> shown;
};

struct TraceAlerts {
  std::string path;
  uint64_t first_ts = 0, last_ts = 0;  // 0: there are no events, or not known
  uint64_t events = 0;
  uint64_t alerts = 0;
  std::optional<Error> error;
  TimeBins times;  // of alerts, by rule
  bool has_ended = false;
  std::vector<NearbyEvent> nearby;  // of all alerts that are shown
  std::string no_nearby;            // why there are none; empty: there are
};

class Gathered {
 public:
  static constexpr uint64_t most_shown = 20;
  static constexpr uint64_t reach = 7;  // events before and after an alert

  explicit Gathered(size_t rule_count) : rules(rule_count) {}

  void add(const rules::Alert& alert);
  void trace_ended(const ScannedTrace& trace);
  /// Once there are all alerts: reads the traces a second time, where that can be done.
  void read_nearby();

  uint64_t total = 0;
  std::vector<RuleAlerts> rules;  // as they were compiled
  std::vector<TraceAlerts> traces;

 private:
  TraceAlerts& current(std::string_view path);
  void read_nearby(size_t trace);
};

}  // namespace gyr
