// The command line of gyr scan: one table for the parser, the help, the manual page, completions.
//
// Contract: `parse_scan` fills ScanOptions or says what is wrong and what would be right. Options
// of a capture (-w, --pid, -s …, -- COMMAND) are those of gyr itself and end up in `capture`.
//
// Example:
//   auto options = parse_scan({"-r", "falco_rules.yaml", "incident.scap"});
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/options.hpp"
#include "cli/scan/config.hpp"
#include "rules/definitions.hpp"

namespace gyr {

/// With --exit-code, when a rule has matched.
inline constexpr int exit_matched = 3;

/// What alerts look like: for people, as Falco's lines, or as a file for other tools or readers.
enum class AlertFormat : uint8_t { report, text, json, sarif, junit, html };

struct ScanOptions {
  std::vector<std::string> rule_files;
  std::vector<std::string> traces;  // empty: the live host
  bool validate = false;
  bool list_rules = false;
  bool list_config = false;
  bool verbose = false;
  bool first = false;
  bool exit_code = false;
  bool silent = false;  // alerts go to channels only
  bool help = false;
  bool explain = false;
  bool profile = false;
  std::string explain_rule;  // the name of a rule; `at` is given then
  uint64_t at = 0;           // the number of an event
  unsigned jobs = 0;         // traces at a time; 0: as many as there are CPUs
  AlertFormat format = AlertFormat::report;
  std::string output;  // empty: standard output
  std::optional<rules::Priority> min_priority;
  std::set<std::string> only_tags, without_tags;
  std::vector<RuleSelection> selections;  // -D and -E, the last that matches counts
  Options capture;                        // of the live host
  std::string config_file;                // empty: where it is usually found
  std::vector<std::string> settings;      // for the configuration, as -o takes them
  ScanConfig config;                      // once `use_config` has been called

  bool is_live() const { return traces.empty(); }
};

std::span<const CommandOption<ScanOptions>> scan_options();

/// `arguments`: what follows the word "scan".
Result<ScanOptions> parse_scan(std::vector<std::string> arguments);
/// Takes from a configuration what no flag says. What is wrong is fit to print.
Result<void> use_config(ScanOptions& options, ScanConfig config);
/// The text of gyr scan --help.
std::string scan_help();

/// Whether a rule is run under these options.
bool is_selected(const rules::Rule& rule, const ScanOptions& options);
/// `pattern` has '*' for any run of characters.
bool matches_wildcard(std::string_view pattern, std::string_view name);

}  // namespace gyr
