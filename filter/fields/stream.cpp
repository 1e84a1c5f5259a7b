// What every event has: its number, time and origin.
#include "filter/fields/clock.hpp"
#include "filter/fields/registry.hpp"
#include "schema_params.hpp"

namespace gyr::filter {

namespace {

using schema::Format;
using schema::ParamType;

uint64_t ts_of(const Site& site) { return site.event.raw().ts; }

/// Since the first event; clocks of CPUs differ, so that an event can come before it.
uint64_t relative(const Site& site) {
  const uint64_t ts = ts_of(site), first = site.stream.first_ts;
  return ts > first ? ts - first : 0;
}

bool num(const Site& site, Extraction& out) { return out.set_number(site.event.num()); }

bool time_text(const Site& site, Extraction& out) {
  append_local_second(out.compose(), ts_of(site), false);
  append_fraction(out.buffer(), ts_of(site));
  return true;
}

bool time_s(const Site& site, Extraction& out) {
  append_local_second(out.compose(), ts_of(site), false);
  return true;
}

bool iso8601(const Site& site, Extraction& out) {
  append_iso8601(out.compose(), ts_of(site));
  return true;
}

bool datetime(const Site& site, Extraction& out) {
  append_local_second(out.compose(), ts_of(site), true);
  append_fraction(out.buffer(), ts_of(site));
  return true;
}

bool datetime_s(const Site& site, Extraction& out) {
  append_local_second(out.compose(), ts_of(site), true);
  return true;
}

bool rawtime(const Site& site, Extraction& out) { return out.set_number(ts_of(site)); }

bool rawtime_s(const Site& site, Extraction& out) {
  return out.set_number(ts_of(site) / ns_per_second);
}

bool rawtime_ns(const Site& site, Extraction& out) {
  return out.set_number(ts_of(site) % ns_per_second);
}

bool reltime(const Site& site, Extraction& out) { return out.set_number(relative(site)); }

bool reltime_s(const Site& site, Extraction& out) {
  return out.set_number(relative(site) / ns_per_second);
}

bool reltime_ns(const Site& site, Extraction& out) {
  return out.set_number(relative(site) % ns_per_second);
}

/// Plugins are not loaded, so nobody knows the names and texts of their events.
bool of_plugin(const Site&, Extraction&) { return false; }

bool is_plugin_event(uint16_t id) { return schema::events[id].source == schema::Source::plugin; }

bool source(const Site& site, Extraction& out) {
  namespace async = schema::param::asyncevent_enter;
  const Event& event = site.event;
  if (is_plugin_event(event.raw().type)) return false;
  const bool of_a_plugin =
      event.today_id() == schema::type::asyncevent_enter && event.get(async::plugin_id) != 0;
  return !of_a_plugin && out.set_text("syscall");
}

bool is_meta(uint16_t id) { return schema::events[id].source == schema::Source::meta; }

bool is_async(const Site& site, Extraction& out) {
  return out.set_number(is_meta(site.event.raw().type) ? 1 : 0);
}

bool async_type(const Site& site, Extraction& out) {
  const Event& event = site.event;
  if (!is_meta(event.raw().type)) return false;
  const bool named = event.today_id() == schema::type::asyncevent_enter;
  return out.set_text(named ? event.get(schema::param::asyncevent_enter::name) : event.info().name);
}

bool hostname(const Site& site, Extraction& out) {
  const std::string_view name = site.state.machine.hostname;
  return !name.empty() && out.set_text(name);
}

constexpr Field rows[] = {
    {.name = "evt.num",
     .type = ParamType::uint64,
     .flags = of_stream,
     .extract = num,
     .doc = "Number of the event in its trace; the first is 1."},
    {.name = "evt.time",
     .extract = time_text,
     .json = rawtime,
     .doc = "Local time of day, with nanoseconds."},
    {.name = "evt.time.s",
     .extract = time_s,
     .json = rawtime,
     .doc = "Local time of day, in seconds."},
    {.name = "evt.time.iso8601",
     .extract = iso8601,
     .json = rawtime,
     .doc = "Date and time in UTC in the form of ISO 8601, with nanoseconds."},
    {.name = "evt.datetime",
     .extract = datetime,
     .json = rawtime,
     .doc = "Local date and time, with nanoseconds."},
    {.name = "evt.datetime.s",
     .extract = datetime_s,
     .json = rawtime,
     .doc = "Local date and time, in seconds."},
    {.name = "evt.rawtime",
     .type = ParamType::abstime,
     .extract = rawtime,
     .doc = "Nanoseconds since the epoch (1970-01-01 in UTC)."},
    {.name = "evt.rawtime.s",
     .type = ParamType::abstime,
     .extract = rawtime_s,
     .doc = "Whole seconds since the epoch."},
    {.name = "evt.rawtime.ns",
     .type = ParamType::abstime,
     .format = Format::dec_padded,
     .extract = rawtime_ns,
     .doc = "Nanoseconds of the time beyond its whole seconds."},
    {.name = "evt.reltime",
     .type = ParamType::reltime,
     .format = Format::dec_padded,
     .flags = of_stream,
     .extract = reltime,
     .doc = "Nanoseconds since the first event of the trace."},
    {.name = "evt.reltime.s",
     .type = ParamType::reltime,
     .flags = of_stream,
     .extract = reltime_s,
     .doc = "Whole seconds since the first event of the trace."},
    {.name = "evt.reltime.ns",
     .type = ParamType::reltime,
     .format = Format::dec_padded,
     .flags = of_stream,
     .extract = reltime_ns,
     .doc = "Nanoseconds since the first event of the trace beyond the whole seconds."},
    {.name = "evt.pluginname",
     .depends = Depends::type,
     .applies = is_plugin_event,
     .extract = of_plugin,
     .doc = "Name of the plugin that an event comes from; it has to be loaded."},
    {.name = "evt.plugininfo",
     .applies = is_plugin_event,
     .extract = of_plugin,
     .doc = "What the plugin that an event comes from says about it; it has to be loaded."},
    {.name = "evt.source",
     .extract = source,
     .doc = "Where the event comes from: 'syscall', or the event source of a plugin."},
    {.name = "evt.is_async",
     .type = ParamType::boolean,
     .depends = Depends::type,
     .extract = is_async,
     .doc = "Whether the event was made by the recorder itself, not by what it observed."},
    {.name = "evt.asynctype",
     .applies = is_meta,
     .extract = async_type,
     .doc = "Kind of an event that the recorder itself made."},
    {.name = "evt.hostname",
     .extract = hostname,
     .doc = "Name of the machine that the trace was recorded on."},
};

}  // namespace

FieldClass event_stream_fields() {
  return {"evt", "All events", "What every event has: number, time and origin.", rows};
}

}  // namespace gyr::filter
