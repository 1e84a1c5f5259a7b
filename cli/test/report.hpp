// The reports of gyr test.
//
// Contract: `append_outcome` writes nothing for a case that passed unless it is `verbose`. The
// JUnit report has a suite for each file of cases.
//
// Example:
//   std::string text;
//   for (const Outcome& outcome : outcomes) append_outcome(text, outcome, false);
//   text += totals_line(outcomes);
#pragma once

#include <string>
#include <vector>

#include "cli/test/runner.hpp"

namespace gyr {

void append_outcome(std::string& to, const Outcome& outcome, bool verbose);
/// "12 cases: 11 passed, 1 failed"
std::string totals_line(const std::vector<Outcome>& outcomes);

std::string junit_report(const std::vector<Outcome>& outcomes);

}  // namespace gyr
