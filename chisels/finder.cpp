#include "chisels/finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/beside_program.hpp"
#include "chisels/api.hpp"

namespace gyr::chisels {

namespace {

namespace files = std::filesystem;

void add_split(std::vector<std::string>& folders, const char* list, char separator) {
  std::string_view rest = list != nullptr ? list : "";
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(separator), rest.size());
    if (end != 0) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

bool is_file(const std::string& path) {
  std::error_code error;
  return files::is_regular_file(path, error);
}

/// The file, if there is one with the name or with the name and ".lua".
std::string file_at(const std::string& path) {
  if (is_file(path + ".lua")) return path + ".lua";
  return is_file(path) ? path : "";
}

std::string text_field(lua_State* lua, const char* key) {
  lua_getfield(lua, -1, key);
  const std::string text = lua_isstring(lua, -1) != 0 ? lua_tostring(lua, -1) : "";
  lua_pop(lua, 1);
  return text;
}

std::vector<ArgumentRow> read_arguments(lua_State* lua) {
  std::vector<ArgumentRow> rows;
  lua_getglobal(lua, "args");
  const bool is_table = lua_istable(lua, -1);
  for (int i = 1; is_table; ++i) {
    lua_rawgeti(lua, -1, i);
    if (!lua_istable(lua, -1)) {
      lua_pop(lua, 1);
      break;
    }
    ArgumentRow row{text_field(lua, "name"), text_field(lua, "description"),
                    text_field(lua, "argtype")};
    lua_getfield(lua, -1, "optional");
    row.optional = lua_toboolean(lua, -1) != 0;
    rows.push_back(std::move(row));
    lua_pop(lua, 2);
  }
  lua_pop(lua, 1);
  return rows;
}

/// Chisels in a folder: their names and paths.
std::vector<std::pair<std::string, std::string>> list_folder(const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code error;
  for (const auto& entry : files::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".lua" && is_file(entry.path().string()))
      found.emplace_back(entry.path().stem().string(), entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<Description> describe_file(const std::string& name, const std::string& path) {
  LuaState lua;
  lua.add_module_folders(chisel_folders());
  add_empty_api(lua.get());
  if (auto done = lua.run_file(path); !done) return fail(std::move(done.error()));
  return description_of(lua, name, path);
}

}  // namespace

size_t Description::required() const {
  return static_cast<size_t>(
      std::ranges::count(arguments, false, [](const ArgumentRow& row) { return row.optional; }));
}

std::vector<std::string> chisel_folders() {
  std::vector<std::string> folders;
  add_split(folders, std::getenv("GYR_CHISEL_PATH"), ':');
  add_split(folders, std::getenv("SYSDIG_CHISEL_DIR"), ';');
  folders.emplace_back("./chisels");
  if (const char* home = std::getenv("HOME"); home != nullptr) {
    folders.push_back(std::string(home) + "/.config/gyr/chisels");
    folders.push_back(std::string(home) + "/.chisels");
  }
  for (std::string& own : folders_beside_program({"../share/gyr/chisels", "../../chisels/scripts"}))
    folders.push_back(std::move(own));
  folders.emplace_back("/usr/share/sysdig/chisels");
  folders.emplace_back("/usr/local/share/sysdig/chisels");
  return folders;
}

Result<std::string> find_chisel(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (const std::string path = file_at(name); !path.empty()) return path;
    return fail(fmt::format("there is no chisel {}", name));
  }
  for (const std::string& folder : chisel_folders()) {
    if (const std::string path = file_at(folder + "/" + name); !path.empty()) return path;
  }
  if (is_file(name)) return name;
  return fail(fmt::format("there is no chisel '{}'; gyr -cl lists them", name));
}

Description description_of(const LuaState& lua, const std::string& name, const std::string& path) {
  Description d;
  d.name = name;
  d.path = path;
  d.full = lua.text("description");
  d.brief = lua.text("short_description");
  d.category = lua.text("category");
  d.hidden = lua.flag("hidden") || d.full.empty();
  d.for_today = lua.text("dialect") == "today";
  d.arguments = read_arguments(lua.get());
  return d;
}

Result<Description> describe(const std::string& name) {
  auto path = find_chisel(name);
  if (!path) return fail(std::move(path.error()));
  return describe_file(name, *path);
}

std::vector<Description> describe_all() {
  std::vector<Description> found;
  std::set<std::string> names;
  for (const std::string& folder : chisel_folders()) {
    for (const auto& [name, path] : list_folder(folder)) {
      if (names.contains(name)) continue;
      auto description = describe_file(name, path);
      if (!description) continue;
      names.insert(name);
      if (!description->hidden) found.push_back(std::move(*description));
    }
  }
  std::ranges::stable_sort(found, [](const Description& a, const Description& b) {
    return std::tie(a.category, a.name) < std::tie(b.category, b.name);
  });
  return found;
}

}  // namespace gyr::chisels
