// Where the cases of rules are.
//
// Contract: `case_files_of` gives the files to read: those of the folders tests/ beside the rule
// files, by name and each once, or those that are given. `load_case_files` reads them; a file that
// is wrong as a whole is an outcome of its own.
//
// Example:
//   const auto files = case_files_of(options);
#pragma once

#include <string>
#include <vector>

#include "cli/test/options.hpp"
#include "cli/test/runner.hpp"

namespace gyr {

/// The folder tests/ beside a rule file, or in a folder of rule files.
std::string cases_folder(const std::string& rules);

std::vector<std::string> case_files_of(const TestOptions& options);

std::vector<rules::Case> load_case_files(const std::vector<std::string>& paths,
                                         rules::Loader& loader, std::vector<Outcome>& wrong);

}  // namespace gyr
