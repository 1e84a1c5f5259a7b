// Option tables of the commands (gyr convert, gyr merge): parser, help and manual page of a row.
//
// Contract: a row's `apply` says what is wrong with its argument, and what would be right.
// `parse_command` gives the words that are no options.
//
// Example:
//   constexpr CommandOption<ConvertOptions> rows[] = {{"-z,--compress", "", "Use gzip.", apply}};
//   auto words = parse_command(rows, options, arguments, "convert");
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gyr {

template <class Options>
struct CommandOption {
  std::string_view names;     // "-o,--output"
  std::string_view argument;  // "FILE"; empty for a flag
  std::string_view doc;
  Result<void> (*apply)(Options&, const std::string& argument);
};

/// A row without the type of its options.
struct CommandRow {
  std::string_view names, argument, doc;
  std::function<Result<void>(const std::string&)> apply = {};
};

Result<std::vector<std::string>> parse_rows(const std::vector<CommandRow>& rows,
                                            std::vector<std::string> arguments,
                                            std::string_view command);

/// The "Options:" part of a help text.
std::string rows_help(const std::vector<CommandRow>& rows);

template <class Options>
std::vector<CommandRow> untyped(std::span<const CommandOption<Options>> table, Options* options) {
  std::vector<CommandRow> rows;
  for (const CommandOption<Options>& row : table) {
    rows.push_back({row.names, row.argument, row.doc,
                    [&row, options](const std::string& a) { return row.apply(*options, a); }});
  }
  return rows;
}

}  // namespace gyr
