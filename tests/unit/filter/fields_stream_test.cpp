#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

#include "filter/fields/clock.hpp"
#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

/// Local time for one test.
struct TimeZone {
  explicit TimeZone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~TimeZone() {
    unsetenv("TZ");
    tzset();
  }
};

std::string interval(uint64_t ns) {
  Text text;
  filter::append_interval(text, ns);
  return std::string(text.view());
}

constexpr uint64_t noon = 1'534'507'200'000'000'000;  // 2018-08-17T12:00:00Z

}  // namespace

TEST_CASE("fields: number and times of an event") {
  const TimeZone zone("UTC-2");
  World world(one_process(7, "sh", "/"));
  world.at(noon).by(7).event(type::getuid_exit, {u32(0)});
  world.at(noon + 61'000'000'042).event(type::getuid_exit, {u32(0)});
  CHECK(field(world, "evt.num") == "2");
  CHECK(field(world, "evt.time") == "14:01:01.000000042");
  CHECK(field(world, "evt.time.s") == "14:01:01");
  CHECK(field(world, "evt.time.iso8601") == "2018-08-17T12:01:01.000000042+0000");
  CHECK(field(world, "evt.datetime") == "2018-08-17 14:01:01.000000042");
  CHECK(field(world, "evt.datetime.s") == "2018-08-17 14:01:01");
  CHECK(field(world, "evt.rawtime") == "1534507261000000042");
  CHECK(field(world, "evt.rawtime.s") == "1534507261");
  CHECK(field(world, "evt.rawtime.ns") == "42");
  CHECK(field(world, "evt.reltime") == "61000000042");
  CHECK(field(world, "evt.reltime.s") == "61");
  CHECK(field(world, "evt.reltime.ns") == "42");
  CHECK(FieldProbe("evt.time").json_at(world) == "1534507261000000042");
}

TEST_CASE("fields: an event from before the first one has no negative time") {
  World world;
  world.at(noon).event(type::getuid_exit, {u32(0)});
  world.at(noon - 5).event(type::getuid_exit, {u32(0)});
  CHECK(field(world, "evt.reltime") == "0");
}

TEST_CASE("fields: evt.outputtime in every mode") {
  const TimeZone zone("UTC");
  World world(one_process(7, "sh", "/"));
  world.at(noon).by(7).event(type::read_enter, {i64(0), u32(1)});
  world.at(noon + 1'000'000'500).event(type::read_exit, {i64(0), blob("")});
  FieldProbe time("evt.outputtime");
  time.stream.previous_ts = noon + 400;
  const auto in = [&](filter::TimeMode mode) {
    time.settings.time = mode;
    return time.at(world);
  };
  CHECK(in(filter::TimeMode::clock) == "12:00:01.000000500");
  CHECK(in(filter::TimeMode::absolute) == "1534507201.500");
  CHECK(in(filter::TimeMode::relative) == "1.000000500");
  CHECK(in(filter::TimeMode::latency) == "1.000000500");
  CHECK(in(filter::TimeMode::delta) == "1.000000100");
  time.stream.previous_ts = 0;
  CHECK(in(filter::TimeMode::delta) == "0.000000000");
}

TEST_CASE("fields: evt.deltatime counts from the event before, in each place") {
  World world;
  FieldProbe delta("evt.deltatime"), seconds("evt.deltatime.s"), rest("evt.deltatime.ns");
  world.at(noon).event(type::getuid_exit, {u32(0)});
  CHECK(delta.at(world) == "0");
  CHECK(seconds.at(world) == "0");
  CHECK(rest.at(world) == "0");
  world.at(noon + 2'000'000'007).event(type::getuid_exit, {u32(0)});
  CHECK(delta.at(world) == "2000000007");
  CHECK(seconds.at(world) == "2");
  CHECK(rest.at(world) == "7");
  world.at(noon + 1).event(type::getuid_exit, {u32(0)});
  CHECK(delta.at(world) == "0");
  CHECK(field(world, "evt.deltatime") == "0");
}

TEST_CASE("fields: evt.around is the least distance that takes the event in") {
  World world;
  world.at(noon).event(type::getuid_exit, {u32(0)});
  CHECK(field(world, "evt.around[1534507200000000000]") == "0");
  CHECK(field(world, "evt.around[1534507200000000001]") == "1");
  CHECK(field(world, "evt.around[1534507199999000000]") == "1");
  CHECK(field(world, "evt.around[1534507199998999999]") == "2");
  CHECK(field_error("evt.around") != "");
  CHECK(field_error("evt.around[noon]") == "the argument of evt.around is a number, not 'noon'");
}

TEST_CASE("fields: intervals for people are cut, not rounded") {
  CHECK(interval(0) == "0ns");
  CHECK(interval(999) == "999ns");
  CHECK(interval(3'896) == "3.89us");
  CHECK(interval(12'999) == "12us");
  CHECK(interval(1'009'999) == "1.00ms");
  CHECK(interval(10'000'000) == "10ms");
  CHECK(interval(1'500'000'000) == "1.50s");
  CHECK(interval(59'999'999'999) == "59.99s");
  CHECK(interval(125'000'000'000) == "2:5");
  CHECK(interval(3'723'000'000'000) == "01:02:03");
}

TEST_CASE("fields: where an event comes from") {
  World world;
  world.event(type::getuid_exit, {u32(0)});
  CHECK(field(world, "evt.source") == "syscall");
  CHECK(field(world, "evt.is_async") == "false");
  CHECK(field(world, "evt.asynctype") == "NULL");
  CHECK(field(world, "evt.hostname") == "NULL");
  world.state.machine.hostname = "box";
  CHECK(field(world, "evt.hostname") == "box");
  world.event(type::asyncevent_enter, {u32(0), text("container"), blob("{}")});
  CHECK(field(world, "evt.source") == "syscall");
  CHECK(field(world, "evt.is_async") == "true");
  CHECK(field(world, "evt.asynctype") == "container");
  CHECK(field(world, "evt.type") == "container");
  world.event(type::asyncevent_enter, {u32(5), text("mine"), blob("")});
  CHECK(field(world, "evt.source") == "NULL");
  world.event(type::pluginevent_enter, {u32(5), blob("x")});
  CHECK(field(world, "evt.source") == "NULL");
  CHECK(field(world, "evt.pluginname") == "NULL");
  CHECK(field(world, "evt.plugininfo") == "NULL");
  world.event(type::notification_enter, {text("1"), text("full disk")});
  CHECK(field(world, "evt.asynctype") == "notification");
}

TEST_CASE("fields: util.cnt counts how often it is asked") {
  World world;
  world.event(type::getuid_exit, {u32(0)});
  FieldProbe count("util.cnt");
  CHECK(count.at(world) == "1");
  CHECK(count.at(world) == "2");
  CHECK(field(world, "util.cnt") == "1");
}
