// gyr test: whether rules give the alerts that their cases expect.
//
// Contract: all cases are run, whatever is wrong with some; the report goes to standard output. The
// exit status is 1 when a case failed, or could not be run, or the rules have errors.
//
// Example:
//   return run_test({"rules/default"});
#pragma once

#include <string>
#include <vector>

namespace gyr {

/// `arguments`: what follows the word "test".
int run_test(std::vector<std::string> arguments);

}  // namespace gyr
