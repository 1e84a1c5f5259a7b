// Joining and normalising the paths of system calls.
//
// Contract: `append_joined` appends the normalised form of `path`, taken relative to `directory`
// unless it is absolute: no "." or empty components, ".." removes the component before it, no
// trailing slash except for "/". Where directory and path together are longer than
// `max_joined_path` the fixed text `path_too_long` stands instead, as in sysdig.
//
// Example:
//   Text t; append_joined(t, "/usr/lib/", "../share/x");  // "/usr/share/x"
#pragma once

#include <cstdint>
#include <string_view>

#include "base/text.hpp"

namespace gyr {

struct Thread;

/// The directory descriptor that stands for the working directory, as stored in traces.
inline constexpr int64_t at_fdcwd = -100;
inline constexpr size_t max_joined_path = 1024;
inline constexpr std::string_view path_too_long = "/DIR_TOO_LONG/FILENAME_TOO_LONG";
inline constexpr std::string_view unknown_directory = "<UNKNOWN>";
inline constexpr std::string_view not_available = "<NA>";

/// Whether an absolute path is already what joining would make of it.
bool is_normal_path(std::string_view path);

void append_joined(Text& to, std::string_view directory, std::string_view path);

/// The directory that the paths of an *at call start from: that of a descriptor, or the working
/// directory. Ends in '/', but for `unknown_directory`.
void append_directory(Text& to, const Thread& thread, int64_t dirfd);

}  // namespace gyr
