// The table `chisel`: what a chisel wants to be told, and how it is run.
#include <fmt/format.h>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"

namespace gyr::chisels {

namespace {

constexpr uint64_t longest_interval_ns = uint64_t{1} << 53;

Result<int> request_field(Chisel& chisel, lua_State* lua) {
  const auto text = text_argument(lua, 1, "the field");
  if (!text) return fail(text.error());
  const auto handle = chisel.request_field(*text);
  if (!handle) return fail(handle.error());
  lua_pushnumber(lua, *handle);
  return 1;
}

Result<int> set_filter(Chisel& chisel, lua_State* lua) {
  const auto text = text_argument(lua, 1, "the filter");
  if (!text) return fail(text.error());
  if (auto done = chisel.set_filter(*text); !done) return fail(done.error());
  return 0;
}

Result<int> set_event_formatter(Chisel& chisel, lua_State* lua) {
  const auto text = text_argument(lua, 1, "the format");
  if (!text) return fail(text.error());
  if (auto done = chisel.set_formatter(*text); !done) return fail(done.error());
  return 0;
}

Result<int> set_interval(Chisel& chisel, lua_State* lua, double unit_ns, bool precise) {
  const auto number = number_argument(lua, 1, "the interval");
  if (!number) return fail(number.error());
  const double ns = *number * unit_ns;
  if (!(ns >= 0 && ns <= static_cast<double>(longest_interval_ns)))
    return fail("the interval is negative or too long");
  chisel.set_interval(static_cast<uint64_t>(ns), precise);
  return 0;
}

Result<int> set_interval_ns(Chisel& chisel, lua_State* lua) {
  return set_interval(chisel, lua, 1, false);
}

Result<int> set_interval_s(Chisel& chisel, lua_State* lua) {
  return set_interval(chisel, lua, 1e9, false);
}

Result<int> set_precise_interval_ns(Chisel& chisel, lua_State* lua) {
  return set_interval(chisel, lua, 1, true);
}

Result<int> exec(Chisel& chisel, lua_State* lua) {
  if (chisel.phase() != Chisel::Phase::init) return fail("exec is for on_init");
  const auto name = text_argument(lua, 1, "the name of the chisel");
  if (!name) return fail(name.error());
  std::vector<std::string> values;
  for (int i = 2; i <= lua_gettop(lua); ++i) {
    const auto value = text_argument(lua, i, fmt::format("argument {} of the chisel", i - 1));
    if (!value) return fail(value.error());
    values.emplace_back(*value);
  }
  chisel.exec(std::string(*name), std::move(values));
  return 0;
}

}  // namespace

void add_chisel_api(lua_State* lua, Chisel& chisel) {
  add_function(lua, chisel, "request_field", enter<request_field>);
  add_function(lua, chisel, "set_filter", enter<set_filter>);
  add_function(lua, chisel, "set_event_formatter", enter<set_event_formatter>);
  add_function(lua, chisel, "set_interval_ns", enter<set_interval_ns>);
  add_function(lua, chisel, "set_interval_s", enter<set_interval_s>);
  add_function(lua, chisel, "set_precise_interval_ns", enter<set_precise_interval_ns>);
  add_function(lua, chisel, "exec", enter<exec>);
}

}  // namespace gyr::chisels
