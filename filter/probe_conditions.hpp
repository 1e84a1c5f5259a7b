// A filter's conditions on the task in the form in which the probe reads them.
//
// Contract: a condition with more values than there is room for is left out, so that its tasks
// pass.
//
// Example:
//   probe::filter_config config = probe_conditions(part.conditions);
#pragma once

#include "filter/kernel_part.hpp"
#include "probe/filter_config.h"

namespace gyr::filter {

probe::filter_config probe_conditions(const std::vector<TaskCondition>& conditions);

}  // namespace gyr::filter
