// gyr info: what is counted, and that its two forms say it.
#include "cli/info.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "tests/support/trace_builder.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = gyr::schema::type;

namespace {

constexpr uint64_t second = 1'000'000'000;

TraceFacts facts_of(std::string_view bytes) {
  const MemoryFile file(bytes);
  auto reader = TraceReader::open(file.path());
  REQUIRE(reader);
  return gather_facts(**reader);
}
TraceFacts facts_of(const TraceBuilder& trace) { return facts_of(trace.bytes()); }

TraceBuilder section() {
  TraceBuilder trace;
  trace.section();
  return trace;
}

ThreadRecord thread(int64_t tid, int64_t pid) {
  ThreadRecord record;
  record.tid = tid;
  record.pid = pid;
  return record;
}

UserRecord user(std::string_view name, bool is_group = false) {
  UserRecord record;
  record.name = name;
  record.is_group = is_group;
  return record;
}

EventSpec close_with(std::string options, std::optional<uint32_t> flags = std::nullopt) {
  EventSpec spec;
  spec.type = type::close_enter;
  spec.params = {i64(3)};
  spec.options = std::move(options);
  spec.flags = flags;
  return spec;
}

std::string text_of(const TraceFacts& facts, const InfoOptions& options = {}) {
  Text text;
  append_info_text(text, "t.scap", facts, options);
  return std::string(text.view());
}

nlohmann::ordered_json json_of(const TraceFacts& facts, bool with_types = false) {
  const std::string line = info_json("t.scap", facts, with_types);
  CHECK(line.find('\n') == std::string::npos);
  return nlohmann::ordered_json::parse(line);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

uint64_t count_of(const TraceFacts& facts, std::string_view name, bool is_enter) {
  for (const TypeCount& row : facts.types) {
    if (row.name == name && row.is_enter == is_enter) return row.count;
  }
  return 0;
}

/// Local time is that of London in this scope.
class InLondon {
 public:
  InLondon() {
    if (const char* zone = std::getenv("TZ")) before_ = zone;
    set("GMT0BST,M3.5.0/1,M10.5.0");
  }
  ~InLondon() { set(before_); }

 private:
  static void set(const std::string& zone) {
    zone.empty() ? unsetenv("TZ") : setenv("TZ", zone.c_str(), 1);
    tzset();
  }
  std::string before_;
};

}  // namespace

TEST_CASE("info: the time range is the earliest and the latest event, whatever their order") {
  TraceBuilder trace = section();
  trace.at(7 * second).event(type::close_enter, {i64(3)});
  trace.at(5 * second).event(type::close_enter, {i64(3)});
  trace.at(0).event(type::close_enter, {i64(3)});
  trace.at(UINT64_MAX).event(type::close_enter, {i64(3)});
  trace.at(6 * second).event(type::close_enter, {i64(3)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.first_ts == 5 * second);
  CHECK(facts.last_ts == 7 * second);
  CHECK(facts.duration_ns() == 2 * second);
  CHECK(facts.stats.event_blocks == 5);
  CHECK(json_of(facts)["from"] == 5 * second);
}

TEST_CASE("info: a trace without events") {
  const TraceFacts facts = facts_of(section());
  CHECK(!facts.error);
  CHECK(facts.duration_ns() == 0);
  CHECK(contains(text_of(facts), "\n  events      none\n"));
  CHECK(json_of(facts)["from"].is_null());
}

TEST_CASE("info: the snapshot counts threads once, and lists replace each other") {
  TraceBuilder trace = section();
  trace.users({user("a")}).users({user("a"), user("b"), user("g", true)});
  trace.processes({thread(7, 7), thread(8, 7)}).processes({thread(8, 7), thread(9, 9)});
  trace.fds(7, {named_fd(0, FdType::file_v2, "/a"), named_fd(1, FdType::file_v2, "/b")});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.snapshot.threads == 3);
  CHECK(facts.snapshot.processes == 2);
  CHECK(facts.snapshot.fds == 2);
  CHECK(facts.snapshot.users == 2);
  CHECK(facts.snapshot.groups == 1);
  CHECK(contains(text_of(facts), "3 threads in 2 processes, 2 open descriptors"));
}

TEST_CASE("info: several sections name each machine once, the snapshot is the first one's") {
  TraceBuilder trace = section();
  trace.machine({.cpus = 2, .hostname = "one"}).processes({thread(7, 7)});
  trace.event(type::close_enter, {i64(3)});
  trace.section().machine({.cpus = 2, .hostname = "one"}).processes({thread(8, 8)});
  trace.section().machine({.cpus = 4, .hostname = "two"}).event(type::close_enter, {i64(3)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.stats.sections == 3);
  REQUIRE(facts.machines.size() == 2);
  CHECK(facts.machines[0].hostname == "one");
  CHECK(facts.machines[1].cpus == 4);
  CHECK(facts.snapshot.threads == 1);
  CHECK(contains(text_of(facts), "3 traces, one after the other"));
}

TEST_CASE("info: threads that act, and which of them the snapshot did not have") {
  TraceBuilder trace = section();
  trace.processes({thread(7, 7)});
  for (const int64_t tid : {7, 8, 8, 7, 9, -1, 0}) trace.by(tid).event(type::close_enter, {i64(3)});
  trace.by(10).event(type::procinfo_enter, {u64(1), u64(2)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.threads_seen == 3);
  CHECK(facts.threads_new == 2);
  CHECK(facts.threads_complete);
  CHECK(facts.internal == 1);
}

TEST_CASE("info: a program start is an execve that succeeded, in any version") {
  TraceBuilder trace = section();
  trace.event(type::execve_8_exit, {i64(0)}).event(type::execve_19_exit, {i64(0)});
  trace.event(type::execve_19_exit, {i64(-2)}).event(type::execveat_exit, {i64(0)});
  trace.event(type::execve_19_enter, {text("/bin/sh")}).event(type::execve_19_exit, {});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.execs == 3);
  CHECK(count_of(facts, "execve", false) == 4);
  CHECK(count_of(facts, "execve", true) == 1);
}

TEST_CASE("info: types fall by count, generic calls go by their names") {
  const Params by_code = {u16(1), u16(0)}, by_native = {u16(0), u16(24)}, beyond = {u16(60000)};
  TraceBuilder trace = section();
  trace.event(type::close_enter, {i64(3)}).event(type::close_enter, {i64(3)});
  trace.event(type::generic_exit, by_code);
  trace.event(type::generic_enter, by_native).event(type::generic_exit, beyond);
  const TraceFacts facts = facts_of(trace);
  REQUIRE(!facts.types.empty());
  CHECK(facts.types[0].name == "close");
  CHECK(facts.types[0].count == 2);
  CHECK(count_of(facts, schema::syscalls[1].name, false) == 1);
  CHECK(count_of(facts, "sched_yield", true) == 1);
  CHECK(count_of(facts, "unknown", false) == 1);
  const std::string text = text_of(facts, {.verbose = true});
  CHECK(contains(text, "\n               2  40.0%  > close\n"));
  CHECK(!contains(text_of(facts), "> close"));
  CHECK(json_of(facts, true)["types"][0]["direction"] == "enter");
}

TEST_CASE("info: what gyr does not know is counted by type") {
  TraceBuilder trace = section();
  trace.block(0x300, "abcd").block(0x300, "");
  trace.event(60000, {u32(1)}).event(60000).event(type::procinfo_exit);
  trace.event(type::close_exit, {i64(0), i64(3), u32(1)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.unknown_events == 3);
  CHECK(facts.unknown_types.at(60000) == 2);
  CHECK(facts.newer_events == 1);
  CHECK(contains(text_of(facts),
                 "3 events of type 235 60000; 1 event with parameters that are "
                 "new; 2 blocks of type 0x300\n"));
  const auto json = json_of(facts)["unknown"];
  CHECK(json["types"]["60000"] == 2);
  CHECK(json["blocks"]["0x300"] == 2);
}

TEST_CASE("info: sampling is a loss") {
  CHECK(contains(text_of(facts_of(section())), "nothing is recorded as lost"));
  TraceBuilder trace = section();
  trace.event(type::drop_enter, {u32(4)}).event(type::drop_exit, {u32(4)});
  trace.event(type::drop_enter, {u32(8)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.sampling_pauses == 2);
  CHECK(facts.sampling_ratio == 8);
  CHECK(contains(text_of(facts), "paused 2 times (of every second the first 1/8 was kept)"));
}

TEST_CASE("info: gaps are added up") {
  const auto gap = [](uint64_t count, int32_t cpu, uint64_t from, uint64_t to, uint8_t reason) {
    return Params{u64(count), i32(cpu), u64(from * second), u64(to * second), u8(reason)};
  };
  TraceBuilder trace = section();
  trace.by(-1).event(type::gap_exit, gap(1000, 0, 20, 30, 1));
  trace.event(type::gap_exit, gap(5, 1, 10, 20, 2)).event(type::gap_exit, gap(7, -1, 0, 0, 77));
  EventSpec hidden;
  hidden.type = type::gap_exit;
  hidden.params = gap(1, 0, 25, 25, 1);
  hidden.flags = state_only;
  trace.form(EventForm::v2_flags).add(hidden);
  trace.event(type::gap_exit, gap(12, 3, 1, 99, 3));
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.threads_seen == 0);
  CHECK(facts.internal == 0);
  CHECK(facts.lost.unread == 12);
  CHECK(contains(text_of(facts),
                 "\n  lost        1,013 events in 4 gaps"
                 "\n              from 1970-01-01 00:00:10 UTC to 1970-01-01 00:00:30 UTC"
                 "\n              1,001 RING_FULL; 5 TOO_BIG; 7 77"
                 "\n  unread      12 parameters whose memory was not there\n  unknown"));
  CHECK(contains(text_of(facts, {.verbose = true}),
                 "\n              7 on unknown CPU; 1,001 on CPU 0; 5 on CPU 1\n"));
  const auto json = json_of(facts)["lost"];
  CHECK(json["events"] == 1013);
  CHECK(json["gaps"] == 4);
  CHECK(json["unread"] == 12);
  CHECK(json["from"] == 10 * second);
  CHECK(json["to"] == 30 * second);
  CHECK(json["reasons"]["RING_FULL"] == 1001);
  CHECK(json["reasons"]["77"] == 7);
  CHECK(json["cpus"]["-1"] == 7);
  CHECK(json["sampling_pauses"] == 0);
}

TEST_CASE("info: gaps of more CPUs than there are") {
  TraceBuilder trace = section();
  const int32_t cpus = LossFacts::max_cpus + 10;
  for (int32_t cpu = 0; cpu < cpus; ++cpu)
    trace.event(type::gap_exit, {u64(1), i32(cpu), u64(0), u64(0), u8(1)});
  trace.event(type::gap_exit);
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.lost.events == static_cast<uint64_t>(cpus));
  CHECK(facts.lost.cpus.size() <= LossFacts::max_cpus + 1);
  CHECK(facts.lost.cpus.at(-1) == 10);
  CHECK(contains(text_of(facts), " gaps\n              0 0; 4,106 RING_FULL\n"));
}

TEST_CASE("info: hidden events are those of the recorder, at the start and anywhere") {
  const Params user = {u32(1), u32(1), text("a"), text("/"), text("/bin/sh"), text("")};
  TraceBuilder trace = section();
  trace.event(type::user_added_enter, user).event(type::user_added_enter, user);
  trace.event(type::close_enter, {i64(3)}).event(type::user_added_enter, user);
  trace.section().event(type::user_added_enter, user);
  trace.event(type::procinfo_enter, {u64(1), u64(2)});
  CHECK(facts_of(trace).internal == 4);
}

TEST_CASE("info: events for the state only, and options behind events") {
  TraceBuilder trace = section();
  trace.form(EventForm::v2_flags).add(close_with("", state_only));
  trace.form(EventForm::v2).add(close_with("12345678"));
  trace.form(EventForm::v1).add(close_with("1234"));
  trace.event(type::close_enter, {i64(3)});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.state_only == 1);
  CHECK(facts.stats.option_bytes == 12);
  CHECK(facts.event_bytes == trace.size() - section().size());
  CHECK(contains(text_of(facts), "12 bytes behind events"));
}

TEST_CASE("info: options of the section header") {
  const std::string options = u16(1) + str16("note") + u16(3) + str16("Linux 6") +
                              std::string(1, '\0') + u16(4) + str16("tool") + u16(0) + u16(0) +
                              u16(1) + str16("late");
  TraceBuilder trace;
  trace.section({.options = options});
  const TraceFacts facts = facts_of(trace);
  CHECK(facts.comment == "note");
  CHECK(facts.system == "Linux 6");
  CHECK(facts.application == "tool");
  TraceBuilder cut;
  cut.section({.options = u16(1) + u16(500)});
  CHECK(facts_of(cut).comment.empty());
}

TEST_CASE("info: a damaged trace keeps what was read") {
  TraceBuilder trace = section();
  trace.event(type::close_enter, {i64(3)}).event(type::close_enter, {i64(3)});
  const std::string cut = trace.bytes().substr(0, trace.size() - 5);
  const TraceFacts facts = facts_of(cut);
  CHECK(facts.stats.event_blocks == 1);
  REQUIRE(facts.error);
  CHECK(contains(text_of(facts), "; damaged, read up to byte "));
  const auto json = json_of(facts);
  CHECK(json["events"]["total"] == 1);
  CHECK(json["error"]["offset"] == *facts.error->offset);
}

TEST_CASE("info: what is no trace has a name and an error in JSON") {
  const auto json = json_of(facts_of("hello, world"));
  CHECK(json.size() == 2);
  CHECK(json["file"] == "t.scap");
  CHECK(json["error"]["offset"] == 0);
}

TEST_CASE("info: sizes of a compressed trace") {
  TraceBuilder trace = section();
  for (int i = 0; i < 1000; ++i) trace.event(type::close_enter, {i64(3)});
  const std::string packed = gzip(trace.bytes());
  const TraceFacts facts = facts_of(packed);
  CHECK(facts.file_bytes == packed.size());
  CHECK(facts.uncompressed_bytes == trace.size());
  CHECK(json_of(facts)["format"]["compression"] == "gzip");
  CHECK(contains(text_of(facts), "scap 1.2, gzip\n"));
}

TEST_CASE("info: times are local and name their zone") {
  const InLondon zone;
  TraceBuilder trace = section();
  trace.machine({.cpus = 1, .boot_ts = 1'700'000'000 * second, .hostname = "h"});
  trace.at(1'720'000'000 * second + 5).event(type::close_enter, {i64(3)});
  const std::string text = text_of(facts_of(trace));
  CHECK(contains(text, "booted      2023-11-14 22:13:20 GMT\n"));
  CHECK(contains(text, "from        2024-07-03 10:46:40.000000005 BST\n"));
}

TEST_CASE("info: a machine's name can neither drive the terminal nor break the JSON") {
  TraceBuilder trace = section();
  trace.machine({.cpus = 1, .hostname = "a\033[31m\xff\"b"});
  const TraceFacts facts = facts_of(trace);
  CHECK(contains(text_of(facts), "a\033[31m"));
  CHECK(contains(text_of(facts, {.safe_for_terminal = true}), "a.[31m"));
  CHECK(json_of(facts)["machines"][0]["hostname"] == "a\033[31m\xef\xbf\xbd\"b");
}

TEST_CASE("info: the table of JSON keys is complete and in order") {
  const auto json = json_of(facts_of(section()), true);
  std::vector<std::string> keys, described;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  for (const InfoKeyRow& row : info_json_keys()) described.emplace_back(row.key);
  CHECK(keys == described);
}

TEST_CASE("info: options") {
  const auto options = parse_info_options({"-v", "a", "--json", "-", "-v", "--", "-x"});
  REQUIRE(options);
  CHECK(options->verbose);
  CHECK(options->json);
  CHECK(options->traces == std::vector<std::string>{"a", "-", "-x"});
  CHECK(contains(parse_info_options({"-r", "a"}).error().message, "unknown option -r"));
  CHECK(contains(parse_info_options({"--jso", "a"}).error().message, "unknown option --jso"));
  CHECK(contains(parse_info_options({"--json"}).error().message, "no trace is given"));
  CHECK(parse_info_options({"-h"})->help);
}

TEST_CASE("info: distinct ids") {
  DistinctIds ids;
  CHECK(ids.add(5));
  CHECK(!ids.add(5));
  CHECK(ids.add(5 + 1024));
  CHECK(!ids.add(5));
  CHECK(!ids.add(0));
  CHECK(!ids.add(-1));
  CHECK(ids.size() == 2);
  for (int64_t id = 1; id <= static_cast<int64_t>(DistinctIds::limit) + 10; ++id) ids.add(id);
  CHECK(ids.full());
  CHECK(ids.size() == DistinctIds::limit);
}
