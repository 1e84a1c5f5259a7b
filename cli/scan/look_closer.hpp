// The command with which to look closer at an alert.
//
// Example:
//   look_closer("t.scap", 29351);   // gyr -r 't.scap' -n 20 'evt.num>=29351'
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gyr {

/// For a shell, whatever the name of the trace; not yet safe to print.
std::string look_closer(std::string_view trace, uint64_t num);

}  // namespace gyr
