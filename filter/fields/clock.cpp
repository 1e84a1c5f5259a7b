#include "filter/fields/clock.hpp"

#include <cstring>
#include <ctime>
#include <string_view>

namespace gyr::filter {

namespace {

constexpr size_t date_length = sizeof "YYYY-MM-DD " - 1;

/// The text of a second, kept as long as the second lasts: events come many a second.
struct SecondText {
  uint64_t second = UINT64_MAX;
  size_t length = 0;
  char text[64] = {};

  using Breakdown = tm* (*)(const time_t*, tm*);

  std::string_view of(uint64_t wanted, Breakdown breakdown, const char* format) {
    if (wanted != second) {
      second = wanted;
      const auto time = static_cast<time_t>(wanted);
      tm parts{};
      breakdown(&time, &parts);
      length = strftime(text, sizeof text, format, &parts);
    }
    return {text, length};
  }
};

/// A number with two decimals, cut and not rounded: 3.43 for 3435 of a thousand.
void append_hundredths(Text& to, uint64_t value, uint64_t unit) {
  to.append_unsigned(value / unit).append('.').append_padded(value % unit * 100 / unit, 2);
}

/// Two decimals below ten units, none above.
void append_short(Text& to, uint64_t value, uint64_t unit, std::string_view name) {
  if (value >= 10 * unit)
    to.append_unsigned(value / unit);
  else
    append_hundredths(to, value, unit);
  to.append(name);
}

}  // namespace

void append_local_second(Text& to, uint64_t ts, bool date) {
  thread_local SecondText local;
  const std::string_view text = local.of(ts / ns_per_second, localtime_r, "%Y-%m-%d %H:%M:%S");
  to.append(date ? text : text.substr(date_length));
}

void append_fraction(Text& to, uint64_t ns) {
  to.append('.').append_padded(ns % ns_per_second, ns_digits);
}

void append_iso8601(Text& to, uint64_t ts) {
  thread_local SecondText utc;
  to.append(utc.of(ts / ns_per_second, gmtime_r, "%Y-%m-%dT%H:%M:%S"));
  append_fraction(to, ts);
  to.append("+0000");
}

void append_seconds(Text& to, uint64_t until, uint64_t since) {
  if (until < since) to.append('-');
  const uint64_t ns = until < since ? since - until : until - since;
  to.append_unsigned(ns / ns_per_second);
  append_fraction(to, ns);
}

void append_interval(Text& to, uint64_t ns) {
  constexpr uint64_t us = 1000, ms = 1000 * us, second = ns_per_second, minute = 60 * second,
                     hour = 60 * minute;
  if (ns >= hour) {
    to.append_padded(ns / hour, 2).append(':').append_padded(ns % hour / minute, 2);
    to.append(':').append_padded(ns % minute / second, 2);
  } else if (ns >= minute) {
    to.append_unsigned(ns / minute).append(':').append_unsigned(ns % minute / second);
  } else if (ns >= second) {
    append_hundredths(to, ns, second);
    to.append('s');
  } else if (ns >= ms) {
    append_short(to, ns, ms, "ms");
  } else if (ns >= us) {
    append_short(to, ns, us, "us");
  } else {
    to.append_unsigned(ns).append("ns");
  }
}

}  // namespace gyr::filter
