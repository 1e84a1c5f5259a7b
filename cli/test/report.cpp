#include "cli/test/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/output/junit.hpp"

namespace gyr {

namespace {

bool has_passed(const Outcome& outcome) { return outcome.kind == Outcome::Kind::passed; }

void add_case(JunitSuite& to, const Outcome& outcome) {
  if (has_passed(outcome)) return to.add({.name = outcome.name, .seconds = outcome.seconds});
  std::vector<std::string> lines = {outcome.place};
  lines.insert(lines.end(), outcome.lines.begin(), outcome.lines.end());
  const bool failed = outcome.kind == Outcome::Kind::failed;
  to.add({.name = outcome.name,
          .result = failed ? JunitCase::Result::failed : JunitCase::Result::error,
          .message = outcome.lines.empty() ? "" : std::string_view(outcome.lines.front()),
          .lines = lines,
          .seconds = outcome.seconds});
}

}  // namespace

void append_outcome(std::string& to, const Outcome& outcome, bool verbose) {
  if (has_passed(outcome)) {
    if (verbose) to += fmt::format("{}: passed: {}\n", outcome.place, outcome.name);
    return;
  }
  const bool failed = outcome.kind == Outcome::Kind::failed;
  to += fmt::format("{}: {}: {}\n", outcome.place, failed ? "FAILED" : "ERROR", outcome.name);
  for (const std::string& line : outcome.lines) to += fmt::format("  {}\n", line);
}

std::string totals_line(const std::vector<Outcome>& outcomes) {
  const auto passed = std::ranges::count_if(outcomes, has_passed);
  return fmt::format("{} case{}: {} passed, {} failed\n", outcomes.size(),
                     outcomes.size() == 1 ? "" : "s", passed,
                     static_cast<std::ptrdiff_t>(outcomes.size()) - passed);
}

std::string junit_report(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> files;
  for (const Outcome& outcome : outcomes)
    if (std::ranges::find(files, outcome.file) == files.end()) files.push_back(outcome.file);
  JunitCounts all;
  all.seconds = 0;
  Text suites;
  for (const std::string& file : files) {
    JunitSuite suite(file);
    for (const Outcome& outcome : outcomes)
      if (outcome.file == file) add_case(suite, outcome);
    all.add(suite.counts());
    suite.append(suites);
  }
  Text to;
  begin_junit(to, "gyr test", all);
  to.append(suites.view());
  end_junit(to);
  return std::string(to.view());
}

}  // namespace gyr
