// Rule files by their paths.
//
// Contract: `load_rule_files` reads files in order, a directory standing for the .yaml and .yml
// files in it by name; what is wrong is in the loader's findings, but for what is found when all is
// compiled. Every file must be right with those before it alone, as in Falco.
//
// Example:
//   rules::Loader loader;
//   load_rule_files(loader, {"rules.d", "local_rules.yaml"});
//   rules::compile_rules(loader.definitions, {}, loader.findings);
//   if (!show_findings(loader, true)) return exit_user_error;
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "rules/loader.hpp"

namespace gyr {

void load_rule_files(rules::Loader& loader, const std::vector<std::string>& paths);

/// On standard error, by place. Not `all`: errors, and what changes which rules are run, whether
/// they can match, or how fast. False: there are errors, whose number is said too.
bool show_findings(rules::Loader& loader, bool all);

/// A directory stands for the files in it whose names end so, by name.
std::vector<std::string> files_of(const std::string& path,
                                  std::initializer_list<std::string_view> ends);

}  // namespace gyr
