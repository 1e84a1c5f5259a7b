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

bool Program::remembered(const Term& term, const Thread& thread) {
  uint64_t* words = memo_.of(thread, moment_->state);
  if (ThreadMemo::known(words, term.memo)) return ThreadMemo::answer(words, term.memo);
  const bool answer = run(term);
  ThreadMemo::keep(words, term.memo, answer);
  return answer;
}

/// The answer of a term that is asked for more than once per event.
bool Program::kept(Term& term) {
  if (term.serial != serial_) {
    term.answer = run(term);
    term.serial = serial_;
  }
  return term.answer;
}

bool Program::evaluate(uint32_t node) {
  Term& term = terms_[node];
  if (term.by_type >= 0) {
    const TypeAnswers& answers = type_answers_[static_cast<size_t>(term.by_type)];
    const uint16_t type = moment_->event.raw().type;
    if (answers.known[type]) return answers.holds[type];
  }
  if (term.memo >= 0 && moment_->event.thread() != nullptr)
    return remembered(term, *moment_->event.thread());
  return term.shared ? kept(term) : run(term);
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
