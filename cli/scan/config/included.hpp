// config_files: configuration files that a configuration file names.
//
// Contract: the trees of the files are merged into that of the file that names them, in order, key
// by key at the top level; a directory stands for the files in it, by name. Names come from the
// tree alone. What is wrong with the files goes to the problems, a path that does not exist to the
// warnings; what is wrong with the list itself is left to whoever reads the key's value. The files
// cannot name others. The tree is not changed: another one is given, which shares what is the same.
//
// Example:
//   root = with_included(root, problems);   // config_files: [/etc/gyr/config.d]
#pragma once

#include "cli/scan/config/problems.hpp"
#include "rules/yaml.hpp"

namespace gyr {

inline constexpr std::string_view included_key = "config_files";

/// The mapping that a text is; nullptr: it is empty, or none, which is said.
rules::YamlPtr parse_config(const std::string& text, uint32_t file, ConfigProblems& problems);

/// `root` may be nullptr, and then is given back.
rules::YamlPtr with_included(const rules::YamlPtr& root, ConfigProblems& problems);

}  // namespace gyr
