// Settings of the command line: "key.sub=value" over the tree of a configuration file.
//
// Contract: a key is a path: names with dots between, [N] an item of a list, [] behind the last
// one; a backslash takes the meaning from a '.', '[', ']' or '\'. What the path names is replaced
// or made. A value in braces or brackets is YAML, any other one a text. The tree is not changed:
// `with_setting` gives another, which shares what is the same.
//
// Example:
//   auto changed = with_setting(root, "rules[].disable.tag=network", file);
#pragma once

#include "rules/yaml.hpp"

namespace gyr {

/// `file` holds the setting. An error's offset is a byte of it.
Result<rules::YamlPtr> with_setting(const rules::YamlPtr& root, std::string_view setting,
                                    uint32_t file);

}  // namespace gyr
