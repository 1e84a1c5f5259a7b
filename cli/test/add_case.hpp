// gyr test --add: a case out of a part of a trace.
//
// Contract: writes NAME.scap.zst into the folder of the cases and appends a case to cases.yaml
// there (or to the file that --cases names), expecting the alerts that the rules give on it now.
// Never changes what is there: a case, or a trace, of that name is an error.
//
// Example:
//   return add_case(loader, options);
#pragma once

#include <string>

#include "cli/test/options.hpp"
#include "cli/test/runner.hpp"

namespace gyr {

/// Gives the exit status.
int add_case(rules::Loader& loader, const TestOptions& options);

/// A text as YAML has it within a line, in quotes where it needs them.
std::string yaml_scalar(const std::string& text);
/// "a-shell", from "a shell": for the name of a file.
std::string file_stem(std::string_view name);

}  // namespace gyr
