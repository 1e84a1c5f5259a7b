#include "rules/terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/brief.hpp"
#include "filter/constants.hpp"
#include "filter/matcher.hpp"
#include "filter/source.hpp"

namespace gyr::rules {

using filter::Check;
using filter::Literal;
using filter::Node;
using filter::Op;
using filter::Operand;
using filter::Part;

namespace {

/// A field that has one value, or none, and the same one wherever it is asked for in a condition.
std::optional<schema::ParamType> type_of_one_value(const Operand& operand) {
  auto bound = filter::bind(operand);
  constexpr uint32_t special = filter::stateful | filter::within | filter::resolves_names;
  const bool suits = bound && !bound->is_list() && !bound->has_candidates() &&
                     bound->alternatives().size() < 2 && (bound->flags() & special) == 0;
  return suits ? std::optional(bound->type()) : std::nullopt;
}

bool has_one_value(const Operand& operand) { return type_of_one_value(operand).has_value(); }

bool asks_for_constants(const Check& check) {
  return (check.op == Op::eq || check.op == Op::in) && !check.right &&
         check.modifier == filter::Modifier::none && !check.values.empty();
}

std::string text_of(const Part& part) {
  if (part.node != nullptr) return dump(*part.node);
  Node node;
  node.check = part.check;
  return (part.negated ? "not " : "") + dump(node);
}

/// `a = 1 or a = 2` is `a in (1, 2)`.
Part simplified(Part part) {
  if (part.node == nullptr || part.node->kind != Node::Kind::disjunction) return part;
  std::vector<Part> alternatives = filter::parts_of(*part.node);
  merge(alternatives, Node::Kind::disjunction, has_one_value);
  const bool is_check = alternatives.size() == 1 && alternatives.front().node == nullptr;
  return is_check ? std::move(alternatives.front()) : part;
}

void add_term(Part part, std::vector<Term>& terms) {
  // not (a or b): both not
  if (part.node != nullptr && part.node->kind == Node::Kind::negation &&
      part.node->children.front()->kind == Node::Kind::disjunction) {
    for (Part inner : filter::parts_of(*part.node->children.front())) {
      if (inner.node != nullptr) continue;
      inner.negated = !inner.negated;
      add_term(std::move(inner), terms);
    }
  }
  Term term;
  term.text = text_of(part);
  term.part = simplified(std::move(part));
  const Check& check = term.part.check;
  if (term.part.node == nullptr && has_one_value(check.left)) {
    term.field = dump(check.left);
    if (asks_for_constants(check))
      for (const Literal& value : check.values) term.constants.insert(value.text);
  }
  terms.push_back(std::move(term));
}

/// The value that a constant stands for; false: cannot be said.
bool read_value(schema::ParamType type, const std::string& constant, filter::Value& value) {
  const filter::Kind kind = filter::kind_of(type);
  value.text = constant;
  if (kind == filter::Kind::text) return true;
  const auto number = filter::parse_number(constant);
  // Others are cut to the width of the type.
  constexpr int64_t fits_all = INT8_MAX;
  if (kind != filter::Kind::number || !number || *number < 0 || *number > fits_all) return false;
  value.number = static_cast<uint64_t>(*number);
  return true;
}

/// A term that says something about the value of a field.
class Test {
 public:
  Test(const Term& term, schema::ParamType type) : term_(term) {
    const Check& check = term.part.check;
    const Op op = check.op == Op::ne ? Op::eq : check.op;
    if (check.op == Op::exists || check.right || check.values.empty() ||
        check.modifier != filter::Modifier::none)
      return;
    if (auto matcher = filter::Matcher::make(op, type, check.values, check.op_span))
      matcher_ = std::move(*matcher);
  }

  /// Whether the term can hold where the field has this value.
  bool allows(const filter::Value& value) const {
    const Check& check = term_.part.check;
    if (matcher_) return (matcher_->matches(value) != (check.op == Op::ne)) != term_.part.negated;
    return check.op != Op::exists || !term_.part.negated;
  }
  const Term& term() const { return term_; }

 private:
  const Term& term_;
  std::optional<filter::Matcher> matcher_;
};

/// If no constant that `pin` asks for is right for all other terms about its field: a term that
/// excludes the last one.
const Term* excluding(const Term& pin, const std::vector<Term>& terms) {
  const auto type = type_of_one_value(pin.part.check.left);
  if (!type) return nullptr;
  std::vector<Test> tests;
  for (const Term& term : terms)
    if (&term != &pin && term.field == pin.field) tests.emplace_back(term, *type);
  const Term* found = nullptr;
  for (const std::string& constant : pin.constants) {
    filter::Value value;
    if (!read_value(*type, constant, value)) return nullptr;
    const auto failing =
        std::ranges::find_if(tests, [&](const Test& test) { return !test.allows(value); });
    if (failing == tests.end()) return nullptr;
    found = &failing->term();
  }
  return found;
}

/// One of no constants: what lists that are still to be filled leave.
bool asks_for_nothing(const Term& term) {
  const Check& check = term.part.check;
  return !term.field.empty() && check.op == Op::in && !check.right && check.values.empty() &&
         !term.part.negated;
}

std::optional<std::string> contradiction_between(const std::vector<Term>& terms) {
  const auto empty = std::ranges::find_if(terms, asks_for_nothing);
  if (empty != terms.end()) return brief(empty->part);
  for (const Term& pin : terms) {
    if (pin.constants.empty() || pin.part.negated) continue;
    if (const Term* other = excluding(pin, terms))
      return fmt::format("{} and {}", brief(pin.part), brief(other->part));
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_in_part(const Part& part) {
  if (part.node != nullptr) return contradiction_in(*part.node);
  std::vector<Term> terms;
  add_term(part, terms);
  return contradiction_between(terms);
}

}  // namespace

std::vector<Term> terms_of(const Node& tree) {
  std::vector<Term> terms;
  if (tree.kind == Node::Kind::conjunction) {
    for (Part& part : filter::parts_of(tree)) add_term(std::move(part), terms);
    return terms;
  }
  Part whole;
  whole.negated = tree.kind == Node::Kind::negation;
  const Node& inner = whole.negated ? *tree.children.front() : tree;
  if (inner.kind == Node::Kind::check)
    whole.check = inner.check;
  else
    whole = {&tree, {}, false};
  add_term(std::move(whole), terms);
  return terms;
}

bool implies(const Term& a, const Term& b) {
  if (a.text == b.text) return true;
  if (a.field.empty() || a.field != b.field || a.part.negated != b.part.negated) return false;
  if (a.constants.empty() || b.constants.empty()) return false;
  // Fewer constants are asked for, or more are excluded.
  return a.part.negated ? std::ranges::includes(a.constants, b.constants)
                        : std::ranges::includes(b.constants, a.constants);
}

std::optional<std::string> contradiction_in(const Node& tree) {
  const bool all = tree.kind == Node::Kind::conjunction;
  if (tree.kind != Node::Kind::disjunction)
    if (auto found = contradiction_between(terms_of(tree))) return found;
  if (!all && tree.kind != Node::Kind::disjunction) return std::nullopt;
  std::optional<std::string> first;
  for (const Part& part : filter::parts_of(tree)) {
    auto found = contradiction_in_part(part);
    if (found && all) return found;
    if (!found && !all) return std::nullopt;
    if (!first) first = std::move(found);
  }
  return all ? std::nullopt : first;
}

}  // namespace gyr::rules
