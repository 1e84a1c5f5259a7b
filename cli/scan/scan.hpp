// gyr scan: Falco rule files over traces, or live.
//
// Contract: all errors of the rule files are shown, and then nothing is scanned. Alerts come in the
// order of the events, traces in the order given; directories stand for the traces in them, by
// name.
//
// Example:
//   return run_scan({"-r", "falco_rules.yaml", "incident.scap"});
#pragma once

#include <string>
#include <vector>

namespace gyr {

/// `arguments`: what follows the word "scan". Gives the exit status: 3 with --exit-code when a rule
/// matched.
int run_scan(std::vector<std::string> arguments);

}  // namespace gyr
