// The values of configuration keys.
//
// Contract: `read_value` gives a value of the type that is asked for, or says what is wrong with
// it, names the key and leaves `to` as it is. In every text, ${NAME} stands for a variable of the
// environment, nothing if it is not set, and $${NAME} for ${NAME} itself. A key without a value
// (null) keeps its default.
//
// Example:
//   read_value(node, "http_output.timeout", config.http.timeout, problems);
#pragma once

#include <initializer_list>

#include "cli/scan/config.hpp"
#include "cli/scan/config/problems.hpp"
#include "rules/yaml.hpp"

namespace gyr {

using rules::YamlNode;
using rules::YamlPtr;

/// What replaces ${NAME}.
std::string with_environment(std::string_view text);

using Texts = std::vector<std::string>;
using TextMap = std::map<std::string, std::string>;

void read_value(const YamlNode& node, std::string_view key, bool& to, ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, uint64_t& to, ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, std::string& to,
                ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, Texts& to, ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, TextMap& to, ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, LineFormat& to,
                ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, rules::Priority& to,
                ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, std::vector<RuleSelection>& to,
                ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, std::vector<rules::OutputAddition>& to,
                ConfigProblems& problems);
void read_value(const YamlNode& node, std::string_view key, MergeStrategy& to,
                ConfigProblems& problems);
/// Each a path, or a mapping of path and strategy.
void read_value(const YamlNode& node, std::string_view key, std::vector<IncludedConfig>& to,
                ConfigProblems& problems);

/// What is needed before the keys are read in their order: what is wrong with it is said then.
template <class T>
void read_early(const YamlNode& root, std::string_view key, T& to, const ConfigProblems& problems) {
  ConfigProblems said_later;
  said_later.files = problems.files;
  if (const YamlNode* value = root.find(key)) read_value(*value, key, to, said_later);
}

/// Texts by names that fields can have.
void read_static_fields(const YamlNode& node, std::string_view key, TextMap& to,
                        ConfigProblems& problems);

/// "first" or "all".
void read_matching(const YamlNode& node, std::string_view key, bool& first,
                   ConfigProblems& problems);

/// Says which keys of a mapping are none of `known`, and which stand twice.
void check_keys(const YamlNode& mapping, std::string_view key,
                std::initializer_list<std::string_view> known, ConfigProblems& problems);

}  // namespace gyr
