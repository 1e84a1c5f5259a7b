// One Lua state: LuaJIT with its standard libraries.
//
// Contract: what runs inside is protected; an error gives its message with the place, and the calls
// that led there below it. C++ exceptions do not cross Lua, and Lua's errors do not cross C++: see
// api.hpp.
//
// Example:
//   LuaState lua;
//   if (auto done = lua.run_file("/usr/share/sysdig/chisels/ps.lua"); !done) ...
//   lua_getglobal(lua.get(), "on_event");
//   if (auto done = lua.call(0, 1); !done) ...
#pragma once

#include <lua.hpp>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace gyr::chisels {

class LuaState {
 public:
  LuaState();

  lua_State* get() const { return state_.get(); }

  /// Runs a file from its first line to the last, as `require` does.
  Result<void> run_file(const std::string& path);
  /// Calls the function that lies below its `arguments`; leaves `results` values, or none after an
  /// error.
  Result<void> call(int arguments, int results);

  bool has_function(const char* global) const;
  /// A global that is a text; "" if it is none.
  std::string text(const char* global) const;
  bool flag(const char* global) const;
  /// `require` looks for modules in these folders, in this order, and then where it always does.
  void add_module_folders(const std::vector<std::string>& folders);

 private:
  struct Close {
    void operator()(lua_State* state) const { lua_close(state); }
  };
  std::unique_ptr<lua_State, Close> state_;
};

}  // namespace gyr::chisels
