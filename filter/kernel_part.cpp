#include "filter/kernel_part.hpp"

#include <algorithm>
#include <optional>

#include "filter/constants.hpp"
#include "filter/wanted_calls.hpp"
#include "probe/filter_config.h"

namespace gyr::filter {

namespace {

using Condition = TaskCondition;
using Kind = TaskCondition::Kind;

constexpr uint32_t no_user = UINT32_MAX;  // of placeholders, and after setreuid(.., -1)
constexpr std::string_view no_name = "<NA>";

std::optional<Kind> kind_of_field(const Operand& operand) {
  constexpr std::pair<std::string_view, Kind> kinds[] = {{"proc.pid", Kind::pid},
                                                         {"thread.tid", Kind::tid},
                                                         {"proc.ppid", Kind::parent_pid},
                                                         {"user.uid", Kind::uid},
                                                         {"proc.name", Kind::name}};
  if (operand.kind != Operand::Kind::field || operand.arg) return std::nullopt;
  for (const auto& [name, kind] : kinds)
    if (operand.name == name) return kind;
  return std::nullopt;
}

/// Adds a constant, unless no known thread has it as its value. False: the kernel cannot tell.
bool add_constant(Condition& condition, const std::string& text) {
  if (condition.kind == Kind::name) {
    const bool possible = !text.empty() && text.size() < probe::comm_size &&
                          text.find('\0') == std::string::npos && text != no_name;
    if (possible) condition.names.push_back(text);
    return condition.negated || text != no_name;
  }
  const auto number = parse_number(text);
  if (!number) return false;
  if (condition.kind == Kind::uid) {
    const auto uid = static_cast<uint32_t>(*number);  // cut, as the matcher does
    condition.numbers.push_back(uid);
    return uid != no_user;
  }
  if (condition.kind == Kind::parent_pid && *number <= 0) return false;
  if (*number >= 0 && *number <= INT32_MAX)
    condition.numbers.push_back(static_cast<uint32_t>(*number));
  return true;
}

bool may_be_negated(Kind kind) { return kind != Kind::parent_pid && kind != Kind::uid; }

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void sort_unique(Condition& condition) {
  sort_unique(condition.numbers);
  sort_unique(condition.names);
}

std::optional<Condition> condition_of(const Check& check) {
  const auto kind = kind_of_field(check.left);
  const bool negated = check.op == Op::ne;
  if (!kind || check.right || check.modifier != Modifier::none) return std::nullopt;
  if (check.op != Op::eq && check.op != Op::in && !negated) return std::nullopt;
  if (check.values.empty() || (negated && !may_be_negated(*kind))) return std::nullopt;
  Condition condition{.kind = *kind, .negated = negated};
  for (const Literal& constant : check.values)
    if (!add_constant(condition, constant.text)) return std::nullopt;
  sort_unique(condition);
  return condition;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::optional<Condition> condition_of(const Node& node);

/// An `or` of comparisons that ask one field for equality.
std::optional<Condition> union_of(const std::vector<NodePtr>& nodes) {
  std::optional<Condition> all;
  for (const NodePtr& node : nodes) {
    const auto one = condition_of(*node);
    if (!one || one->negated || (all && all->kind != one->kind)) return std::nullopt;
    if (!all) {
      all = one;
    } else {
      append(all->numbers, one->numbers);
      append(all->names, one->names);
    }
  }
  sort_unique(*all);
  return all;
}

/// Not what is negated twice: `not X != 5` holds where there is no X.
std::optional<Condition> negation_of(const Node& node) {
  auto condition = condition_of(node);
  if (!condition || condition->negated || !may_be_negated(condition->kind)) return std::nullopt;
  condition->negated = true;
  return condition;
}

std::optional<Condition> condition_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::check:
      return condition_of(node.check);
    case Node::Kind::disjunction:
      return union_of(node.children);
    case Node::Kind::negation:
      return negation_of(*node.children.front());
    default:
      return std::nullopt;
  }
}

/// What is in `from` and, as `listed` says, in `in` or not.
template <class T>
std::vector<T> chosen(const std::vector<T>& from, const std::vector<T>& in, bool listed) {
  std::vector<T> result;
  for (const T& value : from)
    if (std::binary_search(in.begin(), in.end(), value) == listed) result.push_back(value);
  return result;
}

Condition both(const Condition& a, const Condition& b) {
  if (a.negated && !b.negated) return both(b, a);
  Condition result = a;
  if (a.negated) {
    append(result.numbers, b.numbers);
    append(result.names, b.names);
    sort_unique(result);
  } else {
    result.numbers = chosen(a.numbers, b.numbers, !b.negated);
    result.names = chosen(a.names, b.names, !b.negated);
  }
  return result;
}

bool fits(const Condition& condition) {
  return std::max(condition.numbers.size(), condition.names.size()) <= probe::condition_values;
}

/// False: more values than the kernel compares with.
bool take_condition(KernelPart& part, const Condition& condition) {
  for (Condition& known : part.conditions) {
    if (known.kind != condition.kind) continue;
    Condition joined = both(known, condition);
    if (!fits(joined)) return false;
    known = std::move(joined);
    return true;
  }
  if (!fits(condition)) return false;
  part.conditions.push_back(condition);
  return true;
}

bool is_of_program(const Operand& operand) {
  if (operand.kind != Operand::Kind::field)
    return std::all_of(operand.operands.begin(), operand.operands.end(),
                       [](const Operand& each) { return is_of_program(each); });
  const auto source = bind(operand);
  return source && (source->flags() & of_program) != 0;
}

/// Whether a term has one answer for as long as a thread runs the same program.
bool is_of_program(const Node& node) {
  const Check& check = node.check;
  if (node.kind == Node::Kind::check)
    return is_of_program(check.left) && (!check.right || is_of_program(*check.right));
  return !node.children.empty() &&
         std::all_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return is_of_program(*child); });
}

bool is_taken(KernelPart& part, const Node& node) {
  if (decided_by_type(node)) return true;
  const auto condition = condition_of(node);
  return condition && take_condition(part, *condition);
}

void take_term(KernelPart& part, const Node& node) {
  auto& terms = is_taken(part, node)  ? part.in_kernel
                : is_of_program(node) ? part.by_marks
                                      : part.not_in_kernel;
  terms.push_back(dump(node));
}

void take_terms(KernelPart& part, const Node& node) {
  if (node.kind != Node::Kind::conjunction) return take_term(part, node);
  for (const NodePtr& child : node.children) take_terms(part, *child);
}

bool depends_on_stream(const Operand& operand) {
  const auto source = bind(operand);
  return !source || (source->flags() & (stateful | of_stream)) != 0;
}

bool depends_on_stream(const Node& node) {
  const Check& check = node.check;
  if (node.kind == Node::Kind::check)
    return depends_on_stream(check.left) || (check.right && depends_on_stream(*check.right));
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return depends_on_stream(*child); });
}

}  // namespace

KernelPart kernel_part(const Node& tree, const EventTypes& types) {
  KernelPart part;
  if (depends_on_stream(tree)) {
    part.types.set();
    part.calls.assign(schema::syscalls.size(), true);
    part.not_in_kernel.push_back(dump(tree));
    return part;
  }
  part.types = types;
  part.calls = wanted_calls(tree, types);
  take_terms(part, tree);
  return part;
}

}  // namespace gyr::filter
