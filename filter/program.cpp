#include "filter/program.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gyr::filter {

const Extraction* Program::extract(uint32_t source) {
  Slot& slot = sources_[source];
  if (slot.serial != serial_) {
    slot.serial = serial_;
    slot.found = slot.source.extract(*moment_, slot.values);
  }
  return slot.found ? &slot.values : nullptr;
}

bool Program::run_test(const Term& term, const Extraction& values) const {
  const Matcher& matcher = matchers_[term.matcher];
  const auto holds = [&](const Value& value) { return matcher.matches(value) != term.negated; };
  switch (term.quantifier) {
    case Quantifier::first:
      return holds(values.first());
    case Quantifier::any:
      return std::any_of(values.values().begin(), values.values().end(), holds);
    case Quantifier::every:
      return std::all_of(values.values().begin(), values.values().end(), holds);
  }
  return false;
}

bool Program::run_leaf(const Term& term) {
  const Extraction* values = extract(term.source);
  if (values == nullptr) return false;
  if (term.step == Step::exists) return true;
  return term.step == Step::test ? run_test(term, *values) : run_pair(term, *values);
}

bool Program::run(const Term& term) {
  const auto child = [&](uint32_t i) { return evaluate(children_[term.first + i]); };
  switch (term.step) {
    case Step::never:
      return false;
    case Step::always:
      return true;
    case Step::all:
      for (uint32_t i = 0; i < term.count; ++i)
        if (!child(i)) return false;
      return true;
    case Step::any:
      for (uint32_t i = 0; i < term.count; ++i)
        if (child(i)) return true;
      return false;
    case Step::one: {
      uint32_t holding = 0;
      for (uint32_t i = 0; i < term.count; ++i) holding += child(i) ? 1 : 0;
      return holding == 1;
    }
    case Step::negate:
      return !child(0);
    case Step::exists:
    case Step::test:
    case Step::pair:
      return run_leaf(term);
  }
  return false;
}

bool Program::remembered(uint32_t node, const Thread& thread) {
  const int32_t bit = terms_[node].memo;
  uint64_t* kept = memo_.of(thread, moment_->state);
  if (ThreadMemo::known(kept, bit)) return ThreadMemo::answer(kept, bit);
  const bool answer = run(terms_[node]);
  ThreadMemo::keep(kept, bit, answer);
  return answer;
}

bool Program::evaluate(uint32_t node) {
  const Term& term = terms_[node];
  if (term.by_type >= 0) {
    const TypeAnswers& answers = type_answers_[static_cast<size_t>(term.by_type)];
    const uint16_t type = moment_->event.raw().type;
    if (answers.known[type]) return answers.holds[type];
  }
  if (term.memo >= 0 && moment_->event.thread() != nullptr)
    return remembered(node, *moment_->event.thread());
  return run(term);
}

size_t Program::passes(Id id) {
  const size_t count = steps_[id].size();
  const Root& root = roots_[id];
  const uint16_t type = moment_->event.raw().type;
  if (count == 1 || !root.types[type] || root.certain[type]) return matches(id) ? count : 0;
  const Term& term = terms_[root.node];
  for (size_t i = 0; i < count; ++i)
    if (!evaluate(children_[term.first + i])) return i;
  return count;
}

std::string Program::describe_node(uint32_t node) const {
  const Term& term = terms_[node];
  std::string children;
  for (uint32_t i = 0; i < term.count; ++i)
    children += fmt::format("{}{}", i == 0 ? "" : ", ", describe_node(children_[term.first + i]));
  const std::string_view kept = term.memo >= 0 ? "thread:" : "";
  switch (term.step) {
    case Step::never:
      return "never";
    case Step::always:
      return "always";
    case Step::all:
      return fmt::format("{}all({})", kept, children);
    case Step::any:
      return fmt::format("{}any({})", kept, children);
    case Step::one:
      return fmt::format("{}one({})", kept, children);
    case Step::negate:
      return fmt::format("{}not({})", kept, children);
    default:
      return fmt::format("{}{}{}", kept, term.by_type >= 0 ? "type:" : "", texts_[node]);
  }
}

}  // namespace gyr::filter
