// Text as roff, for the generated parts of the manual pages.
//
// Contract: what goes in is shown as it is: hyphens stay hyphens that can be searched for and
// pasted, backslashes and leading dots are no requests.
//
// Example:
//   roff::bold("-n")   // "\fB\-n\fR"
#pragma once

#include <string>
#include <string_view>

namespace gyr::roff {

std::string escaped(std::string_view text);
std::string bold(std::string_view text);
std::string italic(std::string_view text);

}  // namespace gyr::roff
