// The terms of a condition: what must hold, all of it, for a rule to match.
//
// Purpose: what can be said of conditions without an event: that two terms contradict each other,
// that one is implied by another.
//
// Contract: `terms_of` takes a condition apart; an `or` of comparisons of one field with constants
// is one comparison (in). Answers err on the side of "no": terms that are not understood contradict
// nothing and imply only what is written the same.
//
// Example:
//   const std::vector<Term> terms = terms_of(tree);       // proc.name = a and fd.num > 3
//   contradiction_in(tree);                               // "proc.name = a and proc.name = b"
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "filter/rewrite.hpp"

namespace gyr::rules {

struct Term {
  filter::Part part;
  std::string text;  // canonical
  /// The field, where it has one value that is compared with constants; else empty.
  std::string field;
  /// Of `field`, in a comparison by = or in.
  std::set<std::string> constants;
};

std::vector<Term> terms_of(const filter::Node& tree);

/// Whether `b` holds wherever `a` does.
bool implies(const Term& a, const Term& b);

/// What in a condition can never hold, as text.
std::optional<std::string> contradiction_in(const filter::Node& tree);

}  // namespace gyr::rules
