// What is wrong in a configuration, and the texts it stands in.
//
// Example:
//   problems.error(node.place, "'priority' takes a text, found a list");
#pragma once

#include <string>
#include <vector>

#include "rules/traced_text.hpp"

namespace gyr {

struct ConfigProblems {
  rules::SourceFiles files;
  std::vector<std::string> errors, warnings;
  std::vector<std::string> foreign;  // keys that only Falco has a use for

  void error(rules::Place place, const std::string& message);
};

}  // namespace gyr
