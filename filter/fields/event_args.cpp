// The parameters of an event: one by name or number, all as text, data buffers.
#include <fmt/format.h>

#include <algorithm>

#include "decoder/render/buffers.hpp"
#include "decoder/render/values.hpp"
#include "filter/fields/event_parts.hpp"
#include "filter/fields/registry.hpp"
#include "filter/fields/syslog.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

using schema::Param;
using schema::ParamType;

// An Argument's table has two parts for evt.arg and evt.rawarg: where event ids have the parameter
// (-1: not at all), and behind them whether some form of theirs, old or of today, can have it.
constexpr size_t possible = schema::event_count;

/// The name of a parameter in lines of sysdig 0.29, where it differs from today's.
int find_param_of_0_29(uint16_t id, std::string_view name) {
  const schema::Compat029* old = schema::find_compat_029(id);
  if (old == nullptr) return -1;
  const auto found = std::ranges::find(old->params, name, &Param::name);
  return found != old->params.end() ? static_cast<int>(found - old->params.begin()) : -1;
}

int index_of(uint16_t id, const Argument& argument) {
  if (argument.index) {
    const bool has = *argument.index < schema::events[id].params.size();
    return has ? static_cast<int>(*argument.index) : -1;
  }
  const int index = find_param(id, argument.text);
  return index >= 0 ? index : find_param_of_0_29(id, argument.text);
}

/// Whether exit events of this id can have the parameter in their form of today only; `suits` looks
/// at that form.
template <class F>
bool upgrades_to_it(uint16_t id, const Argument& argument, F suits) {
  if (argument.index || schema::is_enter(id)) return false;
  for (uint32_t n = 0; n <= schema::events[id].params.size(); ++n) {
    const schema::Upgrade* upgrade = schema::find_upgrade(id, n);
    if (upgrade != nullptr && argument.table[upgrade->target] >= 0 && suits(upgrade->target))
      return true;
  }
  return false;
}

std::vector<std::string_view> param_names() {
  std::vector<std::string_view> names;
  for (const schema::Event& event : schema::events)
    for (const Param& param : event.params)
      if (std::ranges::find(names, param.name) == names.end()) names.push_back(param.name);
  return names;
}

Result<void> prepare_arg(Argument& argument) {
  argument.table.assign(2 * schema::event_count, -1);
  bool found = false;
  for (uint32_t i = 0; i < schema::event_count; ++i) {
    argument.table[i] = index_of(static_cast<uint16_t>(i), argument);
    found = found || argument.table[i] >= 0;
  }
  for (uint32_t i = 0; i < schema::event_count; ++i) {
    const auto any = [](uint16_t) { return true; };
    const auto id = static_cast<uint16_t>(i);
    const bool has = argument.table[i] >= 0 || upgrades_to_it(id, argument, any);
    argument.table[possible + i] = has ? 1 : 0;
  }
  if (found) return {};
  if (argument.index)
    return fail(fmt::format("no event has a parameter {}; they are counted from 0", argument.text));
  return fail(fmt::format("no event has a parameter {}{}", shown(argument.text),
                          did_you_mean(argument.text, param_names())));
}

bool can_have_arg(const Argument& argument, uint16_t id) {
  return argument.table[possible + id] != 0;
}

/// A parameter of an event, of the form that the event has in the trace or of today's.
struct Found {
  const Param* param = nullptr;
  Bytes raw;
  bool upgraded = false;

  explicit operator bool() const { return param != nullptr; }
};

/// What an old exit event gets from its enter event: nothing in sysdig, where a filter would match
/// both.
Found find_upgraded(const Site& site) {
  const Event& event = site.event;
  if (!site.settings.as_falco || event.is_enter() || site.argument.index) return {};
  const uint16_t today = event.today_id();
  const int index = site.argument.table[today];
  if (index < 0) return {};
  const Bytes raw = event.today_param(static_cast<uint32_t>(index));
  if (raw.empty()) return {};
  return {&schema::events[today].params[static_cast<size_t>(index)], raw, true};
}

