// Times as text.
//
// Contract: of nanoseconds since the epoch; local time is that of TZ. Nothing is allocated but for
// the growth of `to`.
//
// Example:
//   append_local_time(to, ts);   // 17:35:48.514632619
#pragma once

#include <cstdint>

#include "base/text.hpp"

namespace gyr::filter {

inline constexpr uint64_t ns_per_second = 1'000'000'000;
inline constexpr unsigned ns_digits = 9;

/// "17:35:48"; with `date` "2018-08-17 17:35:48". The fraction is the caller's.
void append_local_second(Text& to, uint64_t ts, bool date);
/// ".514632619"
void append_fraction(Text& to, uint64_t ns);
/// "2018-08-17T17:35:48.514632619+0000", in UTC.
void append_iso8601(Text& to, uint64_t ts);
/// "5.531188757"; negative where the clocks of two CPUs differ.
void append_seconds(Text& to, uint64_t until, uint64_t since = 0);
/// An interval as people read it: "835ns", "3.43us", "12ms", "1.50s", "2:5", "01:02:03".
void append_interval(Text& to, uint64_t ns);

}  // namespace gyr::filter
