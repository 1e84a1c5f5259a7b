// The command line of gyr test: one table for the parser, the help, the manual page, completions.
//
// Contract: `parse_test` fills TestOptions or says what is wrong. With --add the words are one
// RULES, the trace and the filter.
//
// Example:
//   auto options = parse_test({"rules/", "--filter", "*shell*", "-v"});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace gyr {

struct TestOptions {
  std::vector<std::string> rule_files;
  std::vector<std::string> cases;  // files and folders; empty: what is beside the rules
  std::string filter;              // of names; empty: all
  std::string junit;               // file; "-": standard output
  bool verbose = false;
  bool help = false;
  // For --add:
  std::string add;  // name of the case; empty: cases are run
  std::string trace, trace_filter;
  std::optional<uint64_t> from_event, to_event;
};

std::span<const CommandOption<TestOptions>> test_options();

/// `arguments`: what follows the word "test".
Result<TestOptions> parse_test(std::vector<std::string> arguments);
/// The text of gyr test --help.
std::string test_help();

}  // namespace gyr
