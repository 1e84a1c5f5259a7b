// Conditions in few words, for people.
//
// Purpose: what a node of a tree is called where there is no room for all of it: explanations,
// profiles, warnings.
//
// Contract: a macro's tree goes by the macro's name, long lists of constants are cut, the rest is
// the canonical text. A text that would become longer than `most` bytes ends in "..."; it is never
// cut inside a character. Control characters are as they were written.
//
// Example:
//   brief(*tree);   // (spawned_process and not proc.name in (a, b, c, d, e, ... 120 more))
#pragma once

#include <string>

#include "filter/rewrite.hpp"

namespace gyr::filter {

/// A comparison, with the first constants of a long list.
std::string brief(const Check& check);
std::string brief(const Part& part);
std::string brief(const Node& node, size_t most = 200);

/// At most that many bytes of it, and then "..." at the end.
std::string cut_short(std::string text, size_t most);

}  // namespace gyr::filter