Found find(const Site& site) {
  const uint16_t id = site.event.raw().type;
  if (site.argument.table[possible + id] == 0) return {};
  const int index = site.argument.table[id];
  const auto i = static_cast<uint32_t>(index);
  if (index < 0 || i >= site.event.nparams()) return find_upgraded(site);
  const auto shown = shown_params(id, site.settings.render.dialect);
  if (i >= shown.size()) return {};  // what the dialect does not know
  return {&shown[i], site.event.param(i)};
}

bool arg(const Site& site, Extraction& out) {
  const Found found = find(site);
  if (!found) return false;
  const RenderOptions& options = site.settings.render;
  if (found.param->type == ParamType::charbuf && !options.safe_for_terminal) {
    const std::string_view text = text_value(found.raw);
    if (!text.empty()) return out.set_text(text);
  }
  append_resolved_or_raw(out.compose(), {site.event, site.state, options, found.upgraded},
                         *found.param, found.raw);
  return true;
}

// ---- evt.rawarg ----

enum class Shape : uint8_t { number, text, other };

Shape shape_of(ParamType type) {
  switch (type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
      return Shape::text;
    default:
      break;
  }
  const uint8_t size = schema::param_types[static_cast<size_t>(type)].size;
  return size != 0 && size <= sizeof(uint64_t) ? Shape::number : Shape::other;
}

/// Whether values of both types are compared alike: all numbers, all texts, else only the same.
bool is_alike(ParamType a, ParamType b) {
  return shape_of(a) == shape_of(b) && (shape_of(a) != Shape::other || a == b);
}

bool is_signed(ParamType type) { return schema::param_types[static_cast<size_t>(type)].is_signed; }

