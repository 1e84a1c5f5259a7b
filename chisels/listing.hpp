// What -cl and -i print: the chisels by category, and one in full.
//
// Example:
//   fmt::print("{}", list_text(describe_all(), {"top"}));
#pragma once

#include <string>
#include <vector>

#include "chisels/finder.hpp"

namespace gyr::chisels {

/// Those that have all of the words in their name, category or descriptions; no words: all.
std::string list_text(const std::vector<Description>& chisels,
                      const std::vector<std::string>& words);
std::string description_text(const Description& chisel);

}  // namespace gyr::chisels
