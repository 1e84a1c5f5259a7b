#include "filter/ast.hpp"

#include <algorithm>
#include <array>

#include "filter/escapes.hpp"

namespace gyr::filter {

namespace {

constexpr std::array<std::string_view, op_count> op_names = {
    "exists",   "=",         "!=",        "<",          "<=",          ">",        ">=",
    "contains", "icontains", "bcontains", "startswith", "bstartswith", "endswith", "glob",
    "iglob",    "regex",     "pmatch",    "in",         "intersects",
};

constexpr std::array<std::string_view, 4> modifier_names = {"", "oneof", "anyof", "allof"};

bool needs_quotes(std::string_view value) {
  if (value.empty() || value == "and" || value == "or" || value == "not") return true;
  return std::ranges::any_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f ||
           std::string_view("()[]\"'\\=,").find(c) != std::string::npos;
  });
}

void append_value(std::string& to, std::string_view value) {
  if (needs_quotes(value))
    to += quote(value);
  else
    to += value;
}

void append_operand(std::string& to, const Operand& operand);

void append_operands(std::string& to, const std::vector<Operand>& operands,
                     std::string_view separator) {
  for (size_t i = 0; i < operands.size(); ++i) {
    if (i != 0) to += separator;
    append_operand(to, operands[i]);
  }
}

void append_operand(std::string& to, const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::field:
    case Operand::Kind::number:
      to += operand.name;
      break;
    case Operand::Kind::text:
      to += quote(operand.name);
      break;
    case Operand::Kind::transformer:
      to += operand.name;
      to += '(';
      append_operands(to, operand.operands, ",");
      to += ')';
      break;
    case Operand::Kind::list:
      to += '(';
      append_operands(to, operand.operands, ", ");
      to += ')';
      break;
  }
  if (operand.arg) {
    to += '[';
    append_value(to, *operand.arg);
    to += ']';
  }
}

void append_right(std::string& to, const Check& check) {
  if (check.right) {
    if (check.right_is_val) to += "val(";
    append_operand(to, *check.right);
    if (check.right_is_val) to += ')';
    return;
  }
  if (check.is_list) to += '(';
  for (size_t i = 0; i < check.values.size(); ++i) {
    if (i != 0) to += ", ";
    append_value(to, check.values[i].text);
  }
  if (check.is_list) to += ')';
}

void append_check(std::string& to, const Check& check) {
  append_operand(to, check.left);
  to += ' ';
  to += op_name(check.op);
  if (check.op == Op::exists) return;
  to += ' ';
  if (check.modifier != Modifier::none) {
    to += modifier_name(check.modifier);
    to += ' ';
  }
  append_right(to, check);
}

void append_node(std::string& to, const Node& node) {
  switch (node.kind) {
    case Node::Kind::conjunction:
    case Node::Kind::disjunction:
      for (const NodePtr& child : node.children) {
        if (child == node.children.front())
          to += '(';
        else
          to += node.kind == Node::Kind::conjunction ? " and " : " or ";
        append_node(to, *child);
      }
      to += ')';
      break;
    case Node::Kind::negation:
      to += "not ";
      append_node(to, *node.children.front());
      break;
    case Node::Kind::check:
      append_check(to, node.check);
      break;
    case Node::Kind::macro:
      to += node.name;
      break;
  }
}

}  // namespace

std::string_view op_name(Op op) { return op_names[static_cast<size_t>(op)]; }

std::string_view modifier_name(Modifier modifier) {
  return modifier_names[static_cast<size_t>(modifier)];
}

std::string dump(const Node& node) {
  std::string text;
  append_node(text, node);
  return text;
}

std::string dump(const Operand& operand) {
  std::string text;
  append_operand(text, operand);
  return text;
}

}  // namespace gyr::filter
