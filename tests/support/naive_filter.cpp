#include "tests/support/naive_filter.hpp"

#include <fnmatch.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "filter/constants.hpp"
#include "filter/matcher.hpp"

namespace gyr::test {

using namespace filter;

namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> names(1);
  for (const char c : path) {
    if (c == '/')
      names.emplace_back();
    else
      names.back() += c;
  }
  std::erase(names, "");
  return names;
}

bool is_below(const std::string& value, const std::string& path) {
  const auto have = components(value), wanted = components(path);
  if (wanted.size() > have.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i)
    if (::fnmatch(wanted[i].c_str(), have[i].c_str(), 0) != 0) return false;
  return true;
}

bool fits_regex(const std::string& value, const std::string& pattern) {
  RE2::Options options;
  options.set_posix_syntax(true);
  options.set_longest_match(true);
  std::string clean;
  append_as_utf8(clean, value);
  return RE2::FullMatch(clean, RE2(pattern, options));
}

bool compare_texts(Op op, const std::string& value, const std::string& constant) {
  switch (op) {
    case Op::contains:
      return value.find(constant) != std::string::npos;
    case Op::bcontains:
      return value.find(*parse_hex(constant)) != std::string::npos;
    case Op::icontains:
      return lower(value).find(lower(constant)) != std::string::npos;
    case Op::startswith:
      return value.substr(0, constant.size()) == constant;
    case Op::bstartswith:
      return value.rfind(*parse_hex(constant), 0) == 0;
    case Op::endswith:
      return value.size() >= constant.size() &&
             value.substr(value.size() - constant.size()) == constant;
    case Op::glob:
      return ::fnmatch(constant.c_str(), value.c_str(), 0) == 0;
    case Op::iglob:
      return ::fnmatch(constant.c_str(), value.c_str(), FNM_CASEFOLD) == 0;
    case Op::regex:
      return fits_regex(value, constant);
    case Op::pmatch:
      return is_below(value, constant);
    default:
      return value == constant;
  }
}

template <class T>
bool compare_numbers(Op op, T value, T constant) {
  return op == Op::lt   ? value < constant
         : op == Op::le ? value <= constant
         : op == Op::gt ? value > constant
         : op == Op::ge ? value >= constant
                        : value == constant;
}

bool compare_integers(Op op, schema::ParamType type, const Value& value, int64_t constant) {
  const auto as = [&]<class T>(T) {
    return compare_numbers(op, static_cast<T>(value.number), static_cast<T>(constant));
  };
  const auto& info = schema::param_types[static_cast<size_t>(type)];
  switch (info.size) {
    case 1:
      return info.is_signed ? as(int8_t{}) : as(uint8_t{});
    case 2:
      return info.is_signed ? as(int16_t{}) : as(uint16_t{});
    case 4:
      return info.is_signed ? as(int32_t{}) : as(uint32_t{});
    default:
      return info.is_signed ? as(int64_t{}) : as(uint64_t{});
  }
}

bool compare(Op op, schema::ParamType type, const Value& value, const std::string& constant) {
  switch (kind_of(type)) {
    case Kind::number:
      return compare_integers(op, type, value, *parse_number(constant));
    case Kind::port:
      return compare_numbers<uint64_t>(op, value.number, *parse_port(constant));
    case Kind::boolean:
      return (value.number != 0) == (constant == "true");
    case Kind::real:
      return compare_numbers(op, value.as_double(), *parse_double(constant));
    case Kind::address:
      return value.text == *parse_address(constant);
    case Kind::network:
      return in_network(value.text, *parse_network(constant));
    default:
      return compare_texts(op, std::string(value.text), constant);
  }
}

struct Left {
  Source source;
  Extraction values;
};

/// One constant, taken as all there is on the right-hand side.
bool holds_for(const Left& left, Op op, const std::string& constant) {
  const auto one = [&](const Value& value) {
    const bool same = compare(op, left.source.type(), value, constant);
    return op == Op::ne ? !same : same;
  };
  const auto values = left.values.values();
  const bool every = op == Op::ne && (left.source.flags() & ne_needs_all) != 0;
  if (left.source.has_candidates())
    return every ? std::all_of(values.begin(), values.end(), one)
                 : std::any_of(values.begin(), values.end(), one);
  return one(values.front());
}

bool in_list(const Left& left, const Check& check) {
  const auto equals_one = [&](const Value& value) {
    return std::any_of(check.values.begin(), check.values.end(), [&](const Literal& literal) {
      return compare(Op::eq, left.source.type(), value, literal.text);
    });
  };
  const auto values = left.values.values();
  const bool every = left.source.is_list() && check.op == Op::in;
  return every ? std::all_of(values.begin(), values.end(), equals_one)
               : std::any_of(values.begin(), values.end(), equals_one);
}

bool holds(const Check& check, const Moment& moment) {
  Left left{*bind(check.left), {}};
  if (!left.source.extract(moment, left.values)) return false;
  if (check.op == Op::exists) return true;
  if (check.op == Op::in || check.op == Op::intersects) return in_list(left, check);
  size_t holding = 0;
  for (const Literal& literal : check.values) holding += holds_for(left, check.op, literal.text);
  switch (check.modifier) {
    case Modifier::allof:
      return !check.values.empty() && holding == check.values.size();
    case Modifier::oneof:
      return holding == 1;
    default:
      return holding > 0;
  }
}

}  // namespace

bool naive_matches(const Node& tree, const Moment& moment) {
  const auto child = [&](const NodePtr& node) { return naive_matches(*node, moment); };
  switch (tree.kind) {
    case Node::Kind::conjunction:
      return std::all_of(tree.children.begin(), tree.children.end(), child);
    case Node::Kind::disjunction:
      return std::any_of(tree.children.begin(), tree.children.end(), child);
    case Node::Kind::negation:
      return !child(tree.children.front());
    case Node::Kind::check:
      return holds(tree.check, moment);
    case Node::Kind::macro:
      break;
  }
  return false;
}

}  // namespace gyr::test