std::vector<ParamType> types_of(const std::vector<int32_t>& table) {
  std::vector<ParamType> types;
  for (uint32_t id = 0; id < schema::event_count; ++id) {
    if (table[id] < 0) continue;
    const ParamType type = schema::events[id].params[static_cast<size_t>(table[id])].type;
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  return types;
}

/// Numbers of several types are compared as the widest.
ParamType common_type(const std::vector<ParamType>& types, ParamType first) {
  bool several = false, any_signed = false;
  for (const ParamType type : types) {
    if (!is_alike(type, first)) continue;
    several = several || type != first;
    any_signed = any_signed || is_signed(type);
  }
  if (!several || shape_of(first) != Shape::number) return first;
  return any_signed ? ParamType::int64 : ParamType::uint64;
}

/// Parameters of one name differ in type from event to event.
Result<void> prepare_rawarg(Argument& argument) {
  if (argument.index) return fail("evt.rawarg takes the name of a parameter, not its number");
  if (auto prepared = prepare_arg(argument); !prepared) return prepared;
  const std::vector<ParamType> types = types_of(argument.table);
  std::vector<ParamType>& alternatives = argument.alternatives;
  for (const ParamType type : types) {
    const auto alike = [type](ParamType other) { return is_alike(type, other); };
    if (std::ranges::none_of(alternatives, alike)) alternatives.push_back(common_type(types, type));
  }
  argument.type = alternatives.front();
  return {};
}

/// Whether an event of this id can have a value, of the chosen kind if there is one.
bool can_have_rawarg(const Argument& argument, uint16_t id) {
  if (!can_have_arg(argument, id)) return false;
  if (!argument.chosen) return true;
  const auto suits = [&](uint16_t form) {
    const auto index = static_cast<size_t>(argument.table[form]);
    return is_alike(schema::events[form].params[index].type, argument.type);
  };
  return (argument.table[id] >= 0 && suits(id)) || upgrades_to_it(id, argument, suits);
}

uint64_t number_of(ParamType type, Bytes raw) {
  if (!is_signed(type)) return Event::value<uint64_t>(raw);
  switch (raw.size()) {
    case 1:
      return static_cast<uint64_t>(int64_t{load<int8_t>(raw.data())});
    case 2:
      return static_cast<uint64_t>(int64_t{load<int16_t>(raw.data())});
    case 4:
      return static_cast<uint64_t>(int64_t{load<int32_t>(raw.data())});
    default:
      return Event::value<uint64_t>(raw);
  }
}

bool rawarg(const Site& site, Extraction& out) {
  const Found found = find(site);
  if (!found) return false;
  const ParamType type = found.param->type;
  // A call that moved no data has data nevertheless: none.
  if (found.raw.empty() && type != ParamType::bytebuf) return false;
  if (!is_alike(type, site.argument.type)) {
    if (site.argument.chosen) return false;
    out.set_type(type);
  }
  switch (shape_of(type)) {
    case Shape::number:
      return out.set_number(number_of(type, found.raw));
    case Shape::text:
      return out.set_text(text_value(found.raw));
    case Shape::other:
      break;
  }
  return out.set_text(as_text(found.raw));
}

// ---- all parameters ----

/// Falco has no blank at the end.
bool args(const Site& site, Extraction& out) {
  Text& text = out.compose();
  append_args(text, site.event, site.state, site.settings.render);
  if (site.settings.as_falco && text.view().ends_with(' ')) text.truncate(text.size() - 1);
  return true;
}

bool info(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  if (!message) return args(site, out);
  Text& text = out.compose();
  text.append("syslog sev=").append(severity_name(message->priority)).append(" msg=");
  append_name(text, message->text, site.settings.render);
  return true;
}

// ---- the data buffer ----

const ParamIndexes& data_param() {
  static const ParamIndexes indexes("data");
  return indexes;
}

bool has_buffer(uint16_t id) {
  const int index = data_param()[id];
  return index >= 0 &&
         schema::events[id].params[static_cast<size_t>(index)].type == ParamType::bytebuf;
}

/// The event's data; its bytes are null when it has none, which is not the same as no bytes.
Bytes buffer_of(const Event& event) {
  return has_buffer(event.raw().type) ? data_param().in(event) : Bytes();
}

bool buffer(const Site& site, Extraction& out) {
  const Bytes data = buffer_of(site.event);
  return data.data() != nullptr && out.set_text(as_text(data));
}

bool printed_buffer(const Site& site, Extraction& out) {
  const Bytes data = buffer_of(site.event);
  if (data.data() == nullptr) return false;
  const RenderOptions& options = site.settings.render;
  append_buffer(out.compose(), data, options.buffers, options.buffer_limit);
  return true;
}

constexpr Field rows[] = {
    {.name = "evt.args",
     .flags = masked,
     .needs_enter = true,
     .extract = args,
     .doc = "All parameters as the default line shows them, each followed by a blank."},
    {.name = "evt.arg",
     .flags = arg_required | arg_dotted | masked,
     .applies_arg = can_have_arg,
     .needs_enter = true,
     .prepare = prepare_arg,
     .extract = arg,
     .doc = "One parameter as text, by its name ('evt.arg.flags') or by its number from 0 "
            "('evt.arg[2]'): what a number stands for where that is known (a descriptor's file, "
            "the name of a flag or error), else the value. gyr -L lists the parameters."},
    {.name = "evt.rawarg",
     .type = ParamType::dyn,
     .flags = arg_required | arg_dotted | no_transformer | no_rhs,
     .applies_arg = can_have_rawarg,
     .needs_enter = true,
     .prepare = prepare_rawarg,
     .extract = rawarg,
     .doc = "One parameter by its name, as the number, text or bytes that it is: "
            "'evt.rawarg.res < 0'. Where events have parameters of the name with several types, a "
            "comparison is for those that it suits, and false for the others."},
    {.name = "evt.info",
     .flags = masked,
     .needs_enter = true,
     .extract = info,
     .doc = "The same as evt.args, but for writes to the system log, which show their severity "
            "and message."},
    {.name = "evt.buffer",
     .type = ParamType::bytebuf,
     .applies = has_buffer,
     .extract = buffer,
     .print = printed_buffer,
     .doc = "The data that a call read or wrote, as much as was recorded: 'evt.buffer contains "
            "root'."},
};

}  // namespace

std::span<const Field> event_args_fields() { return rows; }

}  // namespace gyr::filter
