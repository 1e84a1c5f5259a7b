#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

namespace gyr {

namespace {

CLI::Option* add_row(CLI::App& app, const CommandRow& row) {
  const std::string names(row.names);
  if (row.argument.empty()) return app.add_flag(names);
  return app.add_option(names)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(std::string(row.argument));
}

/// In the order of the command line: of options that say opposite things the last counts.
Result<void> apply_rows(const CLI::App& app,
                        const std::map<const CLI::Option*, const CommandRow*>& rows) {
  std::map<const CLI::Option*, size_t> applied;
  for (const CLI::Option* option : app.parse_order()) {
    const CommandRow& row = *rows.at(option);
    const size_t index = applied[option]++;
    const std::string argument = row.argument.empty() ? "" : option->results().at(index);
    if (auto done = row.apply(argument); !done)
      return fail(
          fmt::format("{}: {}", row.names.substr(0, row.names.find(',')), done.error().message));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> parse_rows(const std::vector<CommandRow>& rows,
                                            std::vector<std::string> arguments,
                                            std::string_view command) {
  CLI::App app;
  app.set_help_flag();
  std::map<const CLI::Option*, const CommandRow*> row_of;
  for (const CommandRow& row : rows) row_of[add_row(app, row)] = &row;
  app.allow_extras();
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& wrong) {
    return fail(wrong.what());
  }
  if (auto done = apply_rows(app, row_of); !done) return fail(std::move(done.error()));
  std::vector<std::string> words;
  bool all_are_words = false;
  for (const std::string& word : app.remaining()) {
    if (!all_are_words && word == "--") {
      all_are_words = true;
      continue;
    }
    if (!all_are_words && word.size() > 1 && word[0] == '-')
      return fail(fmt::format("unknown option {}; {} --help lists the options", word, command));
    words.push_back(word);
  }
  return words;
}

std::vector<std::string> cut_command(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

std::string rows_help(const std::vector<CommandRow>& rows, size_t doc_column) {
  constexpr size_t width = 80;
  std::string text = "Options:\n";
  for (const CommandRow& row : rows) {
    std::string names(row.names);
    if (const size_t comma = names.find(','); comma != std::string::npos)
      names.insert(comma + 1, " ");
    if (!row.argument.empty()) names += fmt::format(" {}", row.argument);
    text += fmt::format("  {:<{}}", names, doc_column - 3);
    if (names.size() > doc_column - 3) text += '\n' + std::string(doc_column - 1, ' ');
    text += ' ' + wrap(row.doc, doc_column, width) + '\n';
  }
  return text;
}

std::string wrap(std::string_view text, size_t indent, size_t width) {
  std::string out;
  size_t column = indent;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (column + 1 + end > width && column > indent) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace gyr
