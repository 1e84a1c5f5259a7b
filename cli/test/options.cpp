#include "cli/test/options.hpp"

#include <fmt/format.h>

#include "base/whole_number.hpp"

namespace gyr {

namespace {

template <std::string TestOptions::*Member>
Result<void> set_text(TestOptions& options, const std::string& text) {
  if (text.empty()) return fail("it is empty");
  options.*Member = text;
  return {};
}

template <std::optional<uint64_t> TestOptions::*Member>
Result<void> set_number(TestOptions& options, const std::string& text) {
  const auto number = whole_number(text);
  if (!number || *number == 0) return fail(fmt::format("'{}' is no number of an event", text));
  options.*Member = number;
  return {};
}

constexpr CommandOption<TestOptions> rows[] = {
    {"--cases", "FILE",
     "A file of cases, or a folder of them, in place of the folders tests/ beside the rule files; "
     "can be given several times.",
     add_to<&TestOptions::cases>},
    {"--filter", "PATTERN",
     "Only the cases whose name has PATTERN in it, or is like it if it has a * (any text).",
     set_text<&TestOptions::filter>},
    {"-v,--verbose", "", "List the cases that passed too, and the rules that no case triggers.",
     set_flag<&TestOptions::verbose>},
    {"--junit", "FILE",
     "Also write the report as JUnit XML; - is standard output, with nothing "
     "else on it.",
     set_text<&TestOptions::junit>},
    {"--add", "NAME",
     "Make a case of that name of the trace, or of the part of it that --from-event, --to-event "
     "and the filter leave, with the alerts that the rules give on it now.",
     set_text<&TestOptions::add>},
    {"--from-event", "N", "For --add: without the events before number N.",
     set_number<&TestOptions::from_event>},
    {"--to-event", "N", "For --add: without the events after number N.",
     set_number<&TestOptions::to_event>},
    {"-h,--help", "", "Print this help.", set_flag<&TestOptions::help>},
};

Result<TestOptions> with_words(TestOptions options, std::vector<std::string> words) {
  const bool cuts = options.from_event || options.to_event;
  if (options.add.empty()) {
    if (cuts) return fail("--from-event and --to-event are for --add");
    if (words.empty()) return fail("no rules are given; usage: gyr test [options] RULES...");
    options.rule_files = std::move(words);
    return options;
  }
  if (words.size() < 2)
    return fail("--add takes rules and a trace; usage: gyr test RULES --add NAME TRACE [FILTER]");
  if (options.cases.size() > 1) return fail("--add writes to one place; give --cases once");
  options.rule_files = {words[0]};
  options.trace = words[1];
  options.trace_filter = fmt::format("{}", fmt::join(words.begin() + 2, words.end(), " "));
  return options;
}

}  // namespace

std::span<const CommandOption<TestOptions>> test_options() { return rows; }

Result<TestOptions> parse_test(std::vector<std::string> arguments) {
  TestOptions options;
  auto words = parse_command<TestOptions>(rows, options, std::move(arguments), "gyr test");
  if (!words) return fail(std::move(words.error()));
  if (options.help) return options;
  return with_words(std::move(options), std::move(*words));
}

std::string test_help() {
  constexpr size_t doc_column = 22;
  return "gyr test: whether rules give the alerts that their cases expect\n\n"
         "Usage: gyr test [options] RULES...\n"
         "       gyr test RULES --add NAME TRACE [FILTER]\n\n" +
         options_help<TestOptions>(rows, doc_column);
}

}  // namespace gyr
