// Which rules an event matches.
//
// Purpose: per type of event, the rules that can match at all, with what is left of their
// conditions for that type; what rules have in common is evaluated once per event
// (filter/program.hpp).
//
// Contract: `match` calls `found(rule)` for every rule that matches, in the order of the
// definitions; with `first_only`, for the first one. Enter events of system calls match nothing:
// rules are about calls that have ended, and the exit event answers for both (Falco's libraries
// drop them too). Nothing is allocated per event.
//
// Example:
//   Engine engine(std::move(compiled), false);
//   engine.match(moment, [&](const CompiledRule& rule) { alert(rule, moment); });
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "rules/compile.hpp"
#include "rules/profile.hpp"

namespace gyr::rules {

/// No rule is asked for events of this type.
inline bool is_enter_of_call(uint16_t type) {
  return schema::is_enter(type) && schema::events[type].source == schema::Source::syscall;
}

class Engine {
 public:
  Engine(RuleProgram compiled, bool first_only);

  template <class F>
  void match(const filter::Moment& moment, F found) {
    const std::vector<Candidate>& candidates = by_type_[moment.event.raw().type];
    if (candidates.empty()) return;
    program_.begin(moment);
    for (const Candidate candidate : candidates) {
      if (!program_.holds(candidate.condition)) continue;
      found(rules_[candidate.rule]);
      if (first_only_) return;
    }
  }

  /// As `match`, and `profile`, which is this engine's, learns what it cost.
  template <class F>
  void match(const filter::Moment& moment, Profile& profile, F found) {
    const uint16_t type = moment.event.raw().type;
    const std::vector<Candidate>& candidates = by_type_[type];
    if (candidates.empty()) return;
    program_.begin(moment);
    for (size_t i = 0; i < candidates.size(); ++i) {
      const uint32_t rule = candidates[i].rule;
      const uint64_t begin = Profile::now();
      const std::optional<uint32_t> stop = stopped_by(profile.stages[type][i]);
      profile.costs[rule].add(Profile::now() - begin, stop);
      if (stop) continue;
      found(rules_[rule]);
      if (first_only_) return;
    }
  }
  /// To begin with: all rules, nothing counted. Made before the first event.
  Profile profile();

  const std::vector<CompiledRule>& rules() const { return rules_; }
  /// Events of other types match no rule.
  const filter::EventTypes& types() const { return types_; }
  bool needs_enter() const { return needs_enter_; }

 private:
  struct Candidate {
    uint32_t rule;
    uint32_t condition;  // what is left of it for the type
  };

  /// The step that does not hold.
  std::optional<uint32_t> stopped_by(const std::vector<filter::Program::Stage>& stages) {
    for (const filter::Program::Stage& stage : stages)
      if (!program_.holds(stage.residual)) return stage.step;
    return std::nullopt;
  }

  filter::Program program_;
  std::vector<CompiledRule> rules_;
  bool first_only_;
  bool needs_enter_ = false;
  filter::EventTypes types_;
  std::array<std::vector<Candidate>, schema::event_count> by_type_;
};

}  // namespace gyr::rules
