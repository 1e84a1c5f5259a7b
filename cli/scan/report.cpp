// The view for people: alerts by rule, the most severe first.
#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "cli/scan/look_closer.hpp"
#include "cli/scan/output.hpp"

namespace gyr {

namespace {

/// What is known of the alerts of one rule.
struct Group {
  uint64_t count = 0, first_ts = 0, last_ts = 0;
  rules::Alert first;
};

/// "nginx (1) > sh (2)": the eldest first, of which the last ones matter most.
std::string ancestry_text(const std::vector<rules::Ancestor>& ancestry) {
  constexpr size_t most = 8;
  std::string text = ancestry.size() > most ? "… > " : "";
  for (size_t at = std::min(ancestry.size(), most); at-- > 0;)
    text += fmt::format("{} ({}){}", printable(ancestry[at].comm), ancestry[at].pid,
                        at == 0 ? "" : " > ");
  return text;
}

class ReportOutput : public AlertOutput {
 public:
  ReportOutput(Writer& out, const ScanContext& context)
      : out_(out), context_(context), groups_(context.rules.size()) {}

  rules::AlertParts parts() const override {
    if (context_.options.is_live()) return {.message = true, .ancestry = true};
    return {.message = true, .ancestry = true, .details = 1};
  }
  void alert(const rules::Alert& alert) override;
  void finish() override;

 private:
  void show_now(const rules::Alert& alert);
  void show(const rules::CompiledRule& rule, const Group& group);

  Writer& out_;
  ScanContext context_;
  std::vector<Group> groups_;  // by rule
  uint64_t alerts_ = 0;
};

void ReportOutput::alert(const rules::Alert& alert) {
  Group& group = groups_[alert.rule];
  ++alerts_;
  if (group.count++ == 0) {
    group.first_ts = group.last_ts = alert.ts;
    group.first = alert;
  }
  group.first_ts = std::min(group.first_ts, alert.ts);
  group.last_ts = std::max(group.last_ts, alert.ts);
  if (context_.options.is_live()) show_now(alert);
}

/// Live, nobody wants to wait for the end.
void ReportOutput::show_now(const rules::Alert& alert) {
  const rules::CompiledRule& rule = context_.rules[alert.rule];
  Text& to = out_.line();
  rules::append_utc(to, alert.ts);
  to.append(fmt::format("  {}  {}\n  {}\n  by {}\n", rules::priority_name(rule.priority),
                        printable(rule.name), printable(alert.message),
                        ancestry_text(alert.ancestry)));
  out_.flush();
}

void ReportOutput::show(const rules::CompiledRule& rule, const Group& group) {
  Text& to = out_.line();
  to.append(fmt::format("{}  {}  {} time{}\n", rules::priority_name(rule.priority),
                        printable(rule.name), group.count, group.count == 1 ? "" : "s"));
  to.append("  first ");
  rules::append_utc(to, group.first_ts);
  to.append("  last ");
  rules::append_utc(to, group.last_ts);
  to.append('\n');
  if (context_.options.is_live()) return;
  to.append(fmt::format("  {}\n  by {}\n", printable(group.first.message),
                        ancestry_text(group.first.ancestry)));
  to.append(fmt::format("  look closer: {}\n\n",
                        printable(look_closer(group.first.trace, group.first.num))));
  out_.commit();
}

void ReportOutput::finish() {
  std::vector<size_t> matched;
  for (size_t rule = 0; rule < groups_.size(); ++rule)
    if (groups_[rule].count != 0) matched.push_back(rule);
  std::ranges::stable_sort(matched, {}, [&](size_t rule) { return context_.rules[rule].priority; });
  if (!matched.empty() && context_.options.is_live()) out_.line().append('\n');
  for (const size_t rule : matched) show(context_.rules[rule], groups_[rule]);
  out_.line().append(fmt::format("{} alert{} of {} rule{}\n", alerts_, alerts_ == 1 ? "" : "s",
                                 matched.size(), matched.size() == 1 ? "" : "s"));
}

}  // namespace

std::unique_ptr<AlertOutput> make_report_output(Writer& out, const ScanContext& context) {
  return std::make_unique<ReportOutput>(out, context);
}

}  // namespace gyr
