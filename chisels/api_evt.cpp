// The table `evt`: the event that a chisel is told of.
#include <fmt/format.h>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"
#include "decoder/render/names.hpp"
#include "filter/render_value.hpp"

namespace gyr::chisels {

namespace {

using Form = RequestedField::Form;

/// A value in its own type, without a copy but that of Lua.
void push_value(lua_State* lua, const RequestedField& field, const RenderOptions& options) {
  const filter::Value& value = field.extraction.first();
  switch (field.form) {
    case Form::signed_number:
      lua_pushnumber(lua, static_cast<double>(value.as_signed()));
      return;
    case Form::number:
      lua_pushnumber(lua, static_cast<double>(value.number));
      return;
    case Form::real:
      lua_pushnumber(lua, value.as_double());
      return;
    case Form::boolean:
      lua_pushboolean(lua, value.number != 0);
      return;
    case Form::text:
      push_text(lua, value.text);
      return;
    case Form::rendered:
      break;
  }
  Text text;
  const filter::ValueKind kind{field.source.print_type(), field.source.format()};
  if (field.source.is_list())
    filter::append_list(text, field.extraction.values(), kind, options);
  else
    filter::append_value(text, value, kind, options);
  push_text(lua, text.view());
}

/// Without `enter`: this is what chisels call most.
int field(lua_State* lua) {
  Chisel& chisel = bound_chisel(lua);
  const auto handle = reinterpret_cast<size_t>(lua_touserdata(lua, 1));
  if (handle == 0 && lua_isnoneornil(lua, 1)) {
    lua_pushnil(lua);
    return 1;
  }
  RequestedField* requested = lua_islightuserdata(lua, 1) ? chisel.field(handle - 1) : nullptr;
  if (requested == nullptr || !chisel.has_event()) [[unlikely]] {
    push_error(lua, requested == nullptr ? "evt.field wants what chisel.request_field gave"
                                         : "evt.field is for on_event and on_interval");
    return lua_error(lua);
  }
  if (!requested->source.extract_for_print(*chisel.host().moment, requested->extraction)) {
    lua_pushnil(lua);
    return 1;
  }
  push_value(lua, *requested, chisel.host().settings->render);
  return 1;
}

Result<const Event*> event_of(Chisel& chisel) {
  if (!chisel.has_event()) return fail("there is no event here");
  return &chisel.host().moment->event;
}

Result<int> get_num(Chisel& chisel, lua_State* lua) {
  const auto event = event_of(chisel);
  if (!event) return fail(event.error());
  lua_pushnumber(lua, static_cast<double>((*event)->num()));
  return 1;
}

Result<int> get_ts(Chisel& chisel, lua_State* lua) {
  constexpr uint64_t ns_per_second = 1'000'000'000;
  const auto event = event_of(chisel);
  if (!event) return fail(event.error());
  lua_pushnumber(lua, static_cast<double>((*event)->raw().ts / ns_per_second));
  lua_pushnumber(lua, static_cast<double>((*event)->raw().ts % ns_per_second));
  return 2;
}

Result<int> get_type(Chisel& chisel, lua_State* lua) {
  const auto event = event_of(chisel);
  if (!event) return fail(event.error());
  push_text(lua, event_name(**event));
  return 1;
}

Result<int> get_cpuid(Chisel& chisel, lua_State* lua) {
  const auto event = event_of(chisel);
  if (!event) return fail(event.error());
  lua_pushnumber(lua, (*event)->raw().cpu);
  return 1;
}

}  // namespace

void add_event_api(lua_State* lua, Chisel& chisel) {
  add_function(lua, chisel, "field", field);
  add_function(lua, chisel, "get_num", enter<get_num>);
  add_function(lua, chisel, "get_ts", enter<get_ts>);
  add_function(lua, chisel, "get_type", enter<get_type>);
  add_function(lua, chisel, "get_cpuid", enter<get_cpuid>);
}

}  // namespace gyr::chisels
