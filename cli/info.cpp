#include "cli/info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "cli/output/writer.hpp"
#include "cli/run.hpp"

namespace gyr {

namespace {

constexpr CommandOption<InfoOptions> rows[] = {
    {"-v,--verbose", "", "Also how often each type of event comes.",
     set_flag<&InfoOptions::verbose>},
    {"--json", "", "One JSON object per trace, each on a line of its own.",
     set_flag<&InfoOptions::json>},
    {"-h,--help", "", "Print this help.", set_flag<&InfoOptions::help>},
};

/// Reads one trace and prints its answer, in text behind an empty line unless it is the first.
int show_trace(const std::string& trace, const InfoOptions& options, Writer& out, bool& first) {
  TraceFacts facts;
  if (auto reader = TraceReader::open(trace); reader)
    facts = gather_facts(**reader);
  else
    facts.error = std::move(reader.error());

  const bool is_trace = facts.stats.sections != 0;
  if (options.json) {
    out.line().append(info_json(trace, facts, options.verbose)).append('\n');
  } else if (is_trace) {
    out.line().append(first ? "" : "\n");
    append_info_text(out.line(), trace, facts, options);
    first = false;
  }
  out.flush();
  if (!facts.error) return exit_done;
  report(trace, *facts.error);
  return exit_user_error;
}

}  // namespace

std::span<const CommandOption<InfoOptions>> info_option_table() { return rows; }

std::string info_help_text() {
  constexpr size_t doc_column = 18, width = 80;
  std::string text =
      "gyr info: what traces hold\n\n"
      "Usage: gyr info [options] TRACE...     a TRACE of - is standard input\n\n" +
      options_help<InfoOptions>(rows, doc_column);
  text +=
      "\nTraces by sysdig and Falco do not tell how many events were lost; \"nothing is\n"
      "recorded as lost\" is all that can be said about them.\n";
  text += "\nKeys of a JSON object (times in ns since 1970, sizes in bytes):\n";
  for (const InfoKeyRow& row : info_json_keys())
    text += fmt::format("  {:<16}{}\n", row.key, wrap(row.doc, doc_column, width));
  return text;
}

Result<InfoOptions> parse_info_options(std::vector<std::string> arguments) {
  InfoOptions options;
  auto words = parse_command<InfoOptions>(rows, options, std::move(arguments), "gyr info");
  if (!words) return fail(std::move(words.error()));
  options.traces = std::move(*words);
  if (options.traces.empty() && !options.help)
    return fail("no trace is given; usage: gyr info [options] TRACE...");
  return options;
}

int run_info(std::vector<std::string> arguments) {
  auto options = parse_info_options(std::move(arguments));
  if (const auto status = ends_with_options("info", options, info_help_text)) return *status;
  std::signal(SIGPIPE, SIG_IGN);
  options->safe_for_terminal = ::isatty(STDOUT_FILENO) == 1;
  Writer out(STDOUT_FILENO, false);
  int status = exit_done;
  bool first = true;
  for (const std::string& trace : options->traces) {
    if (!out.ok()) break;
    status = std::max(status, show_trace(trace, *options, out, first));
  }
  if (!out.failure().empty()) {
    report("cannot write: " + out.failure());
    return exit_user_error;
  }
  return status;
}

}  // namespace gyr
