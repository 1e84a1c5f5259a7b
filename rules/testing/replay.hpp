// The alerts that rules give on a trace.
//
// Contract: `alerts_of` reads the trace to its end, by the engine that gyr scan has. An error is
// that of the trace; alerts up to there are lost.
//
// Example:
//   auto alerts = alerts_of("incident.scap.zst", engine);
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "rules/engine.hpp"

namespace gyr::rules {

struct Alert {
  const CompiledRule* rule;
  uint64_t event;  // its number
  std::string message;
};

Result<std::vector<Alert>> alerts_of(const std::string& trace, Engine& engine);

}  // namespace gyr::rules
