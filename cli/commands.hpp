// What the first word of a command line can be, other than a filter: a filter never begins with
// such a word.
//
// Example:
//   if (const Command* command = find_command(arguments[0])) return command->run(rest);
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"

namespace gyr {

struct Command {
  std::string_view name;
  std::string_view doc;  // what it does, for completions
  int (*run)(std::vector<std::string> arguments);
  std::vector<CommandRow> (*rows)();  // its options
};

std::span<const Command> commands();
const Command* find_command(std::string_view name);

}  // namespace gyr
