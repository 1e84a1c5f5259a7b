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
#include <vector>

#include "rules/compile.hpp"

namespace gyr::rules {

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

  const std::vector<CompiledRule>& rules() const { return rules_; }
  /// Events of other types match no rule.
  const filter::EventTypes& types() const { return types_; }
  bool needs_enter() const { return needs_enter_; }

 private:
  struct Candidate {
    uint32_t rule;
    uint32_t condition;  // what is left of it for the type
  };

  filter::Program program_;
  std::vector<CompiledRule> rules_;
  bool first_only_;
  bool needs_enter_ = false;
  filter::EventTypes types_;
  std::array<std::vector<Candidate>, schema::event_count> by_type_;
};

}  // namespace gyr::rules
