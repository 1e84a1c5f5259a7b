#include "cli/output/line.hpp"

#include "cli/output/colors.hpp"
#include "decoder/paths.hpp"
#include "decoder/render/names.hpp"
#include "decoder/render/values.hpp"

namespace gyr {

namespace {

constexpr uint64_t ns_per_second = 1'000'000'000;
constexpr unsigned ns_digits = 9;

/// A time span; negative where the clocks of two CPUs differ.
void append_seconds(Text& to, uint64_t until, uint64_t since = 0) {
  if (until < since) to.append('-');
  const uint64_t ns = until < since ? since - until : until - since;
  to.append_unsigned(ns / ns_per_second).append('.').append_padded(ns % ns_per_second, ns_digits);
}

}  // namespace

/// The time of day; its text is kept as long as the second lasts.
void LinePrinter::append_clock(Text& to, uint64_t ts) {
  const uint64_t second = ts / ns_per_second;
  if (second != clock_second_) {
    clock_second_ = second;
    const auto time = static_cast<time_t>(second);
    tm local{};
    localtime_r(&time, &local);
    strftime(clock_text_, sizeof clock_text_, "%H:%M:%S.", &local);
  }
  to.append(std::string_view(clock_text_)).append_padded(ts % ns_per_second, ns_digits);
}

void LinePrinter::append_time(Text& to, const Event& event, const filter::Stream& stream) {
  const uint64_t ts = event.raw().ts;
  switch (options_.time) {
    case TimeMode::clock:
      append_clock(to, ts);
      break;
    case TimeMode::absolute:
      to.append_unsigned(ts / ns_per_second).append('.').append_unsigned(ts % ns_per_second);
      break;
    case TimeMode::relative:
      append_seconds(to, ts, stream.first_ts);
      break;
    case TimeMode::latency:
      append_seconds(to, event.latency());
      break;
    case TimeMode::delta:
      append_seconds(to, ts, stream.previous_ts == 0 ? ts : stream.previous_ts);
      break;
  }
}

void LinePrinter::append_process(Text& to, const Event& event) {
  const Thread* thread = event.thread();
  const bool color = options_.color;
  if (color) to.append(color::green);
  append_name(to, thread != nullptr ? std::string_view(thread->comm) : not_available,
              options_.render);
  to.append(color ? color::reset : "").append(" (");
  if (options_.with_pid) {
    to.append(color ? color::cyan : "");
    if (thread != nullptr)
      to.append_dec(thread->pid);
    else
      to.append(not_available);
    to.append(color ? color::reset : "").append('.');
  }
  to.append_dec(event.raw().tid).append(") ");
}

bool LinePrinter::append(Text& to, const filter::Moment& moment) {
  const Event& event = moment.event;
  to.append_unsigned(event.num()).append(' ');
  append_time(to, event, moment.stream);
  to.append(' ').append_unsigned(event.raw().cpu).append(' ');
  append_process(to, event);
  to.append(event.is_enter() ? '>' : '<').append(' ');
  if (options_.color) to.append(color::blue);
  to.append(event_name(event, options_.render.dialect));
  if (options_.color) to.append(color::reset);
  to.append(' ');
  append_args(to, event, moment.state, options_.render);
  return true;
}

}  // namespace gyr
