#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

namespace gyr {

namespace {

/// CLI11 throws what an option's callback finds wrong through its own parser.
void apply_or_throw(const CommandRow& row, const std::string& argument) {
  if (auto done = row.apply(argument); !done) {
    const std::string_view shortest = row.names.substr(0, row.names.find(','));
    throw CLI::ValidationError(std::string(shortest), done.error().message);
  }
}

void add_row(CLI::App& app, const CommandRow& row) {
  const std::string names(row.names);
  if (row.argument.empty()) {
    app.add_flag_callback(names, [&row] { apply_or_throw(row, {}); });
    return;
  }
  app.add_option_function<std::vector<std::string>>(
         names,
         [&row](const std::vector<std::string>& arguments) {
           for (const std::string& argument : arguments) apply_or_throw(row, argument);
         })
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(std::string(row.argument));
}

}  // namespace

Result<std::vector<std::string>> parse_rows(const std::vector<CommandRow>& rows,
                                            std::vector<std::string> arguments,
                                            std::string_view command) {
  CLI::App app;
  app.set_help_flag();
  for (const CommandRow& row : rows) add_row(app, row);
  app.allow_extras();
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& wrong) {
    return fail(wrong.what());
  }
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
