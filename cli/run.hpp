// The pipeline from a source of events, traces or the live host, to the printed line.
#pragma once

#include "cli/options.hpp"

namespace gyr {

/// Exit statuses of the program.
enum ExitStatus : int { exit_done = 0, exit_user_error = 1, exit_internal = 2 };

int run_events(const Options& options);

/// Prints "gyr: ..." to standard error.
void report(const std::string& message);
void report(const std::string& trace, const Error& error);

}  // namespace gyr
