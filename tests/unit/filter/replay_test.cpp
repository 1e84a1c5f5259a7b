#include "filter/replay.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "capture/file/reader.hpp"
#include "decoder/traits.hpp"
#include "tests/support/field_probe.hpp"
#include "tests/support/trace_builder.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

std::unique_ptr<TraceReader> open(const MemoryFile& file,
                                  const std::optional<EventTypes>& wanted = std::nullopt) {
  auto reader = TraceReader::open(file.path(), wanted);
  REQUIRE(reader);
  return std::move(*reader);
}

TraceBuilder begun() {
  TraceBuilder trace;
  trace.section().machine({.cpus = 1, .hostname = "host"});
  trace.processes(one_process(7, "cat", "/"));
  trace.by(7);
  return trace;
}

TraceBuilder& chdir(TraceBuilder& trace, const char* path) {
  return trace.event(type::chdir_exit, {i64(0), text(path)});
}

}  // namespace

TEST_CASE("replay: the state is that before an event until it is decoded") {
  TraceBuilder trace = begun();
  chdir(trace, "/etc");
  chdir(trace, "/tmp");
  const MemoryFile file(trace.bytes());
  const auto reader = open(file);
  filter::Replay replay(*reader);
  std::vector<std::string> cwds;
  const auto note = [&] { cwds.emplace_back(replay.state().threads.find(7)->cwd()); };
  while (replay.next()) {
    note();
    REQUIRE(replay.decode() != nullptr);
    note();
  }
  CHECK(cwds == std::vector<std::string>{"/", "/etc/", "/etc/", "/tmp/"});
  CHECK_FALSE(reader->error());
  CHECK(replay.first_ts() == TraceBuilder::first_ts);
  CHECK(replay.events() == 2);
}

TEST_CASE("replay: events that are passed over count") {
  TraceBuilder trace = begun();
  for (int i = 0; i < 3; ++i) trace.event(type::getuid_exit, {u32(0)});
  chdir(trace, "/etc");
  for (int i = 0; i < 2; ++i) trace.event(type::getuid_exit, {u32(0)});
  const MemoryFile file(trace.bytes());
  const auto reader = open(file, state_event_types());
  filter::Replay replay(*reader);
  const filter::Settings settings;
  uint64_t given = 0;
  while (replay.next()) {  // the first one, which nothing scans ahead of, and the chdir
    const Event* event = replay.decode();
    REQUIRE(event != nullptr);
    ++given;
    if (event->raw().type == type::chdir_exit) CHECK(event->num() == 4);
    CHECK(replay.moment(*event, settings).stream.first_ts == TraceBuilder::first_ts);
  }
  CHECK(given < 6);
  CHECK(replay.events() == 6);
}

TEST_CASE("replay: times count from the first event behind the leading ones, wanted or not") {
  TraceBuilder trace = begun();
  const Params user{u32(1), u32(1), text("a"), text("/"), text("/bin/sh"), text("")};
  for (int i = 0; i < 2; ++i) trace.event(type::user_added_enter, user);
  for (int i = 0; i < 4; ++i) trace.event(type::getuid_exit, {u32(0)});
  chdir(trace, "/etc");
  for (int i = 0; i < 2; ++i) trace.event(type::getuid_exit, {u32(0)});
  const MemoryFile file(trace.bytes());
  uint64_t first_ts = 0;
  for (const auto& wanted : {std::optional<EventTypes>(), std::optional(state_event_types())}) {
    const auto reader = open(file, wanted);
    filter::Replay replay(*reader);
    while (replay.next()) replay.decode();
    CHECK(replay.events() == 9);
    CHECK(replay.first_ts() > TraceBuilder::first_ts);
    CHECK((reader->passed_over() != 0) == wanted.has_value());
    if (first_ts != 0) CHECK(replay.first_ts() == first_ts);
    first_ts = replay.first_ts();
  }
}

TEST_CASE("replay: what it is asked for reaches the decoder and the records") {
  TraceBuilder trace = begun();
  UserRecord user;
  user.uid = 5;
  user.name = "ann";
  trace.users({user});
  trace.event(type::openat_2_enter, {i64(-100), text("/x"), u32(1), u32(0)});
  const MemoryFile file(trace.bytes());
  for (const bool wanted : {true, false}) {
    const auto reader = open(file);
    const uint16_t last_type = wanted ? schema::event_count - 1 : type::openat_2_enter - 1;
    filter::Replay replay(*reader, {.last_type = last_type, .with_users = wanted});
    REQUIRE(replay.next());
    CHECK((replay.decode() != nullptr) == wanted);
    CHECK((replay.state().users.size() == 1) == wanted);
    CHECK(replay.decoder().newer_types() == (wanted ? 0 : 1));
  }
}

TEST_CASE("replay: it ends at damage") {
  TraceBuilder trace = begun();
  chdir(trace, "/etc");
  const std::string whole = trace.bytes();
  chdir(trace, "/tmp");
  const MemoryFile file(trace.bytes().substr(0, whole.size() + 9));
  const auto reader = open(file);
  filter::Replay replay(*reader);
  CHECK(replay.next());
  replay.decode();
  CHECK_FALSE(replay.next());
  CHECK(reader->error());
}
