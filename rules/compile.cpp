#include "rules/compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "filter/wording.hpp"
#include "rules/doubts.hpp"
#include "rules/expand.hpp"

namespace gyr::rules {

const std::string_view suggested_output =
    "container_id=%container.id container_name=%container.name "
    "container_image_repository=%container.image.repository "
    "container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name "
    "k8s_ns_name=%k8s.ns.name";

namespace {

using filter::Check;
using filter::Node;
using filter::Operand;

/// More event types than this, enter and exit counted, and a rule is slow.
constexpr size_t many_types = 100;

constexpr std::array<std::string_view, 6> deprecated_fields = {
    "evt.dir",        "evt.latency",       "evt.latency.s",
    "evt.latency.ns", "evt.latency.human", "evt.wait_latency",
};

template <class F>
void for_each_check(const Node& node, F f) {
  if (node.kind == Node::Kind::check) f(node);
  for (const filter::NodePtr& child : node.children) for_each_check(*child, f);
}

/// Falco takes the word %container.info out.
TracedText without_container_info(TracedText output, Findings& findings,
                                  const std::string& context) {
  constexpr std::string_view word = "%container.info";
  const size_t at = output.text().find(word);
  if (at == std::string::npos) return output;
  findings.warn(Code::deprecated_item, output.place(at), "%container.info is obsolete and left out",
                context);
  TracedText rest;
  rest.append(output, 0, at);
  rest.append(output, at + word.size(), output.size() - at - word.size());
  return without_container_info(std::move(rest), findings, context);
}

/// Of the fields of audit events alone: others may have that text.
bool asks_for_na(const Check& check) {
  const std::string& field = check.left.name;
  const bool of_audit = field.starts_with("ka.") || field.starts_with("jevt.");
  constexpr std::array ops = {filter::Op::eq, filter::Op::ne, filter::Op::in,
                              filter::Op::intersects, filter::Op::pmatch};
  return of_audit && std::ranges::find(ops, check.op) != ops.end() &&
         std::ranges::any_of(check.values,
                             [](const filter::Literal& value) { return value.text == "<NA>"; });
}

bool fits(const OutputAddition& addition, const Rule& rule) {
  return (addition.source.empty() || addition.source == rule.source) &&
         (addition.rule.empty() || addition.rule == rule.name.text()) &&
         std::ranges::all_of(addition.tags,
                             [&](const std::string& tag) { return rule.tags.contains(tag); });
}

class RuleCompiler {
 public:
  RuleCompiler(const Definitions& definitions, const CompileOptions& options, Findings& findings)
      : definitions_(definitions),
        options_(options),
        findings_(findings),
        expander_(definitions, findings) {}

  RuleProgram compile();

 private:
  void compile_rule(const Rule& rule);
  bool compile_output(const Rule& rule, CompiledRule& compiled);
  void report_condition(const Rule& rule, const Node& tree, const Error& first);
  bool skips(const Rule& rule, Place place, const std::string& message);
  void warn_of_fields(const Rule& rule, const Node& tree);
  void warn_of_sources();
  std::string context(const Rule& rule) const {
    return fmt::format("in rule '{}'", rule.name.text());
  }

