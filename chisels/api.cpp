#include "chisels/api.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chisels/chisel.hpp"

namespace gyr::chisels {

namespace {

std::string wrong(std::string_view what, std::string_view expected, lua_State* lua, int index) {
  return fmt::format("{} is to be {}, and is {}", what, expected,
                     lua_isnone(lua, index) ? "missing" : luaL_typename(lua, index));
}

}  // namespace

void add_api(lua_State* lua, Chisel& chisel) {
  add_empty_api(lua);
  lua_getglobal(lua, "chisel");
  add_chisel_api(lua, chisel);
  lua_getglobal(lua, "evt");
  add_event_api(lua, chisel);
  lua_getglobal(lua, "sysdig");
  add_system_api(lua, chisel);
  add_table_api(lua, chisel);
  add_udp_api(lua, chisel);
  lua_pop(lua, 3);
}

void add_empty_api(lua_State* lua) {
  for (const char* table : {"chisel", "evt", "sysdig"}) {
    lua_newtable(lua);
    lua_setglobal(lua, table);
  }
}

void add_function(lua_State* lua, Chisel& chisel, const char* name, lua_CFunction function) {
  lua_pushlightuserdata(lua, &chisel);
  lua_pushcclosure(lua, function, 1);
  lua_setfield(lua, -2, name);
}

void push_error(lua_State* lua, std::string_view message) {
  luaL_where(lua, 1);
  push_text(lua, message);
  lua_concat(lua, 2);
}

Chisel& bound_chisel(lua_State* lua) {
  return *static_cast<Chisel*>(lua_touserdata(lua, lua_upvalueindex(1)));
}

Result<std::string_view> text_argument(lua_State* lua, int index, std::string_view what) {
  if (lua_isstring(lua, index) == 0) return fail(wrong(what, "a text", lua, index));
  size_t size = 0;
  const char* text = lua_tolstring(lua, index, &size);
  return std::string_view(text, size);
}

Result<double> number_argument(lua_State* lua, int index, std::string_view what) {
  if (lua_isnumber(lua, index) == 0) return fail(wrong(what, "a number", lua, index));
  return lua_tonumber(lua, index);
}

Result<uint64_t> count_argument(lua_State* lua, int index, std::string_view what, uint64_t most) {
  const auto number = number_argument(lua, index, what);
  if (!number) return fail(number.error());
  if (!(*number >= 0) || *number > static_cast<double>(most))
    return fail(fmt::format("{} is to be between 0 and {}", what, most));
  return static_cast<uint64_t>(*number);
}

void push_decimal(lua_State* lua, int64_t value) { push_text(lua, fmt::to_string(value)); }

}  // namespace gyr::chisels
