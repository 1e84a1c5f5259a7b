// The functions that chisels call: the tables `chisel`, `evt` and `sysdig`.
//
// Contract: whatever a chisel passes, the worst that can come of it is an error in Lua, with the
// place of the call. Functions are written as ApiFunction: they do not raise errors themselves, so
// that no C++ object is jumped over, and catch nothing; `enter` turns what they give into values or
// an error. Facts: the manual page gyr-chisels(7).
//
// Example:
//   Result<int> get_num(Chisel& chisel, lua_State* lua) { ...; return 1; }   // one result
//   add_function(lua, chisel, "get_num", enter<get_num>);
#pragma once

#include <lua.hpp>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace gyr::chisels {

class Chisel;

using ApiFunction = Result<int> (*)(Chisel& chisel, lua_State* lua);

/// All three tables, with their functions bound to the chisel.
void add_api(lua_State* lua, Chisel& chisel);
/// The tables without functions, for a file that is only asked what it is.
void add_empty_api(lua_State* lua);

// Parts of it.
void add_chisel_api(lua_State* lua, Chisel& chisel);
void add_event_api(lua_State* lua, Chisel& chisel);
void add_system_api(lua_State* lua, Chisel& chisel);
void add_table_api(lua_State* lua, Chisel& chisel);  // threads, containers
void add_udp_api(lua_State* lua, Chisel& chisel);

/// Adds to the table on top of the stack.
void add_function(lua_State* lua, Chisel& chisel, const char* name, lua_CFunction function);

/// Pushes a message with the place of the call in front of it; for lua_error.
void push_error(lua_State* lua, std::string_view message);
Chisel& bound_chisel(lua_State* lua);

template <ApiFunction function>
int enter(lua_State* lua) {
  {
    std::string message;
    try {
      const Result<int> results = function(bound_chisel(lua), lua);
      if (results) return *results;
      message = results.error().message;
    } catch (const std::exception& error) {
      message = error.what();
    }
    push_error(lua, message);
  }
  return lua_error(lua);
}

// Arguments, counted from 1.
Result<std::string_view> text_argument(lua_State* lua, int index, std::string_view what);
Result<double> number_argument(lua_State* lua, int index, std::string_view what);
Result<uint64_t> count_argument(lua_State* lua, int index, std::string_view what, uint64_t most);
inline bool has_argument(lua_State* lua, int index) { return !lua_isnoneornil(lua, index); }

inline void push_text(lua_State* lua, std::string_view text) {
  lua_pushlstring(lua, text.data(), text.size());
}
/// 64 bits, of which a number would lose some.
void push_decimal(lua_State* lua, int64_t value);

}  // namespace gyr::chisels
