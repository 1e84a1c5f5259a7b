// gyr info TRACE...: what traces hold.
//
// Purpose: the command: its options, and the two forms of its answer. What is counted is in
// info_facts.hpp.
//
// Contract: one answer per trace, in order; a trace that cannot be read, or is damaged, gets what
// was read of it and an error on standard error, and the others are still shown. Options are rows
// of `info_option_table`, from which parser, help and manual page are made; the keys of --json are
// described by `info_json_keys`.
//
// Example:
//   return run_info({"--json", "t.scap", "-"});
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/info_facts.hpp"

namespace gyr {

struct InfoOptions {
  std::vector<std::string> traces{};
  bool verbose = false;  // events by type
  bool json = false;
  bool help = false;
  bool safe_for_terminal = false;  // decided from the terminal, not an option
};

/// One key at the top of a --json object.
struct InfoKeyRow {
  std::string_view key;
  std::string_view doc;
};

std::span<const CommandOption<InfoOptions>> info_option_table();
std::span<const InfoKeyRow> info_json_keys();
std::string info_help_text();

/// `arguments`: what follows the word "info".
Result<InfoOptions> parse_info_options(std::vector<std::string> arguments);

/// For a person: a heading with the name, then aligned lines.
void append_info_text(Text& to, const std::string& trace, const TraceFacts& facts,
                      const InfoOptions& options);

/// One line with one JSON object, always valid UTF-8: a byte that is not becomes U+FFFD.
std::string info_json(const std::string& trace, const TraceFacts& facts, bool with_types);

/// The command; gives the exit status.
int run_info(std::vector<std::string> arguments);

}  // namespace gyr
