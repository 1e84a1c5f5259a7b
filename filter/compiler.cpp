#include "filter/compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "filter/bare_event.hpp"
#include "filter/brief.hpp"

namespace gyr::filter {

namespace {

bool may_merge(const Operand& field) {
  auto bound = bind(field);
  return bound && !bound->is_list() && bound->alternatives().size() < 2 &&
         (bound->flags() & (stateful | within)) == 0;
}

}  // namespace

bool Compiler::by_thread(const Built& built) {
  return !built.stateful && (built.depends == Depends::thread || built.depends == Depends::tree);
}

/// An answer that is kept with the thread costs little, whatever it took.
bool Compiler::is_cheaper(const Built& a, const Built& b) {
  const auto cost = [](const Built& built) {
    constexpr unsigned of_a_kept_answer = 3;
    return by_thread(built) ? std::min(built.cost, of_a_kept_answer) : built.cost;
  };
  return std::tuple(cost(a), a.cost, a.node) < std::tuple(cost(b), b.cost, b.node);
}

Result<Program::Id> Compiler::compile(const Node& tree) {
  tree_ = &tree;
  auto root = build(tree);
  if (!root) return fail(std::move(root.error()));
  remember(*root);
  EventTypes certain = root->can_hold & ~root->can_fail;
  if (root->stateful) certain.reset();  // what counts must be asked
  program_.steps_.push_back(steps(tree, *root));
  program_.roots_.push_back({root->node, root->can_hold, certain, root->needs_enter});
  return static_cast<Program::Id>(program_.roots_.size() - 1);
}

Result<Compiler::Built> Compiler::build(const Node& node) {
  switch (node.kind) {
    case Node::Kind::conjunction:
    case Node::Kind::disjunction:
      return build_group(node);
    case Node::Kind::negation:
      return build(*node.children.front()).map([this](Built inner) { return negate(inner); });
    case Node::Kind::check:
      return build_check(node.check);
    case Node::Kind::macro:
      break;
  }
  return fail(Error{fmt::format("'{}' alone says nothing; a condition reads FIELD OPERATOR VALUE, "
                                "like proc.name={}",
                                node.name, node.name),
                    node.span.at});
}

Result<Compiler::Built> Compiler::build_part(const Part& part) {
  if (part.node != nullptr) return build(*part.node);
  auto built = build_check(part.check);
  if (built && part.negated) return negate(std::move(*built));
  return built;
}

Result<Compiler::Built> Compiler::build_group(const Node& node) {
  std::vector<Part> parts = parts_of(node);
  merge(parts, node.kind, may_merge);
  std::vector<Built> children;
  for (const Part& part : parts) {
    auto child = build_part(part);
    if (!child) return child;
    if (&node == tree_) step_of_.emplace_back(child->node, brief(part));
    children.push_back(std::move(*child));
  }
  return grouped(node.kind == Node::Kind::conjunction ? Step::all : Step::any, std::move(children));
}

/// What was built before, now needed once more.
const Compiler::Built* Compiler::find(const std::string& key) {
  const auto found = program_.term_of_text_.find(key);
  if (found == program_.term_of_text_.end()) return nullptr;
  constexpr unsigned cheap = 6;  // as cheap as looking up what is kept
  const Built& built = program_.built_[found->second];
  Term& term = program_.terms_[built.node];
  const bool of_thread = by_thread(built);
  if (!counts_) return &built;
  if (of_thread && term.memo < 0) term.memo = program_.memo_.add(built.depends);
  if (!of_thread && term.by_type < 0 && term.cost > cheap) term.shared = true;
  return &built;
}

/// Terms without a key are never shared.
Compiler::Built Compiler::add(Term term, Built built, std::string text, const std::string& key) {
  built.node = static_cast<uint32_t>(program_.terms_.size());
  term.cost = built.cost;
  program_.terms_.push_back(term);
  program_.texts_.push_back(std::move(text));
  program_.built_.push_back(built);
  if (!key.empty()) program_.term_of_text_.emplace(key, built.node);
  return built;
}

Compiler::Built Compiler::constant(bool value) {
  const std::string key = value ? "always" : "never";
  if (const Built* known = find(key)) return *known;
  Term term;
  term.step = value ? Step::always : Step::never;
  Built built;
  (value ? built.can_hold : built.can_fail).set();
  built.cost = 0;
  return add(term, built, {}, key);
}

Compiler::Built Compiler::negate(Built inner) { return combine(Step::negate, {std::move(inner)}); }

/// What depends on the thread only is put together, to be one answer that is kept.
Compiler::Built Compiler::grouped(Step step, std::vector<Built> children) {
  for (const Depends depends : {Depends::thread, Depends::tree}) {
    const auto rest =
        std::stable_partition(children.begin(), children.end(),
                              [&](const Built& child) { return child.depends != depends; });
    const auto count = static_cast<size_t>(children.end() - rest);
    if (count < 2 || count == children.size()) continue;
    Built group = combine(step, std::vector<Built>(rest, children.end()));
    children.erase(rest, children.end());
    children.push_back(std::move(group));
  }
  return combine(step, std::move(children));
}

Compiler::Built Compiler::combine(Step step, std::vector<Built> children) {
  if (children.size() == 1 && step != Step::negate) return children.front();
  const bool counts = std::any_of(children.begin(), children.end(),
                                  [](const Built& child) { return child.stateful; });
  if (!counts) std::sort(children.begin(), children.end(), is_cheaper);
  std::string key = counts ? "" : std::to_string(static_cast<int>(step));
  for (const Built& child : children)
    if (!counts) key += fmt::format(",{}", child.node);
  if (const Built* known = counts ? nullptr : find(key)) return *known;

  Built built;
  Term term;
  term.step = step;
  term.first = static_cast<uint32_t>(program_.children_.size());
  term.count = static_cast<uint32_t>(children.size());
  const bool all = step == Step::all;
  if (all) built.can_hold.set();
  if (!all) built.can_fail.set();
  built.cost = 0;
  built.stateful = counts;
  for (const Built& child : children) {
    program_.children_.push_back(child.node);
    built.depends = combined(built.depends, child.depends);
    built.needs_enter |= child.needs_enter;
    built.cost += child.cost;
    built.can_hold = all ? built.can_hold & child.can_hold : built.can_hold | child.can_hold;
    built.can_fail = all ? built.can_fail | child.can_fail : built.can_fail & child.can_fail;
  }
  if (step == Step::one) built.can_fail.set();
  if (step == Step::negate) {
    built.can_hold = children.front().can_fail;
    built.can_fail = children.front().can_hold;
  }
  return add(term, built, {}, key);
}

Compiler::Built Compiler::leaf(Term term, std::string text, std::string key) {
  const Source& value = source(term.source);
  Built built;
  built.depends = value.depends();
  built.stateful = (value.flags() & stateful) != 0;
  built.needs_enter = value.needs_enter();
  if (term.step == Step::pair) {
    const Source& other = source(term.other);
    built.depends = combined(built.depends, other.depends());
    built.stateful |= (other.flags() & stateful) != 0;
    built.needs_enter |= other.needs_enter();
  }
  key = built.stateful ? "" : fmt::format("{} {} {}", static_cast<int>(term.step), text, key);
  if (const Built* known = built.stateful ? nullptr : find(key)) return *known;
  for (uint16_t id = 0; id < schema::event_count; ++id) built.can_hold[id] = value.applies(id);
  built.can_fail.set();
  if (built.depends <= Depends::type && !built.stateful) answer_by_type(term, built);
  built.cost = term.cost;
  return add(term, std::move(built), std::move(text), key);
}

uint32_t Compiler::residual(uint32_t node, uint16_t type) {
  const Built built = program_.built_[node];
  if (built.stateful) return node;
  if (!built.can_hold[type]) return constant(false).node;
  if (!built.can_fail[type]) return constant(true).node;
  const Term term = program_.terms_[node];
  const bool group = term.step == Step::all || term.step == Step::any;
  if (by_thread(built) || (!group && term.step != Step::negate)) return node;
  std::vector<Built> children;
  for (uint32_t i = 0; i < term.count; ++i) {
    const uint32_t left = residual(program_.children_[term.first + i], type);
    const Step step = program_.terms_[left].step;
    const bool neutral = step == (term.step == Step::all ? Step::always : Step::never);
    if (!neutral || !group) children.push_back(program_.built_[left]);
  }
  return combine(term.step, std::move(children)).node;
}

bool Compiler::holds_for(const Term& term, const RawEvent& raw) {
  static const State nothing;
  static const Settings settings;
  static const Stream stream;
  const Event event(raw);
  const Moment moment{event, nothing, settings, stream};
  program_.begin(moment);
  return program_.run_leaf(term);
}

/// Finds out the answer for every type of event by asking with events that are nothing but a type.
/// That of generic events depends on their system call; asynchronous ones have names of their own.
void Compiler::answer_by_type(Term& term, Built& built) {
  Program::TypeAnswers answers;
  built.can_hold.reset();
  built.can_fail.reset();
  const auto note = [&](uint16_t id, bool holds) {
    (holds ? built.can_hold : built.can_fail).set(id);
  };
  for (uint16_t id = 0; id < schema::event_count; ++id) {
    if (id == schema::type::asyncevent_enter) {
      note(id, true);
      note(id, false);
    } else if (is_generic(id)) {
      // Old traces have it for calls that have got an event of their own since.
      for (uint16_t call = 0; call < schema::syscalls.size(); ++call)
        note(id, holds_for(term, BareEvent(id, call).raw()));
      note(id, false);  // calls that are not known
    } else {
      const bool holds = holds_for(term, BareEvent(id).raw());
      answers.known.set(id);
      answers.holds[id] = holds;
      note(id, holds);
    }
  }
  term.by_type = static_cast<int32_t>(program_.type_answers_.size());
  term.cost = 0;
  program_.type_answers_.push_back(answers);
}

/// Marks the largest parts of a condition that only depend on the thread.
void Compiler::remember(const Built& built) {
  Term& term = program_.terms_[built.node];
  if (by_thread(built)) {
    if (term.memo < 0) term.memo = program_.memo_.add(built.depends);
    return;
  }
  remember_parts(built.node);
}

void Compiler::remember_parts(uint32_t node) {
  const Term term = program_.terms_[node];
  for (uint32_t i = 0; i < term.count; ++i)
    remember(program_.built_[program_.children_[term.first + i]]);
}

/// What is found out once per thread is one step, and so is what is no `and`.
bool Compiler::has_steps(const Built& root, const Term& term) {
  return term.step == Step::all && !by_thread(root);
}

/// As it was written; of terms that were put together, all of them.
std::string Compiler::step_text(uint32_t node) const {
  const auto step = std::find_if(step_of_.begin(), step_of_.end(),
                                 [&](const auto& known) { return known.first == node; });
  if (step != step_of_.end()) return step->second;
  const Term& term = program_.terms_[node];
  std::string text;
  for (uint32_t i = 0; i < term.count; ++i)
    text += (i == 0 ? "" : " and ") + step_text(program_.children_[term.first + i]);
  return text;
}

std::vector<std::string> Compiler::steps(const Node& tree, const Built& root) const {
  const Term& term = program_.terms_[root.node];
  if (!has_steps(root, term) || step_of_.size() < 2) return {brief(tree)};
  std::vector<std::string> steps;
  for (uint32_t i = 0; i < term.count; ++i)
    steps.push_back(step_text(program_.children_[term.first + i]));
  return steps;
}

std::vector<Program::Stage> Compiler::stages(uint32_t root, uint16_t type) {
  const Built built = program_.built_[root];
  const Term term = program_.terms_[root];
  if (!has_steps(built, term)) return {{residual(root, type), 0}};
  std::vector<Program::Stage> stages;
  for (uint32_t i = 0; i < term.count; ++i) {
    const uint32_t child = program_.children_[term.first + i];
    const uint32_t left = built.stateful ? child : residual(child, type);
    if (program_.terms_[left].step != Step::always) stages.push_back({left, i});
  }
  if (!built.stateful)
    std::stable_sort(stages.begin(), stages.end(), [&](const auto& a, const auto& b) {
      return is_cheaper(program_.built_[a.residual], program_.built_[b.residual]);
    });
  return stages;
}

std::optional<uint32_t> Compiler::thread_part(uint32_t root) {
  const auto of_thread = [&](uint32_t node) {
    return program_.built_[node].depends == Depends::thread;
  };
  if (program_.built_[root].stateful) return std::nullopt;
  if (of_thread(root)) return root;
  const Term& term = program_.terms_[root];
  if (term.step != Step::all) return std::nullopt;
  // `grouped` has made one of all.
  for (uint32_t i = 0; i < term.count; ++i)
    if (const uint32_t child = program_.children_[term.first + i]; of_thread(child)) return child;
  return std::nullopt;
}

Result<Program::Id> Program::add(const Node& tree) { return Compiler(*this).compile(tree); }

std::optional<uint32_t> Program::thread_part(Id id) {
  return Compiler(*this, false).thread_part(roots_[id].node);
}

uint32_t Program::residual(Id id, uint16_t type) {
  return Compiler(*this).residual(roots_[id].node, type);
}

std::vector<Program::Stage> Program::stages(Id id, uint16_t type) {
  std::vector<Stage> stages = Compiler(*this, false).stages(roots_[id].node, type);
  const auto last = static_cast<uint32_t>(steps_[id].size() - 1);
  for (Stage& stage : stages) stage.step = std::min(stage.step, last);
  return stages;
}

}  // namespace gyr::filter