  const Definitions& definitions_;
  const CompileOptions& options_;
  Findings& findings_;
  Expander expander_;
  RuleProgram result_;
  filter::Program unwanted_;  // of rules that are only checked
};

RuleProgram RuleCompiler::compile() {
  warn_of_sources();
  for (const Rule& rule : definitions_.rules) {
    if (rule.source == "syscall")
      compile_rule(rule);
    else if (const filter::NodePtr tree = expander_.tree_of(rule))
      warn_of_fields(rule, *tree);
  }
  if (options_.warn_unused) expander_.report_unused();
  return std::move(result_);
}

void RuleCompiler::warn_of_sources() {
  std::map<std::string, std::vector<const Rule*>> missing;
  for (const Rule& rule : definitions_.rules)
    if (rule.source != "syscall") missing[rule.source].push_back(&rule);
  for (const auto& [source, rules] : missing) {
    std::string names;
    for (const Rule* rule : rules)
      names += fmt::format("{}'{}'", rule == rules.front() ? "" : ", ", rule->name.text());
    findings_.warn(Code::unknown_source, rules.front()->name.begin(),
                   fmt::format("no plugin gives events of the source {}; left out: {}",
                               filter::shown(source), names));
  }
}

void RuleCompiler::compile_rule(const Rule& rule) {
  CompiledRule compiled;
  const bool has_output = compile_output(rule, compiled);
  filter::NodePtr tree = expander_.tree_of(rule);
  if (tree == nullptr) return;
  const bool wanted = options_.wanted ? options_.wanted(rule) : rule.enabled;
  filter::Program& program = wanted ? result_.program : unwanted_;
  auto id = program.add(*tree);
  if (!id) {
    report_condition(rule, *tree, id.error());
    return;
  }
  warn_of_fields(rule, *tree);
  const size_t types = program.types(*id).count();
  if (types > many_types && rule.warn_evttypes)
    findings_.warn(Code::no_evttype, rule.condition.begin(),
                   fmt::format("the condition can hold for events of {} types, and so is asked "
                               "often; restrict it by evt.type",
                               types),
                   context(rule));
  if (!wanted || !has_output) return;
  compiled.name = rule.name.text();
  compiled.desc = rule.desc.text();
  compiled.source = rule.source;
  compiled.priority = rule.priority;
  compiled.tags.assign(rule.tags.begin(), rule.tags.end());
  compiled.condition = dump(*tree);
  compiled.tree = std::move(tree);
  compiled.place = rule.name.begin();
  compiled.id = *id;
  result_.rules.push_back(std::move(compiled));
}

/// With skip-if-unknown-filter, what is unknown is a reason to leave a rule out.
bool RuleCompiler::skips(const Rule& rule, Place place, const std::string& message) {
  const bool unknown =
      message.starts_with("there is no field ") || message.starts_with("there is no event ");
  if (!unknown || !rule.skip_if_unknown_filter) return false;
  findings_.warn(Code::unknown_filter, place, message + "; the rule is left out", context(rule));
  return true;
}

bool RuleCompiler::compile_output(const Rule& rule, CompiledRule& compiled) {
  TracedText text = without_container_info(rule.output, findings_, context(rule));
  TracedText whole;
  if (!text.text().starts_with('*')) whole.append('*', text.begin());
  whole.append(text);
  compiled.message = whole.text();
  for (const OutputAddition& addition : options_.additions) {
    if (!fits(addition, rule)) continue;
    if (!addition.text.empty()) {
      whole.append(" " + addition.text, text.begin());
      compiled.message += " " + addition.text;
    }
    if (addition.suggested) {
      whole.append(' ', text.begin());
      whole.append(suggested_output, text.begin());
      for (const std::string& name : options_.static_fields)
        whole.append(fmt::format(" static_{0}=%static.{0}", name), text.begin());
    }
    compiled.extra_fields.insert(compiled.extra_fields.end(), addition.fields.begin(),
                                 addition.fields.end());
  }
  compiled.output = whole.text();
  auto parsed = filter::OutputFormat::parse(compiled.output);
  if (parsed) return true;
  const Place place = whole.place(parsed.error().offset.value_or(0));
  if (!skips(rule, place, parsed.error().message))
    findings_.error(Code::compile_output, place, parsed.error().message,
                    fmt::format("in the output of rule '{}'", rule.name.text()));
  return false;
}

/// Reports each comparison that is wrong; if none is by itself, the error of the whole.
void RuleCompiler::report_condition(const Rule& rule, const Node& tree, const Error& first) {
  bool any = false;
  for_each_check(tree, [&](const Node& check) {
    filter::Program alone;
    auto id = alone.add(check);
    if (id) return;
    any = true;
    if (skips(rule, rule.condition.begin(), id.error().message)) return;
    expander_.report(Code::compile_condition, id.error().offset.value_or(check.span.at),
                     id.error().message, rule);
  });
  if (!any)
    expander_.report(Code::compile_condition, first.offset.value_or(tree.span.at), first.message,
                     rule);
}

void RuleCompiler::warn_of_fields(const Rule& rule, const Node& tree) {
  for_each_check(tree, [&](const Node& node) {
    const Operand& left = node.check.left;
    if (std::ranges::find(deprecated_fields, left.name) != deprecated_fields.end())
      expander_.report(Code::deprecated_item, left.span.at,
                       fmt::format("events of calls come when the call has ended: {} says nothing "
                                   "any more",
                                   left.name),
                       rule);
    if (asks_for_na(node.check))
      expander_.report(Code::unsafe_na_check, left.span.at,
                       fmt::format("a field without a value has no text: where {} has none, no "
                                   "comparison with <NA> holds; use exists",
                                   left.name),
                       rule);
    for (const filter::Literal& value : node.check.values)
      if (const std::string doubt = doubt_of(node.check.op, value.text); !doubt.empty())
        expander_.report(Code::doubtful_condition, value.span.at, doubt, rule);
  });
}

}  // namespace

RuleProgram compile_rules(const Definitions& definitions, const CompileOptions& options,
                          Findings& findings) {
  return RuleCompiler(definitions, options, findings).compile();
}

}  // namespace gyr::rules
