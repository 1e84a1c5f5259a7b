// The pipeline from a source of events, traces or the live host, to the printed line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/options.hpp"

namespace gyr {

/// Exit statuses of the program.
enum ExitStatus : int { exit_done = 0, exit_user_error = 1, exit_internal = 2 };

int run_events(const Options& options);

/// Prints "gyr: ..." to standard error.
void report(const std::string& message);
void report(const std::string& trace, const Error& error);

/// Where a command ends with its options: at what is wrong with them, or at its help. The status
/// then; nothing: the command is to be run.
std::optional<int> ends_with_options(std::string_view command, const std::optional<Error>& wrong,
                                     bool wants_help, std::string (*help)());

/// The same of what was parsed.
template <class CommandOptions>
std::optional<int> ends_with_options(std::string_view command,
                                     const Result<CommandOptions>& options, std::string (*help)()) {
  if (!options) return ends_with_options(command, options.error(), false, help);
  return ends_with_options(command, std::nullopt, options->help, help);
}

}  // namespace gyr
