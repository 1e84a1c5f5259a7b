// gyr completion: what bash, zsh and fish need to complete gyr's words.
//
// Contract: `gyr completion SHELL` prints a script for that shell, made from the tables of options.
// The script asks `gyr completion --words KIND` for what is not known before: one word per line,
// with a tab and its description behind it.
//
// Example:
//   source <(gyr completion bash)
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace gyr {

enum class Shell : uint8_t { bash, zsh, fish };

std::string completion_script(Shell shell);

/// Of kind "fields", "commands" or "chisels".
Result<std::string> completion_words(const std::string& kind);

int run_completion(std::vector<std::string> arguments);

}  // namespace gyr
