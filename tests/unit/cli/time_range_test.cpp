#include "cli/time_range.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <time.h>

using namespace gyr;

namespace {

constexpr uint64_t second = 1'000'000'000;
// 2023-11-14 22:13:20 UTC
constexpr uint64_t first = 1'700'000'000 * second;

uint64_t resolved(const std::string& text, TimeSpec::Use use = TimeSpec::start) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const auto time = parse_time(text);
  REQUIRE(time);
  return time->resolve(first, use);
}

}  // namespace

TEST_CASE("times: since 1970, since the first event, of the day") {
  CHECK(resolved("1700000001") == first + second);
  CHECK(resolved("1700000001.5") == first + second + second / 2);
  CHECK(resolved("1700000001.000000001") == first + second + 1);
  CHECK(resolved("1700000001.0000000019") == first + second + 1);
  CHECK(resolved("+0") == first);
  CHECK(resolved("+10.25") == first + 10 * second + second / 4);
  CHECK(resolved("22:13:21") == first + second);
  CHECK(resolved("22:13:20.000000007") == first + 7);
  CHECK(resolved("22:14") == first + 40 * second);
}

TEST_CASE("times of day before the first event") {
  // A start a little before it is just before it; far before it is the next day.
  CHECK(resolved("22:13:00") == first - 20 * second);
  CHECK(resolved("00:00:00") == first + (3600 + 46 * 60 + 40) * second);
  // An end before it would leave nothing.
  CHECK(resolved("22:13:00", TimeSpec::end) == first + (24 * 3600 - 20) * second);
}

TEST_CASE("what is no time") {
  for (const char* text : {"", "x", "+", "+x", "1.", ".5", "1.5x", "25:00:00", "10:61:00",
                           "10:00:", "10:00:00.", "-5", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(!parse_time(text));
  }
}

TEST_CASE("ranges of events") {
  const auto range = [](const char* text) {
    const auto parsed = parse_event_range(text);
    return parsed ? std::pair(parsed->first, parsed->last) : std::pair(uint64_t{0}, uint64_t{0});
  };
  CHECK(range("5-10") == std::pair(uint64_t{5}, uint64_t{10}));
  CHECK(range("5-") == std::pair(uint64_t{5}, UINT64_MAX));
  CHECK(range("-10") == std::pair(uint64_t{1}, uint64_t{10}));
  CHECK(range("7") == std::pair(uint64_t{7}, uint64_t{7}));
  for (const char* text : {"", "-", "10-5", "a-b", "1-2-3"}) {
    CAPTURE(text);
    CHECK(!parse_event_range(text));
  }
}

TEST_CASE("where an event is") {
  Cut cut({.from = parse_time("+1").value(), .to = parse_time("+3").value()});
  CHECK(cut.place(1, first, first) == Place::before);
  CHECK(cut.place(2, first + second, first) == Place::inside);
  CHECK(cut.place(3, first + 3 * second, first) == Place::inside);
  CHECK(cut.place(4, first + 3 * second + 1, first) == Place::after);
  // Another CPU's event that comes late.
  CHECK(cut.place(5, first + 2 * second, first) == Place::inside);
  CHECK(cut.place(6, first + 5 * second, first) == Place::far_after);

  Cut numbers({.events = EventRange{3, 4}});
  CHECK(numbers.place(2, first, first) == Place::before);
  CHECK(numbers.place(4, first, first) == Place::inside);
  CHECK(numbers.place(5, first, first) == Place::far_after);
}
