// Pieces of the filter language's error messages.
//
// Contract: what comes from the filter is quoted, cut to some 40 bytes, and has no control
// characters left, so that a message may go to a terminal.
//
// Example:
//   fmt::format("expected a value, found {}", found(lexer.rest()));
//   "unknown field 'proc.nam'" + did_you_mean("proc.nam", names);   // …; did you mean 'proc.name'?
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gyr::filter {

/// The text in single quotes.
std::string shown(std::string_view text);

/// The token that `rest` begins with, or "the end of the filter".
std::string found(std::string_view rest);

/// "; did you mean 'x' or 'y'?", empty if no name is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names);

/// "; write 'and'" for `&&` and what else other languages say for and, or, not; empty for others.
std::string advice_on_logic(std::string_view rest);

/// The same for operators of other languages, such as `=~` and `like`.
std::string advice_on_operator(std::string_view rest);

}  // namespace gyr::filter
