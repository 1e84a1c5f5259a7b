// What each rule costs, and how far events get in it.
//
// Purpose: which rule of a file is slow, and which of its terms lets too much through.
//
// Contract: filled by Engine::match. Times are those of the wall clock around one rule at one
// event, less what reading the clock takes; a field that several rules look at is extracted for
// the first of them, which pays for it. `passed[i]` is how many events had the terms up to the
// i-th hold, in the order in which the engine evaluates them; the last is how many matched.
// Profiles of the same engine's rules add up.
//
// Example:
//   Profile profile = engine.profile();
//   engine.match(moment, profile, found);
//   append_profile(text, profile);
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace gyr::rules {

struct RuleCost {
  RuleCost(std::string rule, std::vector<std::string> terms)
      : name(std::move(rule)), steps(std::move(terms)), passed(steps.size()) {}

  /// One event, which the first `held` terms let pass.
  void add(uint64_t time, size_t held) {
    ++asked;
    ns += time;
    for (size_t i = 0; i < held; ++i) ++passed[i];
  }
  uint64_t matched() const { return passed.back(); }

  std::string name;
  std::vector<std::string> steps;
  std::vector<uint64_t> passed;  // by step
  uint64_t asked = 0;            // events of the rule's types
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
};

/// Of several threads.
class SharedProfile {
 public:
  void add(const Profile& profile) {
    const std::lock_guard lock(mutex_);
    if (total_.costs.empty())
      total_ = profile;
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
