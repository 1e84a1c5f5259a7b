#include "rules/expand.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/parser.hpp"
#include "filter/wording.hpp"
#include "rules/exceptions.hpp"

namespace gyr::rules {

using filter::Node;
using filter::NodePtr;

namespace {

/// Nodes and names that are copied for the macros of all rules: a small file can name macros in
/// macros that double each time.
constexpr size_t max_copied = 1u << 20;

size_t size_of(const Node& node) {
  size_t size = 1 + node.macros.size();
  for (const NodePtr& child : node.children) size += size_of(*child);
  return size;
}

bool is_group(const Node& node) {
  return node.kind == Node::Kind::conjunction || node.kind == Node::Kind::disjunction;
}

size_t height_of(const Node& node) {
  size_t height = 0;
  for (const NodePtr& child : node.children) height = std::max(height, height_of(*child));
  return height + (is_group(node) ? 1 : 0);
}

/// `not m`, where m is `not x`: x, which remembers m.
NodePtr without_double_negation(NodePtr node) {
  const NodePtr macro = std::move(node->children.front());
  NodePtr inner = std::move(macro->children.front());
  for (auto name = macro->macros.rbegin(); name != macro->macros.rend(); ++name)
    inner->macros.insert(inner->macros.begin(), "not " + *name);
  return inner;
}

}  // namespace

Expander::Expander(const Definitions& definitions, Findings& findings)
    : definitions_(definitions), findings_(findings) {
  resolve_lists();
  const std::vector<Macro>& macros = definitions.macros;
  for (size_t i = 0; i < macros.size(); ++i) macro_of_name_.emplace(macros[i].name.text(), i);
  macros_.resize(macros.size());
  for (size_t i = 0; i < macros.size(); ++i) macro_tree(i, 0);
}

NodePtr Expander::parse(TracedText text, std::string owner) {
  const uint32_t base = next_base_;
  next_base_ += static_cast<uint32_t>(text.size()) + 1;
  sources_.push_back({std::move(text), std::move(owner), base});
  const Source& source = sources_.back();
  auto tree = filter::parse_filter(source.text.text(), {.strict = true});
  if (tree) {
    shift(**tree, base);
    return std::move(*tree);
  }
  const uint64_t offset = base + tree.error().offset.value_or(0);
  findings_.error(Code::compile_condition, place_at(offset), tree.error().message,
                  context_at(offset, source.owner));
  return nullptr;
}

/// The tree of a macro, with the macros in it put in. `level`: what is open around it.
const Expander::MacroTree& Expander::macro_tree(size_t index, size_t level) {
  MacroTree& macro = macros_[index];
  if (macro.state != State::untouched) return macro;
  macro.state = State::open;
  open_.push_back(index);
  const Macro& definition = definitions_.macros[index];
  const Owner owner{fmt::format("macro '{}'", definition.name.text()), definition.visibility};
  NodePtr tree = parse(with_lists(definition.condition), owner.name);
  if (tree != nullptr) tree = resolved(std::move(tree), owner, level);
  macro.height = tree == nullptr ? 0 : height_of(*tree);
  macro.tree = std::move(tree);
  macro.state = State::done;
  open_.pop_back();
  return macro;
}

/// What a name stands for; nullptr: nothing that can be put in, which is said.
const Expander::MacroTree* Expander::find_macro(const Node& name, const Owner& owner,
                                                size_t level) {
  const auto refuse = [&](const std::string& message) {
    findings_.error(Code::validate, place_at(name.span.at), message,
                    context_at(name.span.at, owner.name));
    return nullptr;
  };
  const auto found = macro_of_name_.find(name.name);
  if (found == macro_of_name_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [each, index] : macro_of_name_) names.push_back(each);
    return refuse(fmt::format("there is no macro {}{}", filter::shown(name.name),
                              filter::did_you_mean(name.name, names)));
  }
  if (definitions_.macros[found->second].index >= owner.visibility)
    return refuse(fmt::format("the macro {} is defined behind this one", filter::shown(name.name)));
  if (macros_[found->second].state == State::open)
    return refuse(fmt::format("the macro {} uses itself", filter::shown(name.name)));
  const auto is_too_deep = [&](size_t height) { return level + height > filter::max_depth; };
  const MacroTree* macro = is_too_deep(0) ? nullptr : &macro_tree(found->second, level + 1);
  if (macro == nullptr || is_too_deep(macro->height))
    return refuse(
        fmt::format("with the macro {}, there are more than {} levels of 'and', 'or' and "
                    "macros inside each other",
                    filter::shown(name.name), filter::max_depth));
  macros_[found->second].used = true;
  return macro;
}

