// Just enough of YAML for the rule files that Falco publishes.
//
// Contract: the entries of a file in order: rules, macros and lists. A text is a plain scalar or a
// block, over as many lines as are indented deeper; items are as they stand between the brackets,
// separated by commas. Appended and overridden entries come as entries of their own.
//
// Example:
//   for (const RuleEntry& entry : read_rule_file(path)) parse_filter(entry.condition);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gyr::test {

struct RuleEntry {
  std::string kind;  // "rule", "macro" or "list"
  std::string name;
  std::string condition;
  std::vector<std::string> items;
};

std::vector<RuleEntry> read_rule_file(const std::filesystem::path& path);

}  // namespace gyr::test
