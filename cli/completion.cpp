#include "cli/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chisels/finder.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/run.hpp"
#include "filter/fields/registry.hpp"

namespace gyr {

namespace {

/// What stands for the argument of an option in its row, and what can stand there.
struct ArgumentKind {
  std::string_view argument;
  std::string_view bash, zsh, fish;
};

constexpr ArgumentKind kinds[] = {
    {"CHISEL", "_gyr_reply $(_gyr_words chisels)", "{_gyr_words chisels}",
     "-xa '(gyr completion --words chisels)'"},
    {"CHISEL [ARGS]", "_gyr_reply $(_gyr_words chisels)", "{_gyr_words chisels}",
     "-xa '(gyr completion --words chisels)'"},
    {"FILE", "_gyr_files", "_files", "-F"},
    {"PID", "_gyr_reply $(compgen -G '/proc/[0-9]*' | cut -d / -f 3)", "_pids",
     "-xa '(__fish_complete_pids)'"},
    {"NAME", "_gyr_reply $(compgen -u)", "_users", "-xa '(__fish_complete_users)'"},
    {"MODE", "_gyr_reply a h r d D", "(a h r d D)", "-xa 'a h r d D'"},
    {"VERSION", "_gyr_reply today 0.29 falco", "(today 0.29 falco)", "-xa 'today 0.29 falco'"},
};
constexpr ArgumentKind other_kind = {"", ":", " ", "-x"};

const ArgumentKind& kind_of(std::string_view argument) {
  const auto found = std::ranges::find(kinds, argument, &ArgumentKind::argument);
  return found == std::end(kinds) ? other_kind : *found;
}

std::vector<std::string> names_of(const CommandRow& row) {
  std::vector<std::string> names;
  std::string_view rest = row.names;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

/// Up to the first full stop or colon, for a list beside the names.
std::string brief(std::string_view doc) {
  size_t end = 0;
  while (end < doc.size() &&
         !((doc[end] == '.' || doc[end] == ':') && (end + 1 == doc.size() || doc[end + 1] == ' ')))
    ++end;
  std::string text;
  for (const char c : doc.substr(0, end)) text += c == '\'' || c == '[' || c == ']' ? ' ' : c;
  return text;
}

std::vector<CommandRow> main_rows() { return untyped<Options>(option_table(), nullptr); }

// ---- bash ----

std::string bash_options(const std::vector<CommandRow>& rows) {
  std::string text;
  for (const CommandRow& row : rows) {
    for (const std::string& name : names_of(row)) text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::string bash_arguments(std::string_view command, const std::vector<CommandRow>& rows) {
  std::string text;
  for (const CommandRow& row : rows) {
    if (row.argument.empty()) continue;
    std::string cases;
    for (const std::string& name : names_of(row))
      cases += fmt::format("{}'{} {}'", cases.empty() ? "" : "|", command, name);
    text += fmt::format("    {}) {}; return ;;\n", cases, kind_of(row.argument).bash);
  }
  return text;
}

std::string bash_script() {
  std::string names, options, arguments = bash_arguments("", main_rows());
  for (const Command& command : commands()) {
    const auto rows = command.rows();
    options += fmt::format("    {}) options='{}' ;;\n", command.name, bash_options(rows));
    arguments += bash_arguments(command.name, rows);
  }
  options += fmt::format("    *) command= options='{}' ;;\n", bash_options(main_rows()));
  return "# Completion of gyr's command line in bash.\n"
         "_gyr_reply() { mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\"); }\n"
         "_gyr_files() {\n"
         "  compopt -o filenames\n"
         "  mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
         "}\n"
         "_gyr_words() { gyr completion --words \"$1\" 2>/dev/null | cut -f 1; }\n"
         "_gyr() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local command=${COMP_WORDS[1]} options\n"
         "  COMPREPLY=()\n"
         "  ((COMP_CWORD > 1)) || command=\n"
         "  case $command in\n" +
         options +
         "  esac\n"
         "  case \"$command $before\" in\n" +
         arguments +
         "  esac\n"
         "  if [[ $cur == -* ]]; then\n"
         "    _gyr_reply \"$options\"\n"
         "  elif [[ $command == completion ]]; then\n"
         "    _gyr_reply bash zsh fish\n"
         "  elif [[ $command ]]; then\n"
         "    _gyr_files\n"
         "  else\n"
         "    ((COMP_CWORD > 1)) || local commands=$(_gyr_words commands)\n"
         "    _gyr_reply \"$commands $(_gyr_words fields)\"\n"
         "  fi\n"
         "}\n"
         "complete -F _gyr gyr\n";
}

// ---- zsh ----

std::string zsh_options(const std::vector<CommandRow>& rows) {
  std::string text;
  for (const CommandRow& row : rows) {
    const auto names = names_of(row);
    for (const std::string& name : names) {
      text += fmt::format(" \\\n      '({}){}[{}]", fmt::join(names, " "), name, brief(row.doc));
      if (!row.argument.empty())
        text += fmt::format(":{}:{}", brief(row.argument), kind_of(row.argument).zsh);
      text += "'";
    }
  }
  return text;
}

std::string zsh_script() {
  std::string cases;
  for (const Command& command : commands())
    cases += fmt::format("    {}) _arguments -S{} \\\n      '1: :' '*:trace:_files' ;;\n",
                         command.name, zsh_options(command.rows()));
  return "#compdef gyr\n"
         "# Completion of gyr's command line in zsh.\n"
         "_gyr_words() {\n"
         "  local -a found\n"
         "  found=(${(f)\"$(gyr completion --words $1 2>/dev/null)\"})\n"
         "  found=(\"${found[@]//:/\\\\:}\")\n"
         "  found=(\"${found[@]/$'\\t'/:}\")\n"
         "  _describe $1 found\n"
         "}\n"
         "_gyr_first() { _gyr_words commands; _gyr_words fields }\n"
         "_gyr() {\n"
         "  case $words[2] in\n" +
         cases + "    *) _arguments -S" + zsh_options(main_rows()) +
         " \\\n      '1:filter:_gyr_first' '*:filter:_gyr_words fields' ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _gyr ]]; then _gyr; else compdef _gyr gyr; fi\n";
}

// ---- fish ----

std::string fish_options(const std::string& condition, const std::vector<CommandRow>& rows) {
  std::string text;
  for (const CommandRow& row : rows) {
    text += fmt::format("complete -c gyr -n '{}'", condition);
    for (const std::string& name : names_of(row)) {
      const bool is_long = name.starts_with("--");
      text += is_long            ? " -l " + name.substr(2)
              : name.size() == 2 ? " -s " + name.substr(1)
                                 : " -o " + name.substr(1);
    }
    if (!row.argument.empty()) text += fmt::format(" -r {}", kind_of(row.argument).fish);
    text += fmt::format(" -d '{}'\n", brief(row.doc));
  }
  return text;
}

std::string fish_script() {
  std::string names, text;
  for (const Command& command : commands()) {
    names += fmt::format(" {}", command.name);
    const std::string condition = fmt::format("__fish_seen_subcommand_from {}", command.name);
    text += fmt::format("complete -c gyr -n '{}' -F\n", condition);
    text += fish_options(condition, command.rows());
  }
  const std::string none = "not __fish_seen_subcommand_from" + names;
  return "# Completion of gyr's command line in fish.\n"
         "complete -c gyr -f\n"
         "complete -c gyr -n __fish_use_subcommand -a '(gyr completion --words commands)'\n"
         "complete -c gyr -n '" +
         none + "' -a '(gyr completion --words fields)'\n" + fish_options(none, main_rows()) + text;
}

constexpr std::array<std::string_view, 3> shells = {"bash", "zsh", "fish"};

}  // namespace

std::string completion_script(Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash_script();
    case Shell::zsh:
      return zsh_script();
    case Shell::fish:
      break;
  }
  return fish_script();
}

Result<std::string> completion_words(const std::string& kind) {
  std::string text;
  if (kind == "commands") {
    for (const Command& command : commands())
      text += fmt::format("{}\t{}\n", command.name, command.doc);
  } else if (kind == "fields") {
    for (const filter::FieldClass& group : filter::field_classes()) {
      for (const filter::Field& field : group.fields)
        text += fmt::format("{}\t{}\n", field.name, brief(field.doc));
    }
  } else if (kind == "chisels") {
    for (const chisels::Description& chisel : chisels::describe_all())
      text += fmt::format("{}\t{}\n", chisel.name, chisel.brief);
  } else {
    return fail(fmt::format("there are no words of kind '{}'", kind));
  }
  return text;
}

int run_completion(std::vector<std::string> arguments) {
  if (arguments.size() == 2 && arguments[0] == "--words") {
    const auto words = completion_words(arguments[1]);
    if (words) fmt::print("{}", *words);
    return words ? exit_done : exit_user_error;
  }
  const auto found = std::ranges::find(shells, arguments.size() == 1 ? arguments[0] : "");
  if (found == shells.end()) {
    report("completion: which shell? bash, zsh or fish");
    return exit_user_error;
  }
  fmt::print("{}", completion_script(static_cast<Shell>(found - shells.begin())));
  return exit_done;
}

}  // namespace gyr
