#include "filter/rewrite.hpp"

#include <optional>

namespace gyr::filter {

namespace {

void take_parts(const Node& node, Node::Kind group, std::vector<Part>& parts) {
  if (node.kind == group) {
    for (const NodePtr& child : node.children) take_parts(*child, group, parts);
    return;
  }
  Part part;
  const bool negated = node.kind == Node::Kind::negation;
  const Node& inner = negated ? *node.children.front() : node;
  if (inner.kind == Node::Kind::check) {
    part.check = inner.check;
    part.negated = negated;
  } else {
    part.node = &node;
  }
  parts.push_back(std::move(part));
}

/// The operator under which a comparison can be put together with its like: "any of the constants".
std::optional<Op> merged_op(const Check& check) {
  if (check.right || check.modifier != Modifier::none) return std::nullopt;
  switch (check.op) {
    case Op::eq:
    case Op::in:
      return check.values.empty() ? std::nullopt : std::optional(Op::in);
    case Op::contains:
    case Op::icontains:
    case Op::startswith:
    case Op::endswith:
    case Op::glob:
    case Op::iglob:
    case Op::pmatch:
    case Op::regex:
      return check.op;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<Part> parts_of(const Node& group) {
  std::vector<Part> parts;
  take_parts(group, group.kind, parts);
  return parts;
}

void merge(std::vector<Part>& parts, Node::Kind group, bool (*may_merge)(const Operand& field)) {
  // In an `or`, the comparisons themselves; in an `and`, those that are negated.
  const bool wants_negated = group == Node::Kind::conjunction;
  std::vector<Part> merged;
  std::vector<std::string> keys;  // of the parts in `merged`; empty: cannot take more
  for (Part& part : parts) {
    std::string key;
    const bool suits = part.node == nullptr && part.negated == wants_negated;
    if (const auto op = suits ? merged_op(part.check) : std::nullopt;
        op && may_merge(part.check.left))
      key = std::string(op_name(*op)) + ' ' + dump(part.check.left);
    size_t into = merged.size();
    for (size_t i = 0; i < merged.size() && !key.empty(); ++i)
      if (keys[i] == key) into = i;
    if (into == merged.size()) {
      merged.push_back(std::move(part));
      keys.push_back(std::move(key));
      continue;
    }
    Check& check = merged[into].check;
    check.values.insert(check.values.end(), part.check.values.begin(), part.check.values.end());
    if (check.op == Op::eq) check.op = Op::in;
    check.is_list = true;
  }
  parts = std::move(merged);
}

}  // namespace gyr::filter
