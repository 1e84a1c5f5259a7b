#include "cli/scan/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/beside_program.hpp"
#include "base/whole_number.hpp"

namespace gyr {

namespace {

template <auto Member>
Result<void> add_tag(ScanOptions& options, const std::string& text) {
  (options.*Member).insert(text);
  return {};
}

constexpr std::pair<std::string_view, AlertFormat> formats[] = {
    {"text", AlertFormat::text},   {"json", AlertFormat::json}, {"sarif", AlertFormat::sarif},
    {"junit", AlertFormat::junit}, {"html", AlertFormat::html},
};

Result<void> set_format(ScanOptions& options, const std::string& text) {
  for (const auto& [name, format] : formats) {
    if (text != name) continue;
    options.format = format;
    return {};
  }
  return fail(fmt::format(
      "'{}' is no format of alerts; there are text, json, sarif, junit and html", text));
}

Result<void> set_priority(ScanOptions& options, const std::string& text) {
  rules::Priority priority{};
  if (rules::parse_priority(text, priority)) {
    options.min_priority = priority;
    return {};
  }
  return fail(fmt::format("there is no priority '{}'; the lowest is debug", text));
}

template <auto Member>
Result<void> set_text(ScanOptions& options, const std::string& text) {
  options.*Member = text;
  return {};
}

Result<void> set_jobs(ScanOptions& options, const std::string& text) {
  constexpr unsigned most = 1024;
  const auto jobs = whole_number(text);
  if (!jobs || *jobs == 0 || *jobs > most)
    return fail(fmt::format("'{}' is no number from 1 to {}", text, most));
  options.jobs = static_cast<unsigned>(*jobs);
  return {};
}

Result<void> set_at(ScanOptions& options, const std::string& text) {
  const auto number = whole_number(text);
  if (!number || *number == 0)
    return fail(fmt::format("'{}' is no number of an event; the first is 1", text));
  options.at = *number;
  return {};
}

template <bool enable>
Result<void> add_selection(ScanOptions& options, const std::string& name) {
  options.selections.push_back({.enable = enable, .rule = name, .tag = {}});
  return {};
}

/// An option of gyr itself, by the first of its names.
template <const char* name>
Result<void> set_capture(ScanOptions& options, const std::string& text) {
  for (const CommandOption<Options>& row : option_table())
    if (row.names.substr(0, row.names.find(',')) == name) return row.apply(options.capture, text);
  return {};
}

constexpr char write_name[] = "-w", seconds_name[] = "-M", snaplen_name[] = "-s",
               pid_name[] = "--pid";

constexpr CommandOption<ScanOptions> rows[] = {
    {"-r,--rules", "FILE",
     "A rule file, or a directory of them; can be given several times. Without it, gyr's own "
     "rules.",
     add_to<&ScanOptions::rule_files>},
    {"--validate", "", "Only check the rule files.", set_flag<&ScanOptions::validate>},
    {"--list-rules", "", "List the rules; with -v their expanded conditions too.",
     set_flag<&ScanOptions::list_rules>},
    {"-v,--verbose", "", "All warnings about the rule files too.", set_flag<&ScanOptions::verbose>},
    {"-t", "TAG", "Only rules with this tag.", add_tag<&ScanOptions::only_tags>},
    {"-T", "TAG", "No rules with this tag.", add_tag<&ScanOptions::without_tags>},
    {"-D,--disable", "NAME", "No rules of that name, in which * stands for anything.",
     add_selection<false>},
    {"-E,--enable", "NAME",
     "Also rules of that name that are disabled. Of several -D and -E for a rule the last counts: "
     "-D '*' -E NAME leaves one.",
     add_selection<true>},
    {"--min-priority", "PRIORITY", "Only rules that are at least so severe.", set_priority},
    {"--first", "", "Only the first rule that an event matches, as Falco does by default.",
     set_flag<&ScanOptions::first>},
    {"--format", "FORMAT",
     "Alerts as Falco's text or json lines, or, when all have come, as one sarif, junit or html "
     "file.",
     set_format},
    {"--output", "FILE", "Where alerts go.", set_text<&ScanOptions::output>},
    {"--config", "FILE",
     "What no option says; otherwise it is in ~/.config/gyr/gyr.yaml or /etc/gyr/gyr.yaml.",
     set_text<&ScanOptions::config_file>},
    {"-o", "KEY=VALUE",
     "A key of the configuration, as in -o http_output.url=http://host/; see gyr.yaml(5).",
     add_to<&ScanOptions::settings>},
    {"--list-config", "", "List the keys of the configuration, as a file with all defaults.",
     set_flag<&ScanOptions::list_config>},
    {"-j,--jobs", "N",
     "How many traces are scanned at a time; as many as there are CPUs. Alerts come in the order "
     "of the traces all the same.",
     set_jobs},
    {"--explain", "",
     "Behind each alert, the condition with what every part of it is at the event.",
     set_flag<&ScanOptions::explain>},
    {"--explain-rule", "NAME",
     "Scan nothing; say why this rule matches at the event of --at, or does not.",
     set_text<&ScanOptions::explain_rule>},
    {"--at", "EVENT", "For --explain-rule: the number of an event (evt.num) in the one trace.",
     set_at},
    {"--profile", "",
     "At the end, on standard error: what each rule has cost, and how many events each of its "
     "terms has let pass.",
     set_flag<&ScanOptions::profile>},
    {"-w,--write", "FILE", "Live: record what happens too, as gyr -w does.",
     set_capture<write_name>},
    {"-M", "SECONDS", "Live: stop so many seconds after the first event.",
     set_capture<seconds_name>},
    {"-s,--snaplen", "LEN", "Live: the bytes kept of each data buffer, 80.",
     set_capture<snaplen_name>},
    {"--pid", "PID", "Live: this process and its descendants only.", set_capture<pid_name>},
    {"--exit-code", "", "The exit status is 3 when a rule has matched.",
     set_flag<&ScanOptions::exit_code>},
    {"-h,--help", "", "Print this help.", set_flag<&ScanOptions::help>},
};

/// `enabled`: without the selections.
bool is_enabled(bool enabled, const rules::Rule& rule,
                const std::vector<RuleSelection>& selections) {
  for (const RuleSelection& selection : selections) {
    const bool by_name =
        !selection.rule.empty() && matches_wildcard(selection.rule, rule.name.text());
    if (by_name || rule.tags.contains(selection.tag)) enabled = selection.enable;
  }
  return enabled;
}

}  // namespace

std::span<const CommandOption<ScanOptions>> scan_options() { return rows; }

std::string scan_help() {
  constexpr size_t doc_column = 28;
  return "gyr scan: Falco rule files over traces, or live\n\n"
         "Usage: gyr scan [-r RULES]... [options] TRACE...     a TRACE of - is standard input\n"
         "       gyr scan [-r RULES]... [options]              what happens on this host\n"
         "       gyr scan [-r RULES]... [options] -- COMMAND   what COMMAND and its descendants "
         "do\n"
         "       gyr scan -r RULES... --validate\n\n"
         "Without -r, and without rules_files in the configuration: gyr's own rules.\n\n" +
         options_help<ScanOptions>(scan_options(), doc_column);
}

Result<ScanOptions> parse_scan(std::vector<std::string> arguments) {
  ScanOptions options;
  std::vector<std::string> command = cut_command(arguments);
  auto words = parse_command<ScanOptions>(rows, options, std::move(arguments), "gyr scan");
  if (!words) return fail(std::move(words.error()));
  options.traces = std::move(*words);
  if (options.help) return options;
  Options& capture = options.capture;
  const bool of_live =
      !command.empty() || capture.live.pid || capture.max_seconds || !capture.write_to.empty();
  if (of_live && !options.is_live())
    return fail("-w, -M, --pid and -- COMMAND are for the live host, not for traces");
  if (!command.empty() && capture.live.pid) return fail("only one of --pid and -- COMMAND");
  if (options.explain_rule.empty() != (options.at == 0))
    return fail("--explain-rule NAME and --at EVENT belong together");
  if (options.at != 0 && options.traces.size() != 1)
    return fail(
        "--explain-rule is about an event of one trace; usage: gyr scan -r RULES... "
        "--explain-rule NAME --at EVENT TRACE");
  if (capture.write_to == "-") return fail("-w - and the alerts would share standard output");
  capture.live.command = std::move(command);
  capture.quiet = true;
  capture.as_falco = true;
  return options;
}

Result<void> use_config(ScanOptions& options, ScanConfig config) {
  if (options.rule_files.empty()) options.rule_files = std::move(config.rules_files);
  if (options.rule_files.empty()) {
    auto own = folders_beside_program({"../share/gyr/rules", "../../rules/default"});
    if (!own.empty()) options.rule_files.push_back(std::move(own.front()));
  }
  if (options.rule_files.empty())
    return fail("no rules are given; usage: gyr scan -r RULES... TRACE...");
  if (!options.min_priority) options.min_priority = config.priority;
  if (config.first) options.first = true;
  options.silent =
      !config.standard_output && options.format == AlertFormat::report && options.output.empty();
  if (config.json && options.format == AlertFormat::report) options.format = AlertFormat::json;
  options.config = std::move(config);
  return {};
}

bool matches_wildcard(std::string_view pattern, std::string_view name) {
  size_t star = std::string_view::npos, behind_star = 0, p = 0, n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      behind_star = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_selected(const rules::Rule& rule, const ScanOptions& options) {
  const auto has_tag = [&](const std::set<std::string>& tags) {
    return std::ranges::any_of(tags,
                               [&](const std::string& tag) { return rule.tags.contains(tag); });
  };
  const auto lowest = options.min_priority.value_or(rules::Priority::debug);
  if (rule.priority > lowest || has_tag(options.without_tags)) return false;
  if (!options.only_tags.empty() && !has_tag(options.only_tags)) return false;
  const bool enabled = is_enabled(rule.enabled, rule, options.config.rules);
  return is_enabled(enabled || !options.only_tags.empty(), rule, options.selections);
}

}  // namespace gyr
