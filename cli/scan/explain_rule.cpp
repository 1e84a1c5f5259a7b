#include "cli/scan/explain_rule.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "cli/interrupt.hpp"
#include "cli/run.hpp"
#include "cli/scan/output.hpp"
#include "filter/replay.hpp"
#include "filter/wording.hpp"
#include "rules/engine.hpp"

namespace gyr {

namespace {

constexpr std::string_view event_line =
    "*%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

Result<rules::RuleProgram> compile_alone(const rules::Definitions& definitions,
                                         const std::string& name) {
  rules::Findings said_before;
  rules::RuleProgram compiled = rules::compile_rules(
      definitions, {.wanted = [&](const rules::Rule& rule) { return rule.name.text() == name; }},
      said_before);
  if (!compiled.rules.empty()) return compiled;
  std::vector<std::string_view> names;
  for (const rules::Rule& rule : definitions.rules) {
    if (rule.name.text() == name)
      return fail(fmt::format("the rule {} is about events of the source {}, which no plugin gives",
                              filter::shown(name), filter::shown(rule.source)));
    names.push_back(rule.name.text());
  }
  return fail(
      fmt::format("there is no rule {}{}", filter::shown(name), filter::did_you_mean(name, names)));
}

/// Calls `found` with the event of that number; false: there is none.
template <class F>
Result<bool> find_event(const std::string& path, uint64_t number, F found) {
  auto opened = TraceReader::open(path);
  if (!opened) return fail(std::move(opened.error()));
  TraceReader& reader = **opened;
  const WaitingFor waiting(reader.input());
  filter::Replay replay(reader, {.keep_enter_events = true});
  filter::Settings settings;
  settings.as_falco = true;
  while (!interrupted() && replay.next()) {
    const Event* event = replay.decode();
    if (event == nullptr || event->num() < number) continue;
    if (event->num() > number) return false;
    found(replay.moment(*event, settings));
    return true;
  }
  if (reader.error() && !interrupted()) return fail(*reader.error());
  return false;
}

/// Why the rule is not even asked.
std::string why_not_asked(const filter::Moment& moment) {
  const uint16_t type = moment.event.raw().type;
  if (rules::is_enter_of_call(type))
    return "rules are asked when a call has ended; this is where one begins";
  Text name;
  if (auto format = filter::OutputFormat::parse("*%evt.type")) format->append(name, moment);
  return fmt::format("the rule is not about events of type {}", name.view());
}

void append_answer(Text& to, const rules::CompiledRule& rule, const rules::Explanation& why,
                   const filter::Moment& moment) {
  to.append(printable(fmt::format("{}: {} at event {}", rule.name,
                                  why.holds ? "matches" : "does not match", moment.event.num())));
  to.append('\n');
  Text event;
  if (auto format = filter::OutputFormat::parse(event_line)) format->append(event, moment);
  to.append(printable(event.view()));
  to.append('\n');
  if (!why.asked) {
    to.append(printable(why_not_asked(moment)));
    to.append('\n');
  }
  append_explanation(to, why, explanation_indent);
}

void append_json_answer(Text& to, const rules::CompiledRule& rule, const rules::Explanation& why,
                        const filter::Moment& moment) {
  to.append(fmt::format("{{\"event\":{},\"rule\":", moment.event.num()));
  append_json_string(to, rule.name);
  to.append(fmt::format(",\"asked\":{},\"matches\":{},\"explanation\":", why.asked, why.holds));
  append_explanation_json(to, why);
  to.append("}\n");
}

}  // namespace

int explain_rule(const rules::Definitions& definitions, const ScanOptions& options) {
  const auto compiled = compile_alone(definitions, options.explain_rule);
  if (!compiled) {
    report("scan: " + compiled.error().message);
    return exit_user_error;
  }
  catch_interrupts();
  const rules::CompiledRule& rule = compiled->rules.front();
  const std::string& path = options.traces.front();
  bool matches = false;
  Writer out(STDOUT_FILENO, false);
  const auto found = find_event(path, options.at, [&](const filter::Moment& moment) {
    rules::Explainer explainer;
    const rules::Explanation& why = explainer.explain(rule, moment);
    matches = why.holds;
    const bool json = options.format == AlertFormat::json;
    (json ? append_json_answer : append_answer)(out.line(), rule, why, moment);
  });
  if (!found) {
    report(path, found.error());
    return exit_user_error;
  }
  if (!*found) {
    report(fmt::format("{} has no event {}", path, options.at));
    return exit_user_error;
  }
  return matches && options.exit_code ? exit_matched : exit_done;
}

}  // namespace gyr
