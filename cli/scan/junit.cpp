// As JUnit's XML: a suite for each trace, in which every rule is a test that fails when the rule
// matches.
#include "cli/output/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  JunitOutput(Writer& out, const ScanContext& context)
      : out_(out), context_(context), groups_(context.rules.size()) {
    begin_junit(out_.line(), "gyr scan");
  }

  rules::AlertParts parts() const override { return {.text = true, .details = most_lines}; }
  void alert(const rules::Alert& alert) override {
    Group& group = groups_[alert.rule];
    if (group.count++ < most_lines) group.lines.push_back(alert.text);
  }
  void trace_ended(const ScannedTrace& trace) override {
    suite(trace.path.empty() ? "live" : trace.path, trace.error);
  }
  void finish() override;

 private:
  void suite(std::string_view name, const std::optional<Error>& error);

  Writer& out_;
  ScanContext context_;
  std::vector<Group> groups_;  // by rule
  bool has_suites_ = false;
};

/// `is_cut`: it could not be seen whether the rule matches further on.
void add_rule(JunitSuite& to, const rules::CompiledRule& rule, Group& group, bool is_cut) {
  if (group.count == 0 && is_cut)
    return to.add(
        {.name = rule.name, .result = JunitCase::Result::skipped, .message = "not all was read"});
  if (group.count == 0) return to.add({.name = rule.name});
  if (const uint64_t more = group.count - group.lines.size(); more != 0)
    group.lines.push_back(fmt::format("and {} more", more));
  const std::string message = fmt::format("{} alert{}", group.count, group.count == 1 ? "" : "s");
  to.add({.name = rule.name,
          .result = JunitCase::Result::failed,
          .message = message,
          .type = rules::priority_name(rule.priority),
          .lines = group.lines});
}

void JunitOutput::suite(std::string_view name, const std::optional<Error>& error) {
  JunitSuite suite{std::string(name)};
  for (size_t rule = 0; rule < groups_.size(); ++rule)
    add_rule(suite, context_.rules[rule], groups_[rule], error.has_value());
  if (error)
    suite.add({.name = "read to the end",
               .result = JunitCase::Result::error,
               .message = error->message,
               .type = "unreadable"});
  suite.append(out_.line());
  out_.commit();
  std::ranges::fill(groups_, Group());
  has_suites_ = true;
}

void JunitOutput::finish() {
  if (context_.options.is_live() && !has_suites_) suite("live", std::nullopt);
  end_junit(out_.line());
}

}  // namespace

std::unique_ptr<AlertOutput> make_junit_output(Writer& out, const ScanContext& context) {
  return std::make_unique<JunitOutput>(out, context);
}

}  // namespace gyr
