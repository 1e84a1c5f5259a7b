#include "cli/time_range.hpp"

#include <fmt/format.h>

#include <ctime>

#include "base/whole_number.hpp"

namespace gyr {

namespace {

constexpr uint64_t ns_per_second = 1'000'000'000;
constexpr uint64_t half_a_day = 12 * 3600 * ns_per_second;
// Each CPU has its own buffer: events this much beyond the end can be followed by earlier ones.
constexpr uint64_t disorder = ns_per_second;

/// "48", "48.5": decimals beyond nanoseconds are dropped.
std::optional<uint64_t> decimal_seconds(std::string_view text) {
  const size_t dot = text.find('.');
  const auto seconds = whole_number(text.substr(0, dot));
  if (!seconds || *seconds > UINT64_MAX / ns_per_second - 1) return std::nullopt;
  uint64_t ns = 0;
  if (dot != std::string_view::npos) {
    constexpr size_t digits = 9;
    std::string fraction(text.substr(dot + 1, digits));
    if (fraction.empty()) return std::nullopt;
    if (text.find_first_not_of("0123456789", dot + 1) != std::string_view::npos)
      return std::nullopt;
    fraction.resize(digits, '0');
    ns = *whole_number(fraction);
  }
  return *seconds * ns_per_second + ns;
}

/// "17:35:48.5" or "17:35", as ns since midnight.
std::optional<uint64_t> time_of_day(std::string_view text) {
  const size_t colon = text.find(':');
  const size_t second_colon = text.find(':', colon + 1);
  const auto hours = whole_number(text.substr(0, colon));
  const auto minutes = whole_number(text.substr(colon + 1, second_colon - colon - 1));
  const auto seconds = second_colon == std::string_view::npos
                           ? std::optional<uint64_t>(0)
                           : decimal_seconds(text.substr(second_colon + 1));
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds >= 61 * ns_per_second) return std::nullopt;
  return (*hours * 3600 + *minutes * 60) * ns_per_second + *seconds;
}

/// That time on the day of `ts`, or `days` later.
uint64_t on_day_of(uint64_t ts, uint64_t ns_of_day, int days) {
  const auto seconds = static_cast<time_t>(ts / ns_per_second);
  struct tm day {};
  localtime_r(&seconds, &day);
  const auto of_day = static_cast<int>(ns_of_day / ns_per_second);
  day.tm_hour = of_day / 3600;
  day.tm_min = of_day / 60 % 60;
  day.tm_sec = of_day % 60;
  day.tm_mday += days;
  day.tm_isdst = -1;
  return static_cast<uint64_t>(mktime(&day)) * ns_per_second + ns_of_day % ns_per_second;
}

}  // namespace

uint64_t TimeSpec::resolve(uint64_t first_ts, Use use) const {
  if (kind == since_1970) return ns;
  if (kind == since_first) return first_ts + ns;
  const uint64_t same_day = on_day_of(first_ts, ns, 0);
  const bool other_day = same_day < first_ts && (use == end || first_ts - same_day > half_a_day);
  return other_day ? on_day_of(first_ts, ns, 1) : same_day;
}

Result<TimeSpec> parse_time(const std::string& text) {
  std::optional<uint64_t> ns;
  TimeSpec::Kind kind = TimeSpec::since_1970;
  if (text.starts_with('+')) {
    kind = TimeSpec::since_first;
    ns = decimal_seconds(std::string_view(text).substr(1));
  } else if (text.find(':') != std::string::npos) {
    kind = TimeSpec::of_day;
    ns = time_of_day(text);
  } else {
    ns = decimal_seconds(text);
  }
  if (ns) return TimeSpec{kind, *ns};
  return fail(fmt::format(
      "'{}' is no time; a time is HH:MM:SS, seconds since 1970, or + and seconds since the first "
      "event",
      text));
}

Result<EventRange> parse_event_range(const std::string& text) {
  const size_t dash = text.find('-');
  const std::string_view view = text;
  const std::string_view first = view.substr(0, dash);
  const std::string_view last = dash == std::string::npos ? first : view.substr(dash + 1);
  EventRange range;
  const auto begin = first.empty() ? std::optional(range.first) : whole_number(first);
  const auto end = last.empty() ? std::optional(range.last) : whole_number(last);
  if (!begin || !end || (first.empty() && last.empty()))
    return fail(fmt::format("'{}' is no range of events, as 100-200, 100- or -200 are", text));
  if (*begin > *end) return fail(fmt::format("'{}' is a range that holds no event", text));
  return EventRange{*begin, *end};
}

Place Cut::place(uint64_t number, uint64_t ts, uint64_t first_ts) {
  if (!resolved_) {
    if (options_.from) from_ = options_.from->resolve(first_ts, TimeSpec::start);
    if (options_.to) to_ = options_.to->resolve(first_ts, TimeSpec::end);
    resolved_ = true;
  }
  const EventRange numbers = options_.events.value_or(EventRange{});
  if (number > numbers.last || (to_ < UINT64_MAX - disorder && ts > to_ + disorder))
    return Place::far_after;
  if (ts > to_) return Place::after;
  if (number < numbers.first || ts < from_) return Place::before;
  return Place::inside;
}

}  // namespace gyr
