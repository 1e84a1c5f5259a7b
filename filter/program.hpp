// Compiled conditions: what a filter, or all conditions of a rule file, cost per event.
//
// Purpose: one program holds any number of conditions. A condition knows the types of events that
// it can hold for; a comparison is one extraction and one test against constants that were read
// when it was compiled; a field that several comparisons look at is extracted once per event; what
// depends on the thread only is found out once per thread, until the thread changes; and what
// several conditions have in common is one term, evaluated once per event.
//
// Contract: `add` says what is wrong with a condition: unknown fields, operators and constants that
// do not fit, with the offset in its text. `begin` comes once per event, then `matches` any number
// of times. A missing value makes every comparison false, != too. Nothing is allocated per event
// once buffers have grown. Terms are evaluated cheapest first, unless one of them counts.
//
// Example:
//   Program program;
//   auto id = program.add(**parse_filter("evt.type=openat and proc.name=cc1"));
//   program.begin(moment);
//   if (program.matches(*id)) ...
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "filter/ast.hpp"
#include "filter/matcher.hpp"
#include "filter/source.hpp"
#include "filter/thread_memo.hpp"

namespace gyr::filter {

using EventTypes = std::bitset<schema::event_count>;

class Program {
 public:
  using Id = uint32_t;

  Result<Id> add(const Node& tree);

  void begin(const Moment& moment) {
    moment_ = &moment;
    ++serial_;
  }
  bool matches(Id id) {
    const Root& root = roots_[id];
    const uint16_t type = moment_->event.raw().type;
    return root.types[type] && (root.certain[type] || evaluate(root.node));
  }

  /// Events of other types never match.
  const EventTypes& types(Id id) const { return roots_[id].types; }
  /// What is left of a condition for events of one type, and whether it holds for the event that
  /// `begin` was called with, which must be one of them. Made before the first event.
  uint32_t residual(Id id, uint16_t type);
  bool holds(uint32_t residual) { return evaluate(residual); }

  /// What of a condition depends on the thread only: where it does not hold, as `holds` tells, the
  /// condition does not hold for any event until the thread changes. Nothing where there is no such
  /// part or the condition counts. Made before the first event.
  std::optional<uint32_t> thread_part(Id id);

  /// Field::needs_enter, of all its fields.
  bool needs_enter(Id id) const { return roots_[id].needs_enter; }
  /// Of an `and`, its terms in the order of evaluation; of anything else, itself: for people.
  const std::vector<std::string>& steps(Id id) const { return steps_[id]; }
  /// The residual for a type, as its terms in the order of evaluation, each with the index of the
  /// step that it is left of; what is certain for the type has none. Made before the first event.
  struct Stage {
    uint32_t residual;
    uint32_t step;
  };
  std::vector<Stage> stages(Id id, uint16_t type);
  /// Events of these types always match.
  const EventTypes& certain(Id id) const { return roots_[id].certain; }
  /// The tree as it is evaluated, for people who want to see it and for tests.
  std::string describe(Id id) const { return describe_node(roots_[id].node); }

 private:
  friend class Compiler;

  struct Root {
    uint32_t node;
    EventTypes types;    // events of others never match
    EventTypes certain;  // events of these always do
    bool needs_enter;
  };

  enum class Step : uint8_t { never, always, all, any, one, negate, exists, test, pair };

  /// How the values of a field decide.
  enum class Quantifier : uint8_t { first, any, every };

  struct Term {
    Step step = Step::never;
    Quantifier quantifier = Quantifier::first;
    bool negated = false;  // of `test` and `pair`: the comparison is !=
    Op op = Op::eq;        // of `pair`
    int32_t memo = -1;     // index into what is kept per thread; -1: nothing
    uint32_t first = 0;    // of all, any, one, negate: first of `count` in children_
    uint32_t count = 0;
    uint32_t source = 0;   // of exists, test, pair
    uint32_t other = 0;    // of pair: the right-hand source
    uint32_t matcher = 0;  // of test
    int32_t by_type = -1;  // index into type_answers_
    unsigned cost = 1;
    bool shared = false;  // several terms have it as a child: the answer is kept for the event
    bool answer = false;  // for the event with this serial
    uint64_t serial = 0;
  };

  /// What is known about a term.
  struct Built {
    uint32_t node = 0;
    Depends depends = Depends::nothing;
    bool stateful = false;  // evaluating it changes later values: no other order, no memory
    bool needs_enter = false;
    unsigned cost = 1;
    EventTypes can_hold;  // types of events for which it can be true
    EventTypes can_fail;  // and false
  };

  struct Slot {
    Source source;
    Extraction values;
    uint64_t serial = 0;  // of the event that `values` is of
    bool found = false;
  };

  /// The answer for each type of event, of a comparison that only depends on that.
  struct TypeAnswers {
    EventTypes known;
    EventTypes holds;
  };

  bool evaluate(uint32_t node);
  bool remembered(const Term& term, const Thread& thread);
  bool kept(Term& term);
  bool run(const Term& term);
  bool run_leaf(const Term& term);
  bool run_test(const Term& term, const Extraction& values) const;
  bool run_pair(const Term& term, const Extraction& left);
  const Extraction* extract(uint32_t source);
  std::string describe_node(uint32_t node) const;

  std::vector<Term> terms_;
  std::vector<Built> built_;                                // by term
  std::unordered_map<std::string, uint32_t> term_of_text_;  // the canonical text of a term
  std::vector<uint32_t> children_;
  std::vector<Slot> sources_;
  std::unordered_map<std::string, uint32_t> source_of_text_;
  std::vector<Matcher> matchers_;
  std::vector<TypeAnswers> type_answers_;
  std::vector<std::string> texts_;  // of terms that are leaves, by node; for describe
  std::vector<Root> roots_;
  std::vector<std::vector<std::string>> steps_;  // by root
  ThreadMemo memo_;
  const Moment* moment_ = nullptr;
  uint64_t serial_ = 0;
};

}  // namespace gyr::filter
