// Why a rule matches at one event of a trace, or does not.
//
// Contract: reads the trace up to that event, so that the state is what it was then, and prints the
// event and the rule's condition with the value of every comparison; also where the rule is
// disabled, or is not about such events, which it says. Gives the exit status: 3 with --exit-code
// when the rule matches.
//
// Example:
//   return explain_rule(loader.definitions, options);   // gyr scan --explain-rule NAME --at 4711
#pragma once

#include "cli/scan/options.hpp"

namespace gyr {

int explain_rule(const rules::Definitions& definitions, const ScanOptions& options);

}  // namespace gyr
