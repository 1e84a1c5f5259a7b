// JUnit's XML, as build servers read it: a suite for each trace, in which every rule is a test that
// fails when the rule matches.
#include <fmt/format.h>

#include <algorithm>

#include "base/markup.hpp"
#include "cli/scan/output.hpp"

namespace gyr {

namespace {

/// Alerts of a rule whose lines are shown, per suite.
constexpr uint64_t most_lines = 100;

/// What is known of the alerts of one rule in the suite that is being gathered.
struct Group {
  uint64_t count = 0;
  std::vector<std::string> lines;
};

class JunitOutput : public AlertOutput {
 public:
  JunitOutput(Writer& out, const ScanContext& context);

  rules::AlertParts parts() const override { return {.text = true, .details = most_lines}; }
  void alert(const rules::Alert& alert) override;
  void trace_ended(const ScannedTrace& trace) override;
  void finish() override;

 private:
  void suite(std::string_view name, const std::optional<Error>& error);
  void test(std::string_view suite, const rules::CompiledRule& rule, const Group& group,
            bool is_cut);

  Writer& out_;
  ScanContext context_;
  std::vector<Group> groups_;  // by rule
  bool has_suites_ = false;
};

/// key="value", behind a blank.
void append_attribute(Text& to, std::string_view key, std::string_view value) {
  to.append(' ').append(key).append("=\"");
  append_markup(to, value);
  to.append('"');
}

JunitOutput::JunitOutput(Writer& out, const ScanContext& context)
    : out_(out), context_(context), groups_(context.rules.size()) {
  out_.line().append(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gyr scan\">\n");
}

void JunitOutput::alert(const rules::Alert& alert) {
  Group& group = groups_[alert.rule];
  if (group.count++ < most_lines) group.lines.push_back(alert.text);
}

/// `is_cut`: it could not be seen whether the rule matches further on.
void JunitOutput::test(std::string_view suite, const rules::CompiledRule& rule, const Group& group,
                       bool is_cut) {
  Text& to = out_.line();
  to.append("  <testcase");
  append_attribute(to, "classname", suite);
  append_attribute(to, "name", rule.name);
  if (group.count == 0) {
    to.append(is_cut ? "><skipped message=\"not all was read\"/></testcase>\n" : "/>\n");
    return;
  }
  to.append(">\n    <failure");
  append_attribute(to, "message",
                   fmt::format("{} alert{}", group.count, group.count == 1 ? "" : "s"));
  append_attribute(to, "type", rules::priority_name(rule.priority));
  to.append('>');
  for (const std::string& line : group.lines) {
    append_markup(to, line);
    to.append('\n');
  }
  if (const uint64_t more = group.count - group.lines.size(); more != 0)
    to.append(fmt::format("and {} more\n", more));
  to.append("</failure>\n  </testcase>\n");
}

void JunitOutput::suite(std::string_view name, const std::optional<Error>& error) {
  const auto failures =
      std::ranges::count_if(groups_, [](const Group& group) { return group.count != 0; });
  const size_t skipped = error ? groups_.size() - static_cast<size_t>(failures) : 0;
  const int errors = error ? 1 : 0;
  Text& to = out_.line();
  to.append("<testsuite");
  append_attribute(to, "name", name);
  to.append(fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
                        groups_.size() + static_cast<size_t>(errors), failures, errors, skipped));
  for (size_t rule = 0; rule < groups_.size(); ++rule)
    test(name, context_.rules[rule], groups_[rule], error.has_value());
  if (error) {
    to.append("  <testcase");
    append_attribute(to, "classname", name);
    to.append(" name=\"read to the end\">\n    <error");
    append_attribute(to, "message", error->message);
    append_attribute(to, "type", "unreadable");
    to.append("/>\n  </testcase>\n");
  }
  to.append("</testsuite>\n");
  out_.commit();
  std::ranges::fill(groups_, Group());
  has_suites_ = true;
}

void JunitOutput::trace_ended(const ScannedTrace& trace) {
  suite(trace.path.empty() ? "live" : trace.path, trace.error);
}

void JunitOutput::finish() {
  if (context_.options.is_live() && !has_suites_) suite("live", std::nullopt);
  out_.line().append("</testsuites>\n");
}

}  // namespace

std::unique_ptr<AlertOutput> make_junit_output(Writer& out, const ScanContext& context) {
  return std::make_unique<JunitOutput>(out, context);
}

}  // namespace gyr
