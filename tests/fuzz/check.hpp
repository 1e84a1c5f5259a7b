// Stops a fuzz target where something does not hold that always must.
//
// Example:
//   check(line.back() == '\n', "a line without an end");
#pragma once

#include <cstdio>
#include <cstdlib>

namespace gyr::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "check failed: %s\n", what);
  std::abort();
}

}  // namespace gyr::fuzz