NodePtr Expander::copy_of_macro(const Node& name, const Owner& owner, size_t level) {
  const MacroTree* macro = find_macro(name, owner, level);
  if (macro == nullptr || macro->tree == nullptr) return nullptr;
  copied_ += size_of(*macro->tree);
  if (copied_ <= max_copied) {
    NodePtr copy = clone(*macro->tree);
    copy->macros.insert(copy->macros.begin(), name.name);
    return copy;
  }
  findings_.error(Code::validate, place_at(name.span.at),
                  "the macros in macros are too large together",
                  context_at(name.span.at, owner.name));
  return nullptr;
}

/// Puts macros in. All names that are none are reported, then nullptr is given. `level`: of `and`
/// and `or` that are open around the node, and of macros that are.
NodePtr Expander::resolved(NodePtr node, const Owner& owner, size_t level) {
  if (node->kind == Node::Kind::macro) return copy_of_macro(*node, owner, level);
  bool whole = true;
  for (NodePtr& child : node->children) {
    child = resolved(std::move(child), owner, level + (is_group(*node) ? 1 : 0));
    whole = whole && child != nullptr;
  }
  if (!whole) return nullptr;
  if (node->kind == Node::Kind::negation && node->children.front()->kind == Node::Kind::negation)
    return without_double_negation(std::move(node));
  return node;
}

TracedText Expander::condition_of(const Rule& rule) {
  return with_lists(with_exceptions(rule.condition, rule.exceptions));
}

NodePtr Expander::tree_of(const Rule& rule) {
  const Owner owner{fmt::format("rule '{}'", rule.name.text()), SIZE_MAX};
  NodePtr tree = parse(condition_of(rule), owner.name);
  return tree == nullptr ? nullptr : resolved(std::move(tree), owner, 0);
}

const Expander::Source& Expander::source_at(uint64_t offset) const {
  const auto behind = std::ranges::upper_bound(sources_, offset, {}, &Source::base);
  return *std::prev(behind);
}

Place Expander::place_at(uint64_t offset) const {
  const Source& source = source_at(offset);
  return source.text.place(offset - source.base);
}

/// "in list 'X', in macro 'Y', used by rule 'Z'".
std::string Expander::context_at(uint64_t offset, const std::string& used_by) const {
  const Place place = place_at(offset);
  std::string context;
  for (const List& list : definitions_.lists) {
    const bool inside = std::ranges::any_of(list.items, [&](const TracedText& item) {
      return item.begin().file == place.file && item.begin().at <= place.at &&
             place.at <= item.place(item.size()).at;
    });
    if (inside) context = fmt::format("in list '{}', ", list.name.text());
  }
  const std::string& owner = source_at(offset).owner;
  context += "in " + owner;
  if (owner != used_by) context += ", used by " + used_by;
  return context;
}

void Expander::report(Code code, uint64_t offset, const std::string& message, const Rule& rule) {
  findings_.add({code, place_at(offset), message,
                 context_at(offset, fmt::format("rule '{}'", rule.name.text()))});
}

void Expander::report_unused() {
  for (size_t i = 0; i < macros_.size(); ++i)
    if (!macros_[i].used)
      findings_.warn(Code::unused_macro, definitions_.macros[i].name.begin(),
                     fmt::format("no rule and no macro uses the macro '{}'",
                                 definitions_.macros[i].name.text()));
  for (size_t i = 0; i < list_used_.size(); ++i)
    if (!list_used_[i])
      findings_.warn(Code::unused_list, definitions_.lists[i].name.begin(),
                     fmt::format("no rule, macro or list uses the list '{}'",
                                 definitions_.lists[i].name.text()));
}

}  // namespace gyr::rules
