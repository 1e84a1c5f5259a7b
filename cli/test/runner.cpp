#include "cli/test/runner.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

#include "base/unique_fd.hpp"
#include "base/utf8.hpp"
#include "cli/scan/traces.hpp"
#include "filter/wording.hpp"
#include "rules/testing/case_trace.hpp"

namespace gyr {

namespace {

/// A trace in memory that can be opened by its path as long as the object lives.
class MemoryTrace {
 public:
  static Result<MemoryTrace> make(Bytes content) {
    MemoryTrace trace{UniqueFd(::memfd_create("case", MFD_CLOEXEC))};
    while (trace.fd_ && !content.empty()) {
      const ssize_t written = ::write(trace.fd_.get(), content.data(), content.size());
      if (written <= 0) return fail("there is no memory for the events of the case");
      content = content.subspan(static_cast<size_t>(written));
    }
    if (!trace.fd_) return fail("no file in memory can be made for the events of the case");
    return trace;
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_.get()); }

 private:
  explicit MemoryTrace(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

std::string line_place(rules::Place place, const rules::SourceFiles& files) {
  const std::string full = rules::place_text(place, files);
  return full.substr(0, full.rfind(':'));  // without the column
}

std::set<std::string> names_of(const std::vector<rules::TracedText>& texts) {
  std::set<std::string> names;
  for (const rules::TracedText& text : texts) names.insert(text.text());
  return names;
}

}  // namespace

std::vector<std::string> shown_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(printable(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Runner::Runner(rules::Loader& loader) : loader_(loader) {
  rules::Findings said_before;
  rules::RuleProgram compiled = rules::compile_rules(
      loader.definitions, {.wanted = [](const rules::Rule&) { return true; }}, said_before);
  detector_ = std::make_unique<rules::Detector>(std::move(compiled), false,
                                                rules::AlertParts{.message = true});
  for (const rules::CompiledRule& rule : detector_->rules()) {
    const rules::Rule* definition = rules::find_by_name(loader.definitions.rules, rule.name);
    states_[rule.name].enabled = definition == nullptr || definition->enabled;
  }
}

void Runner::check_name(const rules::TracedText& name, rules::Case& test,
                        const std::set<std::string>& enable) const {
  const auto found = states_.find(name.text());
  if (found == states_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [rule, state] : states_) names.push_back(rule);
    test.findings.error(rules::Code::validate, name.begin(),
                        fmt::format("there is no rule {}{}", filter::shown(name.text()),
                                    filter::did_you_mean(name.text(), names)));
  } else if (!found->second.enabled && !enable.contains(name.text())) {
    test.findings.error(
        rules::Code::validate, name.begin(),
        fmt::format("the rule is disabled; add enable: [{}] to the case", name.text()));
  }
}

void Runner::check_names(rules::Case& test, const std::set<std::string>& enable) const {
  for (const rules::TracedText& name : test.enable) check_name(name, test, enable);
  for (const rules::Expectation& each : test.expect) check_name(each.rule, test, enable);
}

Result<std::vector<rules::SeenAlert>> Runner::alerts_of(const std::string& trace,
                                                        const std::set<std::string>& enable) {
  std::vector<rules::SeenAlert> alerts;
  const std::optional<Error> error =
      scan_trace(trace, *detector_, true, [&](const rules::Alert& alert) {
        const std::string& rule = detector_->rules()[alert.rule].name;
        if (states_[rule].enabled || enable.contains(rule))
          alerts.push_back({rule, alert.num, alert.message});
        return true;
      }).error;
  if (error) return fail(*error);
  return alerts;
}

Result<std::vector<rules::SeenAlert>> Runner::alerts_of_case(rules::Case& test,
                                                             const std::set<std::string>& enable) {
  if (!test.trace.empty()) {
    auto alerts = alerts_of(test.trace, enable);
    if (!alerts) return fail(std::move(alerts.error()).context(test.trace));
    return alerts;
  }
  const std::vector<std::byte> bytes = rules::build_trace(*test.events, test.findings);
  if (test.findings.errors() != 0) return {};
  auto trace = MemoryTrace::make(bytes);
  if (!trace) return fail(std::move(trace.error()));
  return alerts_of(trace->path(), enable);
}

Outcome Runner::run(rules::Case& test) {
  const auto start = std::chrono::steady_clock::now();
  Outcome outcome;
  outcome.file = loader_.files[test.place.file].name;
  outcome.place = printable(line_place(test.place, loader_.files));
  outcome.name = printable(test.name.empty() ? "(no name)" : test.name);
  const std::set<std::string> enable = names_of(test.enable);
  check_names(test, enable);
  const bool has_source = !test.trace.empty() || test.events != nullptr;
  Result<std::vector<rules::SeenAlert>> alerts;
  if (has_source) alerts = alerts_of_case(test, enable);
  if (!alerts) test.findings.error(rules::Code::validate, test.trace_place, alerts.error().message);
  if (test.findings.errors() != 0) {
    outcome.kind = Outcome::Kind::error;
    test.findings.sort();
    for (const rules::Finding& finding : test.findings.all())
      for (std::string& line : shown_lines(rules::render_case_error(finding, loader_.files)))
        outcome.lines.push_back(std::move(line));
  } else {
    for (const rules::SeenAlert& alert : *alerts) states_[alert.rule].triggered = true;
    outcome.lines = rules::differences(test.expect, *alerts);
    if (!outcome.lines.empty()) outcome.kind = Outcome::Kind::failed;
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

std::vector<std::string> Runner::untriggered() const {
  std::vector<std::string> names;
  for (const rules::CompiledRule& rule : detector_->rules())
    if (!states_.at(rule.name).triggered) names.push_back(rule.name);
  return names;
}

}  // namespace gyr
