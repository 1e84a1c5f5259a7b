// Where chisels are: the folders that are searched, and what a file says of itself.
//
// Contract: folders in the order of the search: $GYR_CHISEL_PATH (':' between them),
// $SYSDIG_CHISEL_DIR (';'), ./chisels, ~/.config/gyr/chisels, ~/.chisels, gyr's own, sysdig's. A
// name may also be a path. A file without a `description` is no chisel (helper modules, csysdig's
// views); one that cannot be run is none either, and is passed over in listings.
//
// Example:
//   auto path = find_chisel("topprocs_cpu");
//   for (const Description& chisel : describe_all()) ...
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "chisels/lua_state.hpp"

namespace gyr::chisels {

struct ArgumentRow {
  std::string name, description, type;
  bool optional = false;
};

/// What the globals of a chisel say.
struct Description {
  std::string name, path;
  std::string category, brief, full;
  std::vector<ArgumentRow> arguments;
  bool hidden = false;
  bool for_today = false;  // `dialect` is "today": it knows today's events and values

  size_t required() const;
};

std::vector<std::string> chisel_folders();
Result<std::string> find_chisel(const std::string& name);

/// Reads the globals of a file that has been run.
Description description_of(const LuaState& lua, const std::string& name, const std::string& path);
/// Runs the file for its globals alone.
Result<Description> describe(const std::string& name);
/// All chisels that are not hidden, by category and name; of those with the same name the first.
std::vector<Description> describe_all();

}  // namespace gyr::chisels
