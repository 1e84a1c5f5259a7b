// Rewrites of a condition that keep its meaning and make it cheaper.
//
// Purpose: `a=1 or a=2 or a in (3, 4)` asks for a once; `not a=1 and not a=2` too.
//
// Contract: works on one level of `and` or `or`. What it gives holds exactly when what it was given
// did; comparisons keep the offsets of the first one that they were made of.
//
// Example:
//   std::vector<Part> parts = parts_of(node);   // children, nested ones of the same kind included
//   merge(parts, Node::Kind::disjunction);
#pragma once

#include <vector>

#include "filter/ast.hpp"

namespace gyr::filter {

/// A child of an `and` or `or`: another node, or a comparison that may be made of several.
struct Part {
  const Node* node = nullptr;  // nullptr: `check`
  Check check;
  bool negated = false;  // not check
};

std::vector<Part> parts_of(const Node& group);

/// Puts together what asks the same field for one of several constants. `may_merge` says whether
/// a field may be asked so (it may not where it has several values).
void merge(std::vector<Part>& parts, Node::Kind group, bool (*may_merge)(const Operand& field));

}  // namespace gyr::filter
