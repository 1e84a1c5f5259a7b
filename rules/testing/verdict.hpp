// Whether the alerts that came are those that a case expects.
//
// Contract: exactly those, as often as they are expected, in any order. Several expectations of one
// rule add up; each alert must have the text of one of them. `differences` gives a line for each
// thing that is not so, none if all is. Lines have no control characters.
//
// Example:
//   if (differences(test.expect, alerts).empty()) passed();
#pragma once

#include <string>
#include <vector>

#include "rules/testing/cases.hpp"

namespace gyr::rules {

struct SeenAlert {
  std::string rule;
  uint64_t event = 0;  // its number
  std::string message;
};

std::vector<std::string> differences(const std::vector<Expectation>& expected,
                                     const std::vector<SeenAlert>& alerts);

}  // namespace gyr::rules
