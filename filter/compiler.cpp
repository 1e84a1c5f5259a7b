#include "filter/compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/bare_event.hpp"
#include "filter/brief.hpp"

namespace gyr::filter {

namespace {

bool may_merge(const Operand& field) {
  auto bound = bind(field);
  return bound && !bound->is_list() && bound->alternatives().size() < 2 &&
         (bound->flags() & (stateful | within)) == 0;
}

std::string brief_of(const Part& part) {
  if (part.node != nullptr) return brief(*part.node);
  return (part.negated ? "not " : "") + brief(part.check);
}

}  // namespace

Result<Program::Id> Compiler::compile(const Node& tree) {
  tree_ = &tree;
  auto root = build(tree);
  if (!root) return fail(std::move(root.error()));
  remember(*root);
  EventTypes certain = root->can_hold & ~root->can_fail;
  if (root->stateful) certain.reset();  // what counts must be asked
  program_.steps_.push_back(steps(tree, root->node));
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
    if (&node == tree_) step_of_.emplace_back(child->node, brief_of(part));
    children.push_back(std::move(*child));
  }
  return combine(node.kind == Node::Kind::conjunction ? Step::all : Step::any, std::move(children));
}

Compiler::Built Compiler::constant(bool value) {
  Term term;
  term.step = value ? Step::always : Step::never;
  Built built;
  (value ? built.can_hold : built.can_fail).set();
  built.node = static_cast<uint32_t>(program_.terms_.size());
  built.cost = 0;
  program_.terms_.push_back(term);
  program_.texts_.emplace_back();
  built_.push_back(built);
  return built;
}

Compiler::Built Compiler::negate(Built inner) {
  const EventTypes can_hold = inner.can_hold;
  Built built = combine(Step::negate, {std::move(inner)});
  built.can_hold = built.can_fail;
  built.can_fail = can_hold;
  built_.back() = built;
  return built;
}

Compiler::Built Compiler::combine(Step step, std::vector<Built> children) {
  if (children.size() == 1 && step != Step::negate) return children.front();
  const bool counts = std::any_of(children.begin(), children.end(),
                                  [](const Built& child) { return child.stateful; });
  if (!counts)
    std::stable_sort(children.begin(), children.end(),
                     [](const Built& a, const Built& b) { return a.cost < b.cost; });
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
  term.cost = built.cost;
  built.node = static_cast<uint32_t>(program_.terms_.size());
  program_.terms_.push_back(term);
  program_.texts_.emplace_back();
  built_.push_back(built);
  return built;
}

Compiler::Built Compiler::leaf(Term term, std::string text) {
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
  for (uint16_t id = 0; id < schema::event_count; ++id) built.can_hold[id] = value.applies(id);
  built.can_fail.set();
  built.node = static_cast<uint32_t>(program_.terms_.size());
  if (built.depends <= Depends::type && !built.stateful) answer_by_type(term, built);
  built.cost = term.cost;
  program_.terms_.push_back(term);
  program_.texts_.push_back(std::move(text));
  built_.push_back(built);
  return built;
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
  const bool by_thread = built.depends == Depends::thread || built.depends == Depends::tree;
  if (by_thread && !built.stateful) {
    program_.terms_[built.node].memo = program_.memo_.add(built.depends);
    return;
  }
  remember_parts(built.node);
}

void Compiler::remember_parts(uint32_t node) {
  const Term term = program_.terms_[node];
  for (uint32_t i = 0; i < term.count; ++i)
    remember(built_[program_.children_[term.first + i] - base_]);
}

std::vector<std::string> Compiler::steps(const Node& tree, uint32_t root) const {
  const Term& term = program_.terms_[root];
  const bool in_steps = tree.kind == Node::Kind::conjunction && term.step == Step::all &&
                        term.memo < 0 && term.count == step_of_.size();
  if (!in_steps) return {brief(tree)};
  std::vector<std::string> steps;
  for (uint32_t i = 0; i < term.count; ++i) {
    const uint32_t node = program_.children_[term.first + i];
    const auto step = std::find_if(step_of_.begin(), step_of_.end(),
                                   [&](const auto& known) { return known.first == node; });
    steps.push_back(step == step_of_.end() ? "" : step->second);
  }
  return steps;
}

Result<Program::Id> Program::add(const Node& tree) { return Compiler(*this).compile(tree); }

}  // namespace gyr::filter
