#include "cli/scan/look_closer.hpp"

#include <fmt/format.h>

namespace gyr {

namespace {

/// As a shell takes it for one word.
std::string quoted(std::string_view word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string look_closer(std::string_view trace, uint64_t num) {
  return fmt::format("gyr -r {} -n 20 'evt.num>={}'", quoted(trace), num);
}

}  // namespace gyr
