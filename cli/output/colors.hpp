// Terminal colours, those that sysdig's users know.
#pragma once

#include <string_view>

namespace gyr::color {

inline constexpr std::string_view green = "\033[01;32m";
inline constexpr std::string_view cyan = "\033[01;36m";
inline constexpr std::string_view blue = "\033[01;34m";
inline constexpr std::string_view reset = "\033[00m";

}  // namespace gyr::color
