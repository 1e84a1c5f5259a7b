// From events to alerts.
//
// Purpose: runs an Engine and takes of each match what outputs show, so that an alert outlives the
// event and the state it came from.
//
// Contract: `look` calls `found(alert)` for every rule that matches an event; the alert is valid
// during the call. What is asked for by AlertParts is filled in, the rest is empty; beyond
// `details` alerts of one rule everything but the rule, the event's number and its time is empty.
// One Detector is for one thread, and for any number of traces, one after the other: `begin` comes
// before each.
//
// Example:
//   Detector detector(std::move(compiled), {.json = true});
//   detector.begin(trace);
//   detector.look(moment, [](const Alert& alert) { print(alert.json); });
#pragma once

#include <memory>

#include "rules/alert.hpp"
#include "rules/engine.hpp"
#include "rules/explain.hpp"

namespace gyr::rules {

/// A process of an alert's ancestry.
struct Ancestor {
  int64_t pid = 0;
  std::string comm;
  std::string command_line;  // program and arguments
};

struct Alert {
  uint32_t rule = 0;               // index into the rules as they were compiled
  uint64_t ts = 0;                 // of the event, ns since the epoch
  uint64_t num = 0;                // evt.num
  std::string_view trace;          // its path; empty: the live host
  std::string text;                // as AlertWriter::append_text
  std::string json;                // as AlertWriter::append_json
  std::string message;             // of the rule, as it is: control characters and all
  std::vector<Ancestor> ancestry;  // the process itself first
  Explanation explanation;
};

struct AlertParts {
  bool text = false;
  bool json = false;
  bool message = false;
  bool ancestry = false;
  bool explanation = false;
  uint64_t details = UINT64_MAX;  // alerts of a rule that have any of these, per trace

  AlertParts& operator|=(const AlertParts& other);
};

class Detector {
 public:
  /// With a `profile`, which it must not outlive, it adds what the rules have cost when it ends.
  Detector(RuleProgram compiled, bool first_only, AlertParts parts, const AlertStyle& style = {},
           SharedProfile* profile = nullptr);
  ~Detector();

  /// `trace` must outlive the alerts.
  void begin(std::string_view trace);

  template <class F>
  void look(const filter::Moment& moment, F found) {
    const auto match = [&](const CompiledRule& rule) { found(alert(rule, moment)); };
    if (shared_profile_ != nullptr) [[unlikely]]
      engine_.match(moment, profile_, match);
    else
      engine_.match(moment, match);
  }

  const std::vector<CompiledRule>& rules() const { return engine_.rules(); }
  /// Events of other types match no rule.
  const filter::EventTypes& types() const { return engine_.types(); }
  /// Whether Decoder::keep_enter_events is needed.
  bool needs_enter() const { return needs_enter_; }

 private:
  const Alert& alert(const CompiledRule& rule, const filter::Moment& moment);
  void fill(const CompiledRule& rule, const filter::Moment& moment);
  void trace_ancestry(const filter::Moment& moment);

  Engine engine_;
  AlertParts parts_;
  AlertWriter writer_;
  Explainer explainer_;
  SharedProfile* shared_profile_;
  Profile profile_;
  bool needs_enter_;
  std::vector<uint64_t> seen_;  // alerts by rule, in this trace
  Alert alert_;
  Text scratch_;
};

}  // namespace gyr::rules
