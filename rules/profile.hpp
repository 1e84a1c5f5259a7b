// What each rule costs, and how far events get in it.
//
// Purpose: which rule of a file is slow, and which of its terms lets too much through.
//
// Contract: filled by Engine::match. Times are those of the wall clock around one rule at one
// event, less what reading the clock takes; a field that several rules look at is extracted for
// the first of them, which pays for it. The steps are the terms of the condition in the order in
// which the engine evaluates them; which may differ a little from one type of event to another, so
// `passed(i)` are those events that no step up to the i-th has stopped. Profiles of the same rules
// add up.
//
// Example:
//   Profile profile = engine.profile();
//   engine.match(moment, profile, found);
//   append_profile(text, profile);
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "filter/program.hpp"

namespace gyr::rules {

struct RuleCost {
  RuleCost(std::string rule, std::vector<std::string> terms)
      : name(std::move(rule)), steps(std::move(terms)), stopped(steps.size()) {}

  /// One event, and the step that has stopped it.
  void add(uint64_t time, std::optional<uint32_t> step) {
    ++asked;
    ns += time;
    if (step) ++stopped[*step];
  }
  uint64_t passed(size_t step) const;
  uint64_t matched() const { return passed(steps.size() - 1); }

  std::string name;
  std::vector<std::string> steps;
  std::vector<uint64_t> stopped;  // by step
  uint64_t asked = 0;             // events of the rule's types
  uint64_t ns = 0;
};

struct Profile {
  static uint64_t now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<uint64_t>(std::chrono::nanoseconds(since).count());
  }
  /// What one measurement has too much, on average.
  static double clock_ns();

  void add(const Profile& other);

  std::vector<RuleCost> costs;  // in the order of the rules
  /// What the engine evaluates: by type of event, for each rule that is asked.
  std::vector<std::vector<std::vector<filter::Program::Stage>>> stages;
};

/// Of several threads.
class SharedProfile {
 public:
  void add(const Profile& profile) {
    const std::lock_guard lock(mutex_);
    if (total_.costs.empty())
      total_.costs = profile.costs;
    else
      total_.add(profile);
  }
  /// When all have added theirs.
  const Profile& total() const { return total_; }

 private:
  std::mutex mutex_;
  Profile total_;
};

/// A table, the most expensive rule first, with its terms that stop events and how many they let
/// pass.
void append_profile(Text& to, const Profile& profile);

}  // namespace gyr::rules
