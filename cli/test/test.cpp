#include "cli/test/test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "cli/interrupt.hpp"
#include "cli/run.hpp"
#include "cli/scan/options.hpp"
#include "cli/scan/rule_files.hpp"
#include "cli/test/add_case.hpp"
#include "cli/test/case_files.hpp"
#include "cli/test/report.hpp"

namespace gyr {

namespace {

bool is_wanted(const std::string& name, const std::string& pattern) {
  if (pattern.empty()) return true;
  if (pattern.find('*') == std::string::npos) return name.find(pattern) != std::string::npos;
  return matches_wildcard(pattern, name);
}

bool write_junit(const std::string& path, const std::vector<Outcome>& outcomes) {
  const std::string xml = junit_report(outcomes);
  if (path == "-") {
    fmt::print("{}", xml);
    return true;
  }
  std::ofstream out(path, std::ios::binary);
  out << xml;
  out.close();
  if (out) return true;
  report(fmt::format("cannot write {}", path));
  return false;
}

/// Tests that test nothing are taken for a mistake.
std::string no_cases(const TestOptions& options) {
  if (!options.filter.empty())
    return fmt::format("test: no case has a name like '{}'",
                       rules::without_controls(options.filter));
  if (!options.cases.empty()) return "test: there are no cases in what --cases names";
  return fmt::format("test: there are no cases: no .yaml file is in {}",
                     cases_folder(options.rule_files[0]));
}

int run_cases(rules::Loader& loader, const TestOptions& options) {
  std::vector<Outcome> outcomes;
  const std::vector<std::string> files = case_files_of(options);
  std::vector<rules::Case> cases = load_case_files(files, loader, outcomes);
  Runner runner(loader);
  const bool quiet = options.junit == "-";
  const auto show = [&](const Outcome& outcome) {
    std::string text;
    append_outcome(text, outcome, options.verbose);
    if (!quiet) fmt::print("{}", text);
  };
  for (const Outcome& wrong : outcomes) show(wrong);
  for (rules::Case& test : cases) {
    if (interrupted()) break;
    if (!is_wanted(test.name, options.filter)) continue;
    outcomes.push_back(runner.run(test));
    show(outcomes.back());
  }
  if (options.verbose && !quiet)
    for (const std::string& rule : runner.untriggered())
      fmt::print("no case triggers: {}\n", rules::without_controls(rule));
  if (!quiet) fmt::print("{}", totals_line(outcomes));
  if (outcomes.empty()) report(no_cases(options));
  const bool written = options.junit.empty() || write_junit(options.junit, outcomes);
  const bool passed = std::ranges::all_of(
      outcomes, [](const Outcome& each) { return each.kind == Outcome::Kind::passed; });
  return written && passed && !outcomes.empty() && !interrupted() ? exit_done : exit_user_error;
}

}  // namespace

int run_test(std::vector<std::string> arguments) {
  const auto options = parse_test(std::move(arguments));
  if (!options) {
    report("test: " + options.error().message);
    return exit_user_error;
  }
  if (options->help) {
    fmt::print("{}", test_help());
    return exit_done;
  }
  rules::Loader loader;
  load_rule_files(loader, options->rule_files);
  rules::compile_rules(loader.definitions, {}, loader.findings);
  show_findings(loader, options->verbose);
  if (const size_t errors = loader.findings.errors(); errors != 0) {
    report(fmt::format("{} error{} in the rule files", errors, errors == 1 ? "" : "s"));
    return exit_user_error;
  }
  catch_interrupts();
  return options->add.empty() ? run_cases(loader, *options) : add_case(loader, *options);
}

}  // namespace gyr
