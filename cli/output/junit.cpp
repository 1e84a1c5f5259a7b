#include "cli/output/junit.hpp"

#include <fmt/format.h>

#include "base/markup.hpp"

namespace gyr {

namespace {

/// key="value", behind a blank.
void append_attribute(Text& to, std::string_view key, std::string_view value) {
  to.append(' ').append(key).append("=\"");
  append_markup(to, value);
  to.append('"');
}

void append_seconds(Text& to, const std::optional<double>& seconds) {
  if (seconds) append_attribute(to, "time", fmt::format("{:.6f}", *seconds));
}

void append_counts(Text& to, const JunitCounts& counts) {
  to.append(fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", counts.tests,
                        counts.failures, counts.errors, counts.skipped));
  append_seconds(to, counts.seconds);
}

std::string_view element_of(JunitCase::Result result) {
  switch (result) {
    case JunitCase::Result::skipped:
      return "skipped";
    case JunitCase::Result::failed:
      return "failure";
    default:
      return "error";
  }
}

/// The element that says why a case has not passed.
void append_reason(Text& to, const JunitCase& test) {
  const std::string_view element = element_of(test.result);
  to.append("      <").append(element);
  append_attribute(to, "message", test.message);
  if (!test.type.empty()) append_attribute(to, "type", test.type);
  if (test.lines.empty()) {
    to.append("/>\n");
    return;
  }
  to.append('>');
  for (const std::string& line : test.lines) {
    append_markup(to, line);
    to.append('\n');
  }
  to.append("</").append(element).append(">\n");
}

}  // namespace

void JunitCounts::add(const JunitCase& test) {
  ++tests;
  failures += test.result == JunitCase::Result::failed;
  errors += test.result == JunitCase::Result::error;
  skipped += test.result == JunitCase::Result::skipped;
  if (test.seconds) seconds = seconds.value_or(0) + *test.seconds;
}

void JunitCounts::add(const JunitCounts& more) {
  tests += more.tests;
  failures += more.failures;
  errors += more.errors;
  skipped += more.skipped;
  if (more.seconds) seconds = seconds.value_or(0) + *more.seconds;
}

void JunitSuite::add(const JunitCase& test) {
  counts_.add(test);
  cases_.append("    <testcase");
  append_attribute(cases_, "classname", name_);
  append_attribute(cases_, "name", test.name);
  append_seconds(cases_, test.seconds);
  if (test.result == JunitCase::Result::passed) {
    cases_.append("/>\n");
    return;
  }
  cases_.append(">\n");
  append_reason(cases_, test);
  cases_.append("    </testcase>\n");
}

void JunitSuite::append(Text& to) const {
  to.append("  <testsuite");
  append_attribute(to, "name", name_);
  append_counts(to, counts_);
  to.append(">\n").append(cases_.view()).append("  </testsuite>\n");
}

void begin_junit(Text& to, std::string_view name, const std::optional<JunitCounts>& counts) {
  to.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
  append_attribute(to, "name", name);
  if (counts) append_counts(to, *counts);
  to.append(">\n");
}

void end_junit(Text& to) { to.append("</testsuites>\n"); }

}  // namespace gyr
