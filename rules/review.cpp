#include "rules/review.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine.hpp"
#include "rules/terms.hpp"

namespace gyr::rules {

namespace {

filter::EventTypes without_enters(filter::EventTypes types) {
  for (uint16_t type = 0; type < schema::event_count; ++type)
    if (is_enter_of_call(type)) types.reset(type);
  return types;
}

/// Those that a rule is about, of those that it can hold for. What the generic events are follows
/// from the call that they name, and asynchronous ones have names of their own: conditions by type
/// are never certain for them.
filter::EventTypes meant_types(filter::EventTypes types) {
  types = without_enters(types);
  filter::EventTypes others = types;
  others.reset(schema::type::asyncevent_enter).reset(schema::type::generic_exit);
  return others.any() ? others : types;
}

/// Only for the beginning of calls, which no rule is asked about.
bool is_about_enter_only(filter::EventTypes types) {
  types.reset(schema::type::asyncevent_enter);
  return types.any() && without_enters(types).none();
}

/// "open or openat" of types, each once; empty: too many to name.
std::string names_of(const filter::EventTypes& types) {
  constexpr size_t most = 6;
  std::vector<std::string_view> names;
  for (uint16_t type = 0; type < schema::event_count; ++type) {
    const std::string_view name = schema::events[type].name;
    if (types[type] && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names.size() > most ? "" : fmt::format("{}", fmt::join(names, " or "));
}

/// A rule as far as it is compared with others.
struct Reviewed {
  const CompiledRule* rule;
  std::vector<Term> terms;
  filter::EventTypes types;
};

class Review {
 public:
  Review(const RuleProgram& compiled, ReviewOptions options, Findings& findings)
      : compiled_(compiled), options_(options), findings_(findings) {}

  void run();

 private:
  bool warn_of_never(const CompiledRule& rule);
  void warn_of_everything(const CompiledRule& rule);
  void warn_of_shadow(const Reviewed& rule);
  void warn(Code code, const CompiledRule& rule, std::string message) {
    findings_.warn(code, rule.place, std::move(message), fmt::format("in rule '{}'", rule.name));
  }

  const RuleProgram& compiled_;
  ReviewOptions options_;
  Findings& findings_;
  std::vector<Reviewed> earlier_;
};

void Review::run() {
  for (const CompiledRule& rule : compiled_.rules) {
    // What never matches hides nothing, and is hidden by anything.
    if (warn_of_never(rule)) continue;
    warn_of_everything(rule);
    Reviewed reviewed{&rule, terms_of(*rule.tree), compiled_.program.types(rule.id)};
    warn_of_shadow(reviewed);
    earlier_.push_back(std::move(reviewed));
  }
}

bool Review::warn_of_never(const CompiledRule& rule) {
  const filter::EventTypes& types = compiled_.program.types(rule.id);
  const auto contradiction = contradiction_in(*rule.tree);
  if (contradiction)
    warn(Code::never_matches, rule,
         fmt::format("the rule can never match: it asks for {}", *contradiction));
  else if (types.none())
    warn(Code::never_matches, rule,
         "the rule can never match: its condition fits no type of event");
  else if (is_about_enter_only(types))
    warn(Code::never_matches, rule,
         "the rule can never match: it asks for calls that begin, and rules are about calls that "
         "have ended");
  else
    return false;
  return true;
}

void Review::warn_of_everything(const CompiledRule& rule) {
  const filter::EventTypes types = meant_types(compiled_.program.types(rule.id));
  if ((types & ~compiled_.program.certain(rule.id)).any()) return;
  const std::string names = names_of(types);
  warn(Code::matches_everything, rule,
       names.empty()
           ? "every event that the rule is asked for is an alert: the condition says "
             "nothing but the type of event"
           : fmt::format("every event of type {} is an alert: the condition says nothing else",
                         names));
}

/// Whether `a` holds wherever `b` does.
bool covers(const Reviewed& a, const Reviewed& b) {
  return (b.types & ~a.types).none() && std::ranges::all_of(a.terms, [&](const Term& wanted) {
           return std::ranges::any_of(b.terms,
                                      [&](const Term& term) { return implies(term, wanted); });
         });
}

void Review::warn_of_shadow(const Reviewed& rule) {
  for (const Reviewed& before : earlier_) {
    if (!covers(before, rule)) continue;
    const bool same = covers(rule, before);
    if (!same && !options_.first_only) continue;
    warn(Code::shadowed, *rule.rule,
         same ? fmt::format("the rule '{}' has the same condition", before.rule->name)
              : fmt::format("the rule '{}' comes before and matches whenever this one would",
                            before.rule->name));
    return;
  }
}

}  // namespace

void review_rules(const RuleProgram& compiled, ReviewOptions options, Findings& findings) {
  Review(compiled, options, findings).run();
}

}  // namespace gyr::rules
