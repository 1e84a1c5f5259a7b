// The table `evt`: the event that a chisel is told of.
#include <fmt/format.h>

#include <stdexcept>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"
#include "decoder/render/names.hpp"
#include "filter/render_value.hpp"

namespace gyr::chisels {

namespace {

using Form = RequestedField::Form;

/// A value in its own type, without a copy.
void give_value(RequestedField& field, const RenderOptions& options, FieldValue& out) {
  const filter::Value& value = field.extraction.first();
  // Parameters of the same name have several types.
  const schema::ParamType own = field.extraction.type();
  switch (own == schema::ParamType::none ? field.form : RequestedField::form_of(own)) {
    case Form::signed_number:
      out.kind = FieldValue::number;
      out.as_number = static_cast<double>(value.as_signed());
      return;
    case Form::number:
      out.kind = FieldValue::number;
      out.as_number = static_cast<double>(value.number);
      return;
    case Form::real:
      out.kind = FieldValue::number;
      out.as_number = value.as_double();
      return;
    case Form::boolean:
      out.kind = FieldValue::boolean;
      out.as_number = value.number != 0 ? 1 : 0;
      return;
    case Form::text:
      out.kind = FieldValue::text;
      out.as_text = value.text.data();
      out.size = static_cast<uint32_t>(value.text.size());
      return;
    case Form::rendered:
      break;
  }
  field.rendered.clear();
  const filter::ValueKind kind{field.source.print_type(), field.source.format()};
  if (field.source.is_list())
    filter::append_list(field.rendered, field.extraction.values(), kind, options);
  else
    filter::append_value(field.rendered, value, kind, options);
  out.kind = FieldValue::text;
  out.as_text = field.rendered.view().data();
  out.size = static_cast<uint32_t>(field.rendered.size());
}

/// Called from machine code that LuaJIT has made of a chisel: it must not come near Lua.
void extract(Chisel* chisel, double handle) noexcept {
  FieldValue& out = chisel->value;
  RequestedField* requested = chisel->field(handle);
  out.kind = requested == nullptr  ? FieldValue::wrong_handle
             : chisel->has_event() ? FieldValue::none
                                   : FieldValue::no_event;
  if (out.kind != FieldValue::none) [[unlikely]]
    return;
  if (requested->source.extract_for_print(*chisel->host().moment, requested->extraction))
    give_value(*requested, chisel->host().settings->render, out);
}

/// evt.field is what chisels call most. Written in Lua, with a call that LuaJIT knows how to
/// compile, a whole on_event becomes machine code; a C function would keep it from that.
constexpr const char* field_in_lua = R"lua(
local ffi = require("ffi")
local chisel, extract, value = ...
ffi.cdef("typedef struct { int32_t kind; uint32_t size; double number; const char* text; }"
         .. " gyr_field_value;")
chisel = ffi.cast("void*", chisel)
value = ffi.cast("const gyr_field_value*", value)
extract = ffi.cast("void (*)(void*, double)", extract)
local text, kind_of = ffi.string, type
return function(handle)
  if handle == nil then return nil end
  if kind_of(handle) ~= "number" then
    error("evt.field wants what chisel.request_field gave", 2)
  end
  extract(chisel, handle)
  local kind = value.kind
  if kind == 1 then return value.number end
  if kind == 3 then return text(value.text, value.size) end
  if kind == 0 then return nil end
  if kind == 2 then return value.number ~= 0 end
  if kind == 4 then error("evt.field wants what chisel.request_field gave", 2) end
  error("evt.field is for on_event and on_interval", 2)
end
)lua";

/// Adds it to the table on top of the stack.
void add_field(lua_State* lua, Chisel& chisel) {
  const bool loaded = luaL_loadstring(lua, field_in_lua) == 0;
  lua_pushlightuserdata(lua, &chisel);
  lua_pushlightuserdata(lua, reinterpret_cast<void*>(&extract));
  lua_pushlightuserdata(lua, &chisel.value);
  if (!loaded || lua_pcall(lua, 3, 1, 0) != 0)
    throw std::runtime_error(fmt::format("evt.field: {}", lua_tostring(lua, -1)));
  lua_setfield(lua, -2, "field");
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
  const Dialect dialect = chisel.host().settings->render.dialect;
  push_text(lua, event_name(**event, dialect));
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
  add_field(lua, chisel);
  add_function(lua, chisel, "get_num", enter<get_num>);
  add_function(lua, chisel, "get_ts", enter<get_ts>);
  add_function(lua, chisel, "get_type", enter<get_type>);
  add_function(lua, chisel, "get_cpuid", enter<get_cpuid>);
}

}  // namespace gyr::chisels
