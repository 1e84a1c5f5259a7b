// Copies of condition trees, and where they stand.
#include "rules/expand.hpp"

namespace gyr::rules {

namespace {

using namespace filter;

void shift(Operand& operand, uint32_t by) {
  operand.span.at += by;
  for (Operand& inner : operand.operands) shift(inner, by);
}

void shift(Check& check, uint32_t by) {
  shift(check.left, by);
  check.op_span.at += by;
  for (Literal& value : check.values) value.span.at += by;
  if (check.right) shift(*check.right, by);
}

}  // namespace

NodePtr clone(const Node& node) {
  auto copy = std::make_unique<Node>();
  copy->kind = node.kind;
  copy->check = node.check;
  copy->name = node.name;
  copy->macros = node.macros;
  copy->span = node.span;
  for (const NodePtr& child : node.children) copy->children.push_back(clone(*child));
  return copy;
}

void shift(Node& node, uint32_t by) {
  node.span.at += by;
  shift(node.check, by);
  for (const NodePtr& child : node.children) shift(*child, by);
}

}  // namespace gyr::rules
