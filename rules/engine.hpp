// Which rules an event matches.
//
// Purpose: per type of event, the rules that can match at all; then their conditions.
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
    const std::vector<uint32_t>& candidates = by_type_[moment.event.raw().type];
    if (candidates.empty()) return;
    program_.begin(moment);
    for (const uint32_t index : candidates) {
      if (!program_.matches(rules_[index].id)) continue;
      found(rules_[index]);
      if (first_only_) return;
    }
  }

  /// As `match`, and `profile` learns what it cost.
  template <class F>
  void match(const filter::Moment& moment, Profile& profile, F found) {
    const std::vector<uint32_t>& candidates = by_type_[moment.event.raw().type];
    if (candidates.empty()) return;
    program_.begin(moment);
    for (const uint32_t index : candidates) {
      RuleCost& cost = profile.costs[index];
      const uint64_t begin = Profile::now();
      const size_t passed = program_.passes(rules_[index].id);
      cost.add(Profile::now() - begin, passed);
      if (passed != cost.steps.size()) continue;
      found(rules_[index]);
      if (first_only_) return;
    }
  }
  /// To begin with: all rules, nothing counted.
  Profile profile() const;

  const std::vector<CompiledRule>& rules() const { return rules_; }
  /// Events of other types match no rule.
  const filter::EventTypes& types() const { return types_; }
  bool needs_enter() const { return needs_enter_; }

 private:
  filter::Program program_;
  std::vector<CompiledRule> rules_;
  bool first_only_;
  bool needs_enter_ = false;
  filter::EventTypes types_;
  std::array<std::vector<uint32_t>, schema::event_count> by_type_;
};

}  // namespace gyr::rules
