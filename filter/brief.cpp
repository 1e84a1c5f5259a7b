#include "filter/brief.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gyr::filter {

namespace {

/// Of longer lists, the first few are shown.
constexpr size_t longest_list = 8;
constexpr size_t shown_of_list = 5;

void append(std::string& to, const Node& node, size_t most);

void append_group(std::string& to, const Node& node, size_t most) {
  const std::string_view word = node.kind == Node::Kind::conjunction ? " and " : " or ";
  for (const NodePtr& child : node.children) {
    if (to.size() > most) return;
    to += child == node.children.front() ? "(" : word;
    append(to, *child, most);
  }
  to += ')';
}

void append(std::string& to, const Node& node, size_t most) {
  if (!node.macros.empty()) {
    to += node.macros.front();
    return;
  }
  switch (node.kind) {
    case Node::Kind::conjunction:
    case Node::Kind::disjunction:
      append_group(to, node, most);
      break;
    case Node::Kind::negation:
      to += "not ";
      append(to, *node.children.front(), most);
      break;
    case Node::Kind::check:
      to += brief(node.check);
      break;
    case Node::Kind::macro:
      to += node.name;
      break;
  }
}

}  // namespace

std::string brief(const Check& check) {
  Node node;
  node.check = check;
  const size_t count = check.values.size();
  if (count <= longest_list) return dump(node);
  node.check.values.resize(shown_of_list);
  std::string text = dump(node);
  text.pop_back();
  return fmt::format("{}, ... {} more)", text, count - shown_of_list);
}

std::string brief(const Part& part) {
  if (part.node != nullptr) return brief(*part.node);
  return (part.negated ? "not " : "") + brief(part.check);
}

std::string brief(const Node& node, size_t most) {
  std::string text;
  append(text, node, most);
  return cut_short(std::move(text), most);
}

std::string cut_short(std::string text, size_t most) {
  constexpr std::string_view dots = "...";
  if (text.size() <= most) return text;
  size_t end = most - std::min(most, dots.size());
  while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text += dots;
}

}  // namespace gyr::filter
