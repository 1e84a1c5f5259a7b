#include <strings.h>

#include <array>

#include "rules/definitions.hpp"

namespace gyr::rules {

namespace {

constexpr std::array<std::string_view, 8> names = {
    "Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug",
};

}  // namespace

std::string_view priority_name(Priority priority) { return names[static_cast<size_t>(priority)]; }

bool parse_priority(std::string_view text, Priority& priority) {
  const std::string word(text);
  for (size_t i = 0; i < names.size(); ++i) {
    if (::strcasecmp(word.c_str(), std::string(names[i]).c_str()) != 0) continue;
    priority = static_cast<Priority>(i);
    return true;
  }
  if (::strcasecmp(word.c_str(), "info") != 0) return false;
  priority = Priority::informational;
  return true;
}

}  // namespace gyr::rules
