#include "chisels/lua_state.hpp"

#include <new>

namespace gyr::chisels {

namespace {

/// The message handler: adds where the error came from.
int add_trace(lua_State* lua) {
  const char* message = lua_tostring(lua, 1);
  luaL_traceback(lua, lua, message != nullptr ? message : "an error without a text", 1);
  return 1;
}

int open_libraries(lua_State* lua) {
  luaL_openlibs(lua);
  return 0;
}

}  // namespace

LuaState::LuaState() : state_(luaL_newstate()) {
  if (!state_) throw std::bad_alloc();
  lua_pushcfunction(get(), open_libraries);
  if (lua_pcall(get(), 0, 0, 0) != 0) throw std::bad_alloc();
}

Result<void> LuaState::run_file(const std::string& path) {
  if (luaL_loadfile(get(), path.c_str()) != 0) return fail(take_error());
  return call(0, 0);
}

Result<void> LuaState::call(int arguments, int results) {
  const int function = lua_gettop(get()) - arguments;
  lua_pushcfunction(get(), add_trace);
  lua_insert(get(), function);
  const int status = lua_pcall(get(), arguments, results, function);
  lua_remove(get(), function);
  if (status != 0) return fail(take_error());
  return {};
}

void LuaState::keep_for_calls(const char* global) {
  lua_settop(get(), 0);
  lua_pushcfunction(get(), add_trace);
  lua_getglobal(get(), global);
}

std::string LuaState::take_error() {
  size_t size = 0;
  const char* text = lua_tolstring(get(), -1, &size);
  std::string copy = text != nullptr ? std::string(text, size) : std::string("unknown error");
  lua_pop(get(), 1);
  return copy;
}

bool LuaState::has_function(const char* global) const {
  lua_getglobal(get(), global);
  const bool is_function = lua_isfunction(get(), -1);
  lua_pop(get(), 1);
  return is_function;
}

std::string LuaState::text(const char* global) const {
  lua_getglobal(get(), global);
  const std::string text = lua_type(get(), -1) == LUA_TSTRING ? lua_tostring(get(), -1) : "";
  lua_pop(get(), 1);
  return text;
}

bool LuaState::flag(const char* global) const {
  lua_getglobal(get(), global);
  const bool flag = lua_toboolean(get(), -1) != 0;
  lua_pop(get(), 1);
  return flag;
}

void LuaState::add_module_folders(const std::vector<std::string>& folders) {
  lua_getglobal(get(), "package");
  lua_getfield(get(), -1, "path");
  std::string path;
  for (const std::string& folder : folders) path += folder + "/?.lua;";
  path += lua_tostring(get(), -1);
  lua_pushlstring(get(), path.data(), path.size());
  lua_setfield(get(), -3, "path");
  lua_pop(get(), 2);
}

}  // namespace gyr::chisels
