// Values that are right, and probably not what was meant.
//
// Purpose: a field without val() around it, where it is compared with another one, is a text; and a
// regular expression that needs none is slower than what it could be. Falco warns of both.
//
// Example:
//   doubt_of(Op::eq, "proc.pname");      // "'proc.pname' is a text here; ..."
//   doubt_of(Op::regex, ".*foo");        // "... say endswith foo"
#pragma once

#include <string>
#include <string_view>

#include "filter/ast.hpp"

namespace gyr::rules {

/// Empty: there is no doubt.
std::string doubt_of(filter::Op op, std::string_view value);

}  // namespace gyr::rules
