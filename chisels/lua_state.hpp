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

  /// For a function that is called for every event, without arguments and with one result: keeps it
  /// where `call_kept` finds it. The stack must be empty.
  void keep_for_calls(const char* global);
  /// False: an error, which `take_error` gives. Else `take_flag` gives whether the result is true.
  bool call_kept() {
    lua_pushvalue(get(), 2);
    return lua_pcall(get(), 0, 1, 1) == 0;
  }
  std::string take_error();
  bool take_flag() {
    const bool flag = lua_toboolean(get(), -1) != 0;
    lua_pop(get(), 1);
    return flag;
  }

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
