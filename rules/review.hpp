// Rules that are right and yet cannot be meant: warnings that Falco does not have.
//
// Purpose: a rule that never matches looks like a quiet machine; one that another rule hides, too.
//
// Contract: looks at the rules that are run, in their order. GYR_NEVER_MATCHES: no type of event
// fits, or constants contradict each other. GYR_MATCHES_EVERYTHING: the condition says nothing but
// types of events, so that each of them is an alert. GYR_SHADOWED: an earlier rule holds wherever
// this one does; said of equal conditions always, of others where only the first match counts. What
// cannot be decided from the conditions alone is not said.
//
// Example:
//   review_rules(compiled, {.first_only = true}, findings);
#pragma once

#include "rules/compile.hpp"

namespace gyr::rules {

struct ReviewOptions {
  bool first_only = false;
};

void review_rules(const RuleProgram& compiled, ReviewOptions options, Findings& findings);

}  // namespace gyr::rules
