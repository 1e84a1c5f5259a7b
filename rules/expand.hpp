// From definitions to one tree per rule: lists put in as text, macros as trees.
//
// Purpose: what filter/ compiles. Every span in a tree is a position in one space that all texts
// share, so an error at any depth of macros has its place in a file.
//
// Contract: lists are text: each delimited occurrence of a list's name in a condition is replaced,
// in quotes too, as Falco does. An Expander parses and resolves all macros at once; what is wrong
// goes to the findings. `tree_of` gives nullptr for a rule that has errors. A macro sees the macros
// with a smaller index than its visibility; a rule sees all.
//
// Example:
//   Expander expander(definitions, findings);
//   NodePtr tree = expander.tree_of(rule);
//   expander.report(Code::compile_condition, error, rule);   // an error of Program::add
#pragma once

#include <map>

#include "filter/ast.hpp"
#include "rules/definitions.hpp"
#include "rules/diagnostics.hpp"

namespace gyr::rules {

class Expander {
 public:
  Expander(const Definitions& definitions, Findings& findings);

  filter::NodePtr tree_of(const Rule& rule);
  /// An error of the filter compiler in the tree of a rule.
  void report(Code code, uint64_t offset, const std::string& message, const Rule& rule);
  /// The macros and lists that nothing refers to, as warnings; when all rules have been expanded.
  void report_unused();

  /// The condition of a rule with its exceptions and lists, as it is parsed.
  TracedText condition_of(const Rule& rule);

 private:
  struct Source {
    TracedText text;
    std::string owner;  // "macro 'X'"
    uint32_t base = 0;
  };
  enum class State : uint8_t { untouched, open, done };
  struct MacroTree {
    filter::NodePtr tree;  // nullptr: has errors
    size_t height = 0;     // levels of `and` and `or` in each other
    State state = State::untouched;
    bool used = false;
  };

  void resolve_lists();
  TracedText with_lists(TracedText text);
  filter::NodePtr parse(TracedText text, std::string owner);
  /// Whose text it is, and which macros it sees.
  struct Owner {
    std::string name;
    size_t visibility;
  };
  filter::NodePtr resolved(filter::NodePtr node, const Owner& owner, size_t level);
  filter::NodePtr copy_of_macro(const filter::Node& name, const Owner& owner, size_t level);
  const MacroTree* find_macro(const filter::Node& name, const Owner& owner, size_t level);
  const MacroTree& macro_tree(size_t index, size_t level);
  const Source& source_at(uint64_t offset) const;
  Place place_at(uint64_t offset) const;
  std::string context_at(uint64_t offset, const std::string& used_by) const;

  const Definitions& definitions_;
  Findings& findings_;
  std::vector<TracedText> list_texts_;  // by list: what its name is replaced with
  std::vector<bool> list_used_;
  std::vector<MacroTree> macros_;
  std::map<std::string, size_t, std::less<>> macro_of_name_;
  std::vector<size_t> open_;  // macros that are being resolved
  std::vector<Source> sources_;
  uint32_t next_base_ = 0;
  size_t copied_ = 0;  // nodes
};

/// A copy of a tree.
filter::NodePtr clone(const filter::Node& node);
/// Moves all spans of a tree.
void shift(filter::Node& node, uint32_t by);

}  // namespace gyr::rules
