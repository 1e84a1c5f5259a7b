#include <fmt/format.h>

#include <algorithm>

#include "cli/scan.hpp"

namespace gyr {

namespace {

template <auto Member>
Result<void> add_to(ScanOptions& options, const std::string& text) {
  (options.*Member).push_back(text);
  return {};
}

template <auto Member>
Result<void> add_tag(ScanOptions& options, const std::string& text) {
  (options.*Member).insert(text);
  return {};
}

Result<void> set_format(ScanOptions& options, const std::string& text) {
  if (text == "text")
    options.format = AlertFormat::text;
  else if (text == "json")
    options.format = AlertFormat::json;
  else
    return fail(fmt::format("'{}' is no format of alerts; there are text and json", text));
  return {};
}

Result<void> set_priority(ScanOptions& options, const std::string& text) {
  if (rules::parse_priority(text, options.min_priority)) return {};
  return fail(fmt::format("there is no priority '{}'; the lowest is debug", text));
}

Result<void> set_output(ScanOptions& options, const std::string& text) {
  options.output = text;
  return {};
}

constexpr CommandOption<ScanOptions> rows[] = {
    {"-r,--rules", "FILE", "A rule file, or a directory of them; can be given several times.",
     add_to<&ScanOptions::rule_files>},
    {"--validate", "", "Only check the rule files.", set_flag<&ScanOptions::validate>},
    {"--list-rules", "", "List the rules; with -v their expanded conditions too.",
     set_flag<&ScanOptions::list_rules>},
    {"-v,--verbose", "", "All warnings about the rule files too.", set_flag<&ScanOptions::verbose>},
    {"-t", "TAG", "Only rules with this tag.", add_tag<&ScanOptions::only_tags>},
    {"-T", "TAG", "No rules with this tag.", add_tag<&ScanOptions::without_tags>},
    {"-D,--disable", "NAME", "No rules of that name, in which * stands for anything.",
     add_to<&ScanOptions::disabled>},
    {"-E,--enable", "NAME", "Also rules of that name that are disabled.",
     add_to<&ScanOptions::enabled>},
    {"--min-priority", "PRIORITY", "Only rules that are at least so severe.", set_priority},
    {"--first", "", "Only the first rule that an event matches, as Falco does by default.",
     set_flag<&ScanOptions::first>},
    {"--format", "FORMAT", "Alerts as Falco's text or json lines.", set_format},
    {"-o,--output", "FILE", "Where alerts go.", set_output},
    {"--exit-code", "", "The exit status is 3 when a rule has matched.",
     set_flag<&ScanOptions::exit_code>},
    {"-h,--help", "", "Print this help.", set_flag<&ScanOptions::help>},
};

bool matches_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& p) { return matches_wildcard(p, name); });
}

}  // namespace

std::span<const CommandOption<ScanOptions>> scan_options() { return rows; }

Result<ScanOptions> parse_scan(std::vector<std::string> arguments) {
  ScanOptions options;
  auto words = parse_command<ScanOptions>(rows, options, std::move(arguments), "gyr scan");
  if (!words) return fail(std::move(words.error()));
  options.traces = std::move(*words);
  if (options.help) return options;
  if (options.rule_files.empty())
    return fail("no rules are given; usage: gyr scan -r RULES... TRACE...");
  if (options.traces.empty() && !options.validate && !options.list_rules)
    return fail("no trace is given; usage: gyr scan -r RULES... TRACE...");
  return options;
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
  const std::string& name = rule.name.text();
  if (rule.priority > options.min_priority || matches_any(options.disabled, name)) return false;
  if (has_tag(options.without_tags)) return false;
  if (!options.only_tags.empty() && !has_tag(options.only_tags)) return false;
  return rule.enabled || !options.only_tags.empty() || matches_any(options.enabled, name);
}

}  // namespace gyr
