// Compiled conditions: what a filter, or all conditions of a rule file, cost per event.
//
// Purpose: one program holds any number of conditions. A condition knows the types of events that
// it can hold for; a comparison is one extraction and one test against constants that were read
// when it was compiled; a field that several comparisons look at is extracted once per event; what
// depends on the thread only is found out once per thread, until the thread changes.
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
  /// Field::needs_enter, of all its fields.
  bool needs_enter(Id id) const { return roots_[id].needs_enter; }
  /// Of an `and`, its terms in the order of evaluation; of anything else, itself: for people.
  const std::vector<std::string>& steps(Id id) const { return steps_[id]; }
  /// As `matches`, but says how many of the steps hold before one fails; all of them: it matches.
  size_t passes(Id id);
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
  bool remembered(uint32_t node, const Thread& thread);
  bool run(const Term& term);
  bool run_leaf(const Term& term);
  bool run_test(const Term& term, const Extraction& values) const;
  bool run_pair(const Term& term, const Extraction& left);
  const Extraction* extract(uint32_t source);
  std::string describe_node(uint32_t node) const;

  std::vector<Term> terms_;
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
