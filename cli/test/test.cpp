#include "cli/test/test.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/utf8.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/writer.hpp"
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

bool write_junit(const std::string& path, const std::vector<Outcome>& outcomes, Writer& out) {
  const std::string xml = junit_report(outcomes);
  if (path == "-") {
    out.line().append(xml);
    out.commit();
    return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << xml;
  file.close();
  if (file) return true;
  report(fmt::format("cannot write {}", path));
  return false;
}

/// Tests that test nothing are taken for a mistake.
std::string no_cases(const TestOptions& options) {
  if (!options.filter.empty())
    return fmt::format("test: no case has a name like '{}'", printable(options.filter));
  if (!options.cases.empty()) return "test: there are no cases in what --cases names";
  return fmt::format("test: there are no cases: no .yaml file is in {}",
                     cases_folder(options.rule_files[0]));
}

/// What standard output gets, unless that is for the JUnit report.
class TextReport {
 public:
  TextReport(const TestOptions& options, Writer& out)
      : out_(out), verbose_(options.verbose), quiet_(options.junit == "-") {}

  void outcome(const Outcome& outcome) {
    std::string text;
    append_outcome(text, outcome, verbose_);
    write(text);
  }
  void end(const Runner& runner, const std::vector<Outcome>& outcomes) {
    if (verbose_)
      for (const std::string& rule : runner.untriggered())
        write(fmt::format("no case triggers: {}\n", printable(rule)));
    write(totals_line(outcomes));
  }

 private:
  void write(const std::string& text) {
    if (quiet_) return;
    out_.line().append(text);
    out_.commit();
  }

  Writer& out_;
  bool verbose_, quiet_;
};

int run_cases(rules::Loader& loader, const TestOptions& options) {
  Writer out(STDOUT_FILENO, ::isatty(STDOUT_FILENO) == 1);
  TextReport text(options, out);
  std::vector<Outcome> outcomes;
  const std::vector<std::string> files = case_files_of(options);
  std::vector<rules::Case> cases = load_case_files(files, loader, outcomes);
  Runner runner(loader);
  for (const Outcome& wrong : outcomes) text.outcome(wrong);
  for (rules::Case& test : cases) {
    if (!is_wanted(test.name, options.filter)) continue;
    Outcome outcome = runner.run(test);
    if (interrupted()) break;  // it may not have come to its end
    text.outcome(outcome);
    outcomes.push_back(std::move(outcome));
  }
  text.end(runner, outcomes);
  if (outcomes.empty()) report(no_cases(options));
  const bool written = options.junit.empty() || write_junit(options.junit, outcomes, out);
  out.flush();
  if (!out.failure().empty()) report("cannot write: " + out.failure());
  const bool passed = !outcomes.empty() && std::ranges::all_of(outcomes, [](const Outcome& each) {
    return each.kind == Outcome::Kind::passed;
  });
  return written && passed && out.failure().empty() && !interrupted() ? exit_done : exit_user_error;
}

}  // namespace

int run_test(std::vector<std::string> arguments) {
  const auto options = parse_test(std::move(arguments));
  if (const auto status = ends_with_options("test", options, test_help)) return *status;
  rules::Loader loader;
  load_rule_files(loader, options->rule_files);
  rules::compile_rules(loader.definitions, {}, loader.findings);
  if (!show_findings(loader, options->verbose)) return exit_user_error;
  catch_interrupts();
  return options->add.empty() ? run_cases(loader, *options) : add_case(loader, *options);
}

}  // namespace gyr
