// gyr -L: the event types and their parameters.
#pragma once

#include <string>

namespace gyr {

std::string list_events_text();

}  // namespace gyr
