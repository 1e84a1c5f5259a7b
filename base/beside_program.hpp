// Folders that come with the program, where it was installed or where it was built.
//
// Contract: `places` are relative to the folder that the running program is in; those that are
// folders are given, in that order, absolute and without "..".
//
// Example:
//   folders_beside_program({"../share/gyr/chisels", "../../chisels/scripts"});
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

namespace gyr {

std::vector<std::string> folders_beside_program(std::initializer_list<const char*> places);

}  // namespace gyr
