// Option tables of gyr and its commands: parser, help and manual page of a row.
//
// Contract: a row's `apply` says what is wrong with its argument, and what would be right. Options
// that are given several times are applied each time, in order. `parse_command` gives the words
// that are no options; behind "--" all are words. `command` is what its errors call the program.
//
// Example:
//   constexpr CommandOption<ConvertOptions> rows[] = {{"-z,--compress", "", "Use gzip.", apply}};
//   auto words = parse_command<ConvertOptions>(rows, options, arguments, "gyr convert");
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

/// `apply` of a flag that is a member.
template <auto Member, class Options>
Result<void> set_flag(Options& options, const std::string&) {
  options.*Member = true;
  return {};
}

/// `apply` of an option that can be given several times.
template <auto Member, class Options>
Result<void> add_to(Options& options, const std::string& argument) {
  (options.*Member).push_back(argument);
  return {};
}

/// A row without the type of its options.
struct CommandRow {
  std::string_view names, argument, doc;
  std::function<Result<void>(const std::string&)> apply = {};
};

Result<std::vector<std::string>> parse_rows(const std::vector<CommandRow>& rows,
                                            std::vector<std::string> arguments,
                                            std::string_view command);
/// What stands behind the first --, which goes.
std::vector<std::string> cut_command(std::vector<std::string>& arguments);
std::string rows_help(const std::vector<CommandRow>& rows, size_t doc_column);

template <class Options>
std::vector<CommandRow> untyped(std::span<const CommandOption<Options>> table, Options* options) {
  std::vector<CommandRow> rows;
  for (const CommandOption<Options>& row : table) {
    rows.push_back({row.names, row.argument, row.doc,
                    [&row, options](const std::string& a) { return row.apply(*options, a); }});
  }
  return rows;
}

template <class Options>
Result<std::vector<std::string>> parse_command(std::span<const CommandOption<Options>> table,
                                               Options& options, std::vector<std::string> arguments,
                                               std::string_view command) {
  return parse_rows(untyped(table, &options), std::move(arguments), command);
}

/// The "Options:" part of a help text. What options do stands from `doc_column` on.
template <class Options>
std::string options_help(std::span<const CommandOption<Options>> table, size_t doc_column) {
  return rows_help(untyped<Options>(table, nullptr), doc_column);
}

/// Breaks `text` into lines that end before column `width`, indented but for the first.
std::string wrap(std::string_view text, size_t indent, size_t width);

}  // namespace gyr
