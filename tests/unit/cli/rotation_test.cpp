#include "cli/rotation.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <time.h>

#include <vector>

using namespace gyr;

namespace {

constexpr uint64_t second = 1'000'000'000;

/// The names of the first `n` files, begun a second apart.
std::vector<std::string> names(const std::string& name, const RotationLimits& limits, int n) {
  Rotation rotation(name, limits);
  std::vector<std::string> all;
  for (int i = 0; i < n; ++i) all.push_back(rotation.begin((100 + uint64_t(i)) * second));
  return all;
}

using Names = std::vector<std::string>;

struct Utc {
  Utc() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
};

}  // namespace

TEST_CASE("rotation: names are those of sysdig") {
  CHECK(names("x", {.bytes = 1}, 3) == Names{"x0", "x1", "x2"});
  CHECK(names("x", {.events = 1}, 11).back() == "x10");
  CHECK(names("x", {.seconds = 1}, 3) == Names{"x0", "x1", "x2"});
  CHECK(names("x", {.bytes = 1, .files = 3}, 4) == Names{"x0", "x1", "x2", "x0"});
  CHECK(names("x", {.bytes = 1, .files = 12}, 3) == Names{"x00", "x01", "x02"});
  CHECK(names("x", {.events = 1, .files = 12}, 3) == Names{"x0", "x1", "x2"});
  CHECK(names("x", {.bytes = 1, .seconds = 1}, 11).back() == "x1010");
  CHECK(names("x", {.bytes = 1, .events = 1}, 2) == Names{"x0", "x1"});
  CHECK(names("x", {.files = 3}, 1) == Names{"x"});
  CHECK(names("x%S", {.events = 1}, 1) == Names{"x%S0"});
}

TEST_CASE("rotation: a pattern names files by their time") {
  const Utc utc;
  CHECK(names("x%H%M%S.scap", {.seconds = 1}, 2) == Names{"x000140.scap", "x000141.scap"});
  CHECK(names("x%S-", {.bytes = 1, .seconds = 1}, 2) == Names{"x40-0", "x41-1"});
  // Too coarse: no file is written over.
  CHECK(names("x%H", {.seconds = 1}, 3) == Names{"x00", "x001", "x002"});
}

TEST_CASE("rotation: the oldest of a pattern goes, once there are too many") {
  const Utc utc;
  Rotation rotation("x%S", {.seconds = 1, .files = 2});
  rotation.begin(1 * second);
  CHECK(!rotation.take_surplus());
  rotation.begin(2 * second);
  CHECK(!rotation.take_surplus());
  rotation.begin(3 * second);
  CHECK(rotation.take_surplus() == "x01");
  CHECK(!rotation.take_surplus());
  rotation.begin(4 * second);
  CHECK(rotation.take_surplus() == "x02");
}

TEST_CASE("rotation: when a file is full") {
  Rotation size("x", {.bytes = 100});
  size.begin(0);
  CHECK(!size.due(0, 100));
  CHECK(size.due(0, 101));

  Rotation events("x", {.events = 2});
  events.begin(0);
  events.count_event();
  CHECK(!events.due(0, 0));
  events.count_event();
  CHECK(events.due(0, 0));
  events.begin(0);
  CHECK(!events.due(0, 0));

  // Whole seconds, as sysdig counts.
  Rotation time("x", {.seconds = 2});
  time.begin(10 * second + second / 2);
  CHECK(!time.due(11 * second + 999, 0));
  CHECK(time.due(12 * second, 0));
  CHECK(!time.due(9 * second, 0));
  time.begin(15 * second);
  CHECK(!time.due(16 * second, 0));
}
