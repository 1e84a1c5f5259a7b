// The keys of gyr.yaml: one table for the parser, its messages, --list-config and gyr.yaml(5).
//
// Contract: `preset` is the default in YAML's flow style; the defaults of ScanConfig are what these
// give. `name` has a dot between a group and its keys; keys of a group stand together.
//
// Example:
//   for (const ConfigKey& key : config_keys()) print(key.name, key.doc);
#pragma once

#include <span>
#include <string_view>

#include "cli/scan/config/values.hpp"

namespace gyr {

struct ConfigKey {
  std::string_view name;
  std::string_view type;  // for people: "a number"
  std::string_view preset;
  std::string_view doc;
  void (*set)(ScanConfig&, const YamlNode&, std::string_view key, ConfigProblems&);
};

std::span<const ConfigKey> config_keys();

/// Keys, and groups of them, that Falco has and gyr has no use for.
std::span<const std::string_view> foreign_keys();

}  // namespace gyr
