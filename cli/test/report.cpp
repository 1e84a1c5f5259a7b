#include "cli/test/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/markup.hpp"

namespace gyr {

namespace {

bool has_passed(const Outcome& outcome) { return outcome.kind == Outcome::Kind::passed; }

/// As text or attribute of XML.
std::string in_xml(std::string_view text) {
  Text valid;
  append_markup(valid, text);
  return std::string(valid.view());
}

void append_case(std::string& to, const Outcome& outcome) {
  to += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"",
                    in_xml(outcome.file), in_xml(outcome.name), outcome.seconds);
  if (has_passed(outcome)) {
    to += "/>\n";
    return;
  }
  const std::string_view element = outcome.kind == Outcome::Kind::error ? "error" : "failure";
  const std::string first = outcome.lines.empty() ? "" : outcome.lines.front();
  to += fmt::format(">\n      <{} message=\"{}\">{}\n", element, in_xml(first),
                    in_xml(outcome.place));
  for (const std::string& line : outcome.lines) to += in_xml(line) + '\n';
  to += fmt::format("</{}>\n    </testcase>\n", element);
}

struct Counts {
  size_t cases = 0, failures = 0, errors = 0;
  double seconds = 0;

  void add(const Outcome& outcome) {
    ++cases;
    failures += outcome.kind == Outcome::Kind::failed ? 1 : 0;
    errors += outcome.kind == Outcome::Kind::error ? 1 : 0;
    seconds += outcome.seconds;
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.6f}\"", cases,
                       failures, errors, seconds);
  }
};

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
  Counts all;
  std::vector<std::string> files;
  for (const Outcome& outcome : outcomes) {
    all.add(outcome);
    if (std::ranges::find(files, outcome.file) == files.end()) files.push_back(outcome.file);
  }
  std::string to = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  to += fmt::format("<testsuites name=\"gyr test\" {}>\n", all.attributes());
  for (const std::string& file : files) {
    Counts counts;
    std::string cases;
    for (const Outcome& outcome : outcomes) {
      if (outcome.file != file) continue;
      counts.add(outcome);
      append_case(cases, outcome);
    }
    to += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", in_xml(file),
                      counts.attributes(), cases);
  }
  return to + "</testsuites>\n";
}

}  // namespace gyr
