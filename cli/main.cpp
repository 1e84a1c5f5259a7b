#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "cli/chisels.hpp"
#include "cli/commands.hpp"
#include "cli/list_events.hpp"
#include "cli/list_fields.hpp"
#include "cli/options.hpp"
#include "cli/output/formats.hpp"
#include "cli/run.hpp"
#include "version.hpp"

namespace {

using namespace gyr;

/// What depends on whether a person or a program reads the output.
void adapt_to_terminal(Options& options) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  options.color = terminal && (no_color == nullptr || *no_color == '\0');
  options.with_pid = terminal;
  options.render.safe_for_terminal = terminal && !options.json;  // JSON escapes
}

int run(const Options& options) {
  switch (options.mode) {
    case Mode::help:
      fmt::print("{}", help_text());
      return exit_done;
    case Mode::version:
      fmt::print("gyr version {}\n", version);
      return exit_done;
    case Mode::list_events:
      fmt::print("{}", list_events_text());
      return exit_done;
    case Mode::list_fields:
      return run_list_fields(options);
    case Mode::list_chisels:
      return run_list_chisels(options);
    case Mode::describe_chisel:
      return run_describe_chisel(options);
    case Mode::show_format:
      fmt::print("{}\n", default_format);
      return exit_done;
    case Mode::events:
      break;
  }
  return run_events(options);
}

int run_arguments(std::vector<std::string> arguments) {
  if (const Command* command = arguments.empty() ? nullptr : find_command(arguments[0]))
    return command->run({arguments.begin() + 1, arguments.end()});
  auto options = parse_options(std::move(arguments));
  if (!options) {
    report(options.error().message);
    return exit_user_error;
  }
  adapt_to_terminal(*options);
  return run(*options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_arguments({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    gyr::report(fmt::format("internal fault: {}", error.what()));
    return gyr::exit_internal;
  }
}
