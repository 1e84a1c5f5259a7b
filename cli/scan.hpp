// gyr scan: Falco rule files over traces.
//
// Contract: all errors of the rule files are shown, and then nothing is scanned. Alerts come in the
// order of the events, traces in the order given; directories stand for the traces in them, by
// name. Options are rows of `scan_options`.
//
// Example:
//   return run_scan({"-r", "falco_rules.yaml", "incident.scap"});
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "rules/definitions.hpp"

namespace gyr {

enum class AlertFormat : uint8_t { report, text, json };

struct ScanOptions {
  std::vector<std::string> rule_files;
  std::vector<std::string> traces;
  bool validate = false;
  bool list_rules = false;
  bool verbose = false;
  bool first = false;
  bool exit_code = false;
  bool help = false;
  AlertFormat format = AlertFormat::report;
  std::string output;  // empty: standard output
  rules::Priority min_priority = rules::Priority::debug;
  std::set<std::string> only_tags, without_tags;
  std::vector<std::string> disabled, enabled;  // names, with '*'
};

std::span<const CommandOption<ScanOptions>> scan_options();

/// `arguments`: what follows the word "scan".
Result<ScanOptions> parse_scan(std::vector<std::string> arguments);

/// Whether a rule is run under these options.
bool is_selected(const rules::Rule& rule, const ScanOptions& options);
/// `pattern` has '*' for any run of characters.
bool matches_wildcard(std::string_view pattern, std::string_view name);

/// The command; gives the exit status: 3 with --exit-code when a rule matched.
int run_scan(std::vector<std::string> arguments);

}  // namespace gyr
