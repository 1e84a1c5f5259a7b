// How long things took, and when one event is seen from another.
#include <algorithm>
#include <cmath>

#include "filter/fields/clock.hpp"
#include "filter/fields/event_parts.hpp"

namespace gyr::filter {

std::optional<uint64_t> latency_of(const Event& event) {
  const bool internal = event.info().category == schema::Category::internal;
  if (internal && event.thread() != nullptr) return std::nullopt;
  return event.latency();
}

namespace {

using schema::Format;
using schema::ParamType;

template <uint64_t part(uint64_t)>
bool latency_part(const Site& site, Extraction& out) {
  const auto ns = latency_of(site.event);
  return ns && out.set_number(part(*ns));
}

constexpr uint64_t all(uint64_t ns) { return ns; }
constexpr uint64_t seconds(uint64_t ns) { return ns / ns_per_second; }
constexpr uint64_t fraction(uint64_t ns) { return ns % ns_per_second; }

bool latency_human(const Site& site, Extraction& out) {
  const auto ns = latency_of(site.event);
  if (!ns) return false;
  append_interval(out.compose(), *ns);
  return true;
}

/// The column of a spectrogram, which shows the powers of ten from 1 ns to 100 s.
bool latency_quantized(const Site& site, Extraction& out) {
  constexpr double columns = 80, decades = 11;
  const auto ns = latency_of(site.event);
  if (!ns || *ns == 0) return false;
  const double decade = std::min(std::log10(static_cast<double>(*ns)), decades);
  return out.set_number(static_cast<uint64_t>(decade * columns / decades) + 1);
}

bool wait_latency(const Site& site, Extraction& out) {
  const Event& event = site.event;
  const bool waits = !event.is_enter() && (event.info().flags & schema::waits) != 0;
  return waits && out.set_number(event.latency());
}

bool can_wait(uint16_t id) { return is_exit(id) && has_flag(id, schema::waits); }

/// Since the event that the field was asked for before; 0 for the first.
uint64_t since_last(const Site& site) {
  if (site.memory.empty()) site.memory.push_back(UINT64_MAX);
  const uint64_t before = site.memory[0], ts = site.event.raw().ts;
  site.memory[0] = ts;
  return ts > before ? ts - before : 0;
}

template <uint64_t part(uint64_t)>
bool delta_part(const Site& site, Extraction& out) {
  return out.set_number(part(since_last(site)));
}

bool output_time(const Site& site, Extraction& out) {
  const uint64_t ts = site.event.raw().ts, previous = site.stream.previous_ts;
  Text& text = out.compose();
  switch (site.settings.time) {
    case TimeMode::clock:
      append_local_second(text, ts, false);
      append_fraction(text, ts);
      break;
    case TimeMode::absolute:
      // The fraction is not padded, as in sysdig.
      text.append_unsigned(seconds(ts)).append('.').append_unsigned(fraction(ts));
      break;
    case TimeMode::relative:
      append_seconds(text, ts, site.stream.first_ts);
      break;
    case TimeMode::latency:
      append_seconds(text, site.event.latency());
      break;
    case TimeMode::delta:
      append_seconds(text, ts, previous == 0 ? ts : previous);
      break;
  }
  return true;
}

bool output_time_json(const Site& site, Extraction& out) {
  return out.set_number(site.event.raw().ts);
}

/// The least number of milliseconds around the argument that the event lies in.
bool around(const Site& site, Extraction& out) {
  constexpr uint64_t ns_per_ms = 1'000'000;
  const uint64_t ts = site.event.raw().ts, center = *site.argument.index;
  const uint64_t distance = ts > center ? ts - center : center - ts;
  return out.set_number(distance / ns_per_ms + (distance % ns_per_ms != 0 ? 1 : 0));
}

constexpr Field rows[] = {
    {.name = "evt.latency",
     .type = ParamType::reltime,
     .extract = latency_part<all>,
     .doc = "Nanoseconds that the system call took; 0 where it begins."},
    {.name = "evt.latency.s",
     .type = ParamType::reltime,
     .extract = latency_part<seconds>,
     .doc = "Whole seconds that the system call took."},
    {.name = "evt.latency.ns",
     .type = ParamType::reltime,
     .format = Format::dec_padded,
     .extract = latency_part<fraction>,
     .doc = "Nanoseconds that the system call took beyond the whole seconds."},
    {.name = "evt.latency.quantized",
     .type = ParamType::uint64,
     .flags = hidden,
     .extract = latency_quantized,
     .doc = "Column of the call's latency in a spectrogram, which is logarithmic."},
    {.name = "evt.latency.human",
     .extract = latency_human,
     .doc = "How long the system call took, with a unit: '3.43us'."},
    {.name = "evt.wait_latency",
     .type = ParamType::reltime,
     .applies = can_wait,
     .extract = wait_latency,
     .doc = "Nanoseconds that a call took which waits for something (poll, nanosleep, ...)."},
    {.name = "evt.deltatime",
     .type = ParamType::reltime,
     .flags = stateful,
     .extract = delta_part<all>,
     .doc = "Nanoseconds since the event before; in a format, the one that was printed before."},
    {.name = "evt.deltatime.s",
     .type = ParamType::reltime,
     .flags = stateful,
     .extract = delta_part<seconds>,
     .doc = "Whole seconds since the event before."},
    {.name = "evt.deltatime.ns",
     .type = ParamType::reltime,
     .format = Format::dec_padded,
     .flags = stateful,
     .extract = delta_part<fraction>,
     .doc = "Nanoseconds since the event before beyond the whole seconds."},
    {.name = "evt.outputtime",
     .flags = print_only,
     .extract = output_time,
     .json = output_time_json,
     .doc = "Time of the event in the form that option -t asks for."},
    {.name = "evt.around",
     .type = ParamType::uint64,
     .flags = filter_only | arg_required | arg_is_index | within,
     .extract = around,
     .doc = "evt.around[T]=D selects what happened at most D milliseconds before or after the time "
            "T, which is in nanoseconds as evt.rawtime shows it."},
};

}  // namespace

std::span<const Field> event_time_fields() { return rows; }

}  // namespace gyr::filter
