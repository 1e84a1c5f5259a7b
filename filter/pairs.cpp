// Comparisons of two fields.
#include <algorithm>

#include "filter/program.hpp"

namespace gyr::filter {

namespace {

bool ignoring_case(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
  return lower(a) == lower(b);
}

/// Equal, or one before the other; texts by their bytes.
template <class T>
bool in_order(Op op, T left, T right) {
  switch (op) {
    case Op::lt:
      return left < right;
    case Op::le:
      return left <= right;
    case Op::gt:
      return left > right;
    case Op::ge:
      return left >= right;
    default:
      return left == right;
  }
}

bool compare_texts(Op op, std::string_view left, std::string_view right) {
  switch (op) {
    case Op::contains:
      return left.find(right) != std::string_view::npos;
    case Op::icontains:
      return right.empty() || std::search(left.begin(), left.end(), right.begin(), right.end(),
                                          ignoring_case) != left.end();
    case Op::startswith:
      return left.starts_with(right);
    case Op::endswith:
      return left.ends_with(right);
    case Op::glob:
    case Op::iglob:
      return Glob(std::string(right), op == Op::iglob).matches(left);
    default:
      return in_order(op, left, right);
  }
}

bool compare(Op op, schema::ParamType type, const Value& left, const Value& right) {
  switch (kind_of(type)) {
    case Kind::real:
      return in_order(op, left.as_double(), right.as_double());
    case Kind::number:
    case Kind::boolean:
    case Kind::port:
      return is_signed_type(type) ? in_order(op, left.as_signed(), right.as_signed())
                                  : in_order(op, left.number, right.number);
    default:
      return compare_texts(op, left.text, right.text);
  }
}

}  // namespace

bool Program::run_pair(const Term& term, const Extraction& left) {
  const Extraction* right = extract(term.other);
  if (right == nullptr) return false;
  const schema::ParamType type = sources_[term.source].source.type();
  const auto in_right = [&](const Value& value) {
    return std::any_of(right->values().begin(), right->values().end(),
                       [&](const Value& other) { return compare(Op::eq, type, value, other); });
  };
  const auto values = left.values();
  if (term.op == Op::in) return std::all_of(values.begin(), values.end(), in_right);
  if (term.op == Op::intersects) return std::any_of(values.begin(), values.end(), in_right);
  return compare(term.op, type, left.first(), right->first()) != term.negated;
}

}  // namespace gyr::filter
