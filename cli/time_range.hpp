// --from, --to, --events: the part of a trace that is wanted.
//
// Contract: a time is given as seconds since 1970 (with decimals), as a local time of day, or as
// "+" and seconds since the first event; both ends belong to the range. A time of day before that
// of the first event means the next day where that makes sense: always for the end, for the start
// if it is more than half a day before. Numbers of events are those that gyr prints.
//
// Example:
//   auto from = parse_time("17:35:48.5");
//   const uint64_t ts = from->resolve(first_ts, TimeSpec::start);
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace gyr {

struct TimeSpec {
  enum Kind : uint8_t { since_1970, of_day, since_first } kind = since_1970;
  enum Use : uint8_t { start, end };
  uint64_t ns = 0;

  /// As ns since 1970.
  uint64_t resolve(uint64_t first_ts, Use use) const;
};

Result<TimeSpec> parse_time(const std::string& text);

struct EventRange {
  uint64_t first = 1, last = UINT64_MAX;
};

/// "A-B", "A-", "-B" or "N".
Result<EventRange> parse_event_range(const std::string& text);

/// What is wanted; nothing set: all.
struct CutOptions {
  std::optional<TimeSpec> from = std::nullopt, to = std::nullopt;
  std::optional<EventRange> events = std::nullopt;
  bool any() const { return from || to || events; }
};

/// Where an event is in relation to the wanted part.
enum class Place : uint8_t { before, inside, after, far_after };

class Cut {
 public:
  explicit Cut(const CutOptions& options) : options_(options) {}
  /// `number`: of the event; `first_ts`: of the first one of the trace.
  Place place(uint64_t number, uint64_t ts, uint64_t first_ts);

 private:
  CutOptions options_;
  bool resolved_ = false;
  uint64_t from_ = 0, to_ = UINT64_MAX;
};

}  // namespace gyr
