// Comparisons: what fits together, and the terms they become.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "filter/compiler.hpp"
#include "filter/escapes.hpp"

namespace gyr::filter {

namespace {

Error located(Error error, Span span) {
  if (!error.offset) error.offset = span.at;
  return error;
}

std::string shown(const Source& value) {
  return fmt::format("{} is a {}{}", value.text(), value.is_list() ? "list of " : "",
                     kind_name(kind_of(value.type())));
}

/// Whether the operator exists for what stands at its left.
Result<void> check_operator(const Check& check, const Source& left) {
  const Kind kind = kind_of(left.type());
  if ((left.flags() & print_only) != 0)
    return fail(Error{fmt::format("{} is for output only", left.text()), check.left.span.at});
  if ((left.flags() & within) != 0 && check.op != Op::eq)
    return fail(Error{fmt::format("{} has no operator but =", left.text()), check.op_span.at});
  if ((left.flags() & resolves_names) != 0 && !has_operator(Kind::address, false, check.op))
    return fail(Error{fmt::format("{} is asked for names of hosts, with {}", left.text(),
                                  operators_of(Kind::address, false)),
                      check.op_span.at});
  if (has_operator(kind, left.is_list(), check.op)) return {};
  return fail(Error{fmt::format("{}, which has no operator {}; there are {}", shown(left),
                                op_name(check.op), operators_of(kind, left.is_list())),
                    check.op_span.at});
}

Result<void> check_constants(const Check& check, const Source& left) {
  const BoundField* field = left.field();
  if (field == nullptr || field->field->check_constant == nullptr) return {};
  const bool whole = check.op == Op::eq || check.op == Op::ne || check.op == Op::in;
  for (const Literal& constant : check.values) {
    if (!whole) break;
    if (auto right = field->field->check_constant(constant.text); !right)
      return fail(located(std::move(right.error()), constant.span));
  }
  return {};
}

Result<Matcher> make_matcher(const Check& check, const Source& left,
                             const std::vector<Literal>& constants) {
  if (kind_of(left.type()) != Kind::bytes)
    for (const Literal& constant : constants)
      if (constant.text.find('\0') != std::string::npos) return fail(nul_error(constant.span.at));
  if ((left.flags() & resolves_names) != 0) return Matcher::of_hosts(constants);
  const Op op = check.op == Op::ne ? Op::eq : (left.flags() & within) != 0 ? Op::le : check.op;
  return Matcher::make(op, left.type(), constants, check.op_span);
}

/// Whether the fields on both sides can be compared.
Result<void> check_pair(const Check& check, const Source& left, const Source& right) {
  const Span where = check.right->span;
  for (const Source* side : {&left, &right})
    if ((side->flags() & no_rhs) != 0)
      return fail(Error{fmt::format("{} cannot be compared with another field", side->text()),
                        side == &left ? check.left.span.at : where.at});
  if (check.op == Op::pmatch || check.op == Op::regex)
    return fail(Error{fmt::format("{} takes constants only", op_name(check.op)), where.at});
  const Kind kind = kind_of(left.type());
  const bool is_set = check.op == Op::in || check.op == Op::intersects;
  const bool same_shape = is_set || left.is_list() == right.is_list();
  if (kind == Kind::network || kind != kind_of(right.type()) || !same_shape)
    return fail(Error{
        fmt::format("these cannot be compared: {}, and {}", shown(left), shown(right)), where.at});
  return {};
}

}  // namespace

/// The same field has one source, unless extracting it twice is not the same as once.
Result<uint32_t> Compiler::source_of(const Operand& operand) {
  auto bound = bind(operand);
  if (!bound) return fail(located(std::move(bound.error()), operand.span));
  const std::string key = bound->text();
  return add_source(std::move(*bound), key);
}

uint32_t Compiler::add_source(Source bound, const std::string& key) {
  auto& known = program_.source_of_text_;
  const bool counts = (bound.flags() & stateful) != 0;
  if (const auto found = known.find(key); found != known.end() && !counts) return found->second;
  const auto index = static_cast<uint32_t>(program_.sources_.size());
  if (!counts) known.emplace(key, index);
  program_.sources_.push_back({std::move(bound), {}});
  return index;
}

Result<Compiler::Built> Compiler::build_check(const Check& check) {
  const auto found = source_of(check.left);
  if (!found) return fail(Error(found.error()));
  if (source(*found).alternatives().size() > 1) return build_alternatives(check, source(*found));
  return build_comparison(check, *found);
}

/// Values of several kinds: the comparison with each kind that it suits, any of which may hold.
Result<Compiler::Built> Compiler::build_alternatives(const Check& check, const Source& left) {
  const auto types = left.alternatives();
  std::vector<Built> children;
  std::optional<Error> refusal;
  std::vector<bool> understood(check.values.size());
  for (const schema::ParamType type : std::vector(types.begin(), types.end())) {
    auto child = build_alternative(check, type, understood);
    if (child)
      children.push_back(std::move(*child));
    else if (!refusal)
      refusal = std::move(child.error());
  }
  const bool all = std::ranges::find(understood, false) == understood.end();
  if (refusal && (children.empty() || !all)) return fail(std::move(*refusal));
  return combine(Step::any, std::move(children));
}

/// Of constants that are alternatives to one another, those that this type can have are enough.
Result<Compiler::Built> Compiler::build_alternative(const Check& check, schema::ParamType type,
                                                    std::vector<bool>& understood) {
  auto bound = bind(check.left);
  if (!bound) return fail(located(std::move(bound.error()), check.left.span));
  bound->choose(type);
  const std::string key = fmt::format("{}\n{}", bound->text(), static_cast<int>(type));
  const uint32_t index = add_source(std::move(*bound), key);
  if (auto fits = check_operator(check, source(index)); !fits) return fail(std::move(fits.error()));
  Check part = check;
  std::optional<Error> refusal;
  if (!check.right) part.values.clear();
  for (size_t i = 0; i < check.values.size(); ++i) {
    auto matcher = make_matcher(check, source(index), {check.values[i]});
    if (matcher) {
      understood[i] = true;
      part.values.push_back(check.values[i]);
    } else if (!refusal) {
      refusal = std::move(matcher.error());
    }
  }
  const bool any_suffices = check.op == Op::in && check.modifier == Modifier::none;
  if (refusal && (part.values.empty() || !any_suffices)) return fail(std::move(*refusal));
  return build_comparison(part, index);
}

Result<Compiler::Built> Compiler::build_comparison(const Check& check, uint32_t index) {
  const Source& left = source(index);
  if (auto fits = check_operator(check, left); !fits) return fail(std::move(fits.error()));
  if (check.op == Op::exists) {
    Term term;
    term.step = Step::exists;
    term.source = index;
    return leaf(term, dump(check.left) + " exists", std::to_string(index));
  }
  if (check.right) return build_pair(check, index);
  if (auto fits = check_constants(check, left); !fits) return fail(std::move(fits.error()));
  if (check.modifier != Modifier::none) return build_modified(check, index);
  return build_test(check, index, check.values);
}

Result<Compiler::Built> Compiler::build_test(const Check& check, uint32_t index,
                                             const std::vector<Literal>& constants) {
  const Source& left = source(index);
  // An empty list: nothing is in it, but every element of an empty list is.
  if (constants.empty() && !left.is_list()) return constant(false);
  auto matcher = make_matcher(check, left, constants);
  if (!matcher) return fail(std::move(matcher.error()));
  Term term;
  term.step = Step::test;
  term.source = index;
  term.negated = check.op == Op::ne;
  const bool all_differ = term.negated && (left.flags() & ne_needs_all) != 0;
  if (left.is_list())
    term.quantifier = check.op == Op::in ? Quantifier::every : Quantifier::any;
  else if (left.has_candidates())
    term.quantifier = all_differ ? Quantifier::every : Quantifier::any;
  term.matcher = static_cast<uint32_t>(program_.matchers_.size());
  term.cost = matcher->cost() + (left.depends() == Depends::event ? 4 : 2);
  program_.matchers_.push_back(std::move(*matcher));
  std::string key = std::to_string(index);
  for (const Literal& constant : constants)
    key += fmt::format("{}{}:{}", constant.quoted ? '"' : ' ', constant.text.size(), constant.text);
  return leaf(term, fmt::format("{} {}*{}", dump(check.left), op_name(check.op), constants.size()),
              std::move(key));
}

/// oneof, anyof and allof: a term per constant.
Result<Compiler::Built> Compiler::build_modified(const Check& check, uint32_t index) {
  std::vector<Built> children;
  for (const Literal& constant : check.values) {
    auto child = build_test(check, index, {constant});
    if (!child) return child;
    children.push_back(std::move(*child));
  }
  if (children.empty()) return constant(false);
  const Step step = check.modifier == Modifier::oneof   ? Step::one
                    : check.modifier == Modifier::anyof ? Step::any
                                                        : Step::all;
  return combine(step, std::move(children));
}

Result<Compiler::Built> Compiler::build_pair(const Check& check, uint32_t index) {
  const auto other = source_of(*check.right);
  if (!other) return fail(Error(other.error()));
  if (auto fits = check_pair(check, source(index), source(*other)); !fits)
    return fail(std::move(fits.error()));
  Term term;
  term.step = Step::pair;
  term.op = check.op == Op::ne ? Op::eq : check.op;
  term.negated = check.op == Op::ne;
  term.source = index;
  term.other = *other;
  term.cost = 12;
  return leaf(term,
              fmt::format("{} {} {}", dump(check.left), op_name(check.op), dump(*check.right)),
              fmt::format("{} {}", index, *other));
}

}  // namespace gyr::filter
