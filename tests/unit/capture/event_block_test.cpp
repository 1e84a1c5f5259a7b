// Event blocks: every form, finding the number of parameters, what lies about its length.
#include "capture/file/event_block.hpp"

#include <doctest/doctest.h>

#include "tests/unit/capture/trace_log.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

constexpr EventForm every_form[] = {EventForm::v1,    EventForm::v1_flags,
                                    EventForm::v2,    EventForm::v2_flags,
                                    EventForm::large, EventForm::large_flags};

bool has_flags(EventForm form) {
  return form == EventForm::v1_flags || form == EventForm::v2_flags ||
         form == EventForm::large_flags;
}

TraceBuilder trace_in(EventForm form) { return TraceBuilder().section().form(form).by(7).cpu(3); }

EventSpec spec_of(uint16_t event_type, Params params) {
  EventSpec spec;
  spec.type = event_type;
  spec.params = std::move(params);
  return spec;
}

/// The error of a trace whose only event this is.
std::string error_of(EventForm form, const EventSpec& spec) {
  TraceBuilder trace = trace_in(form);
  const size_t start = trace.size();
  const Reading reading = read_trace(trace.add(spec).bytes());
  CHECK(reading.events.empty());
  CHECK(reading.has_offset);
  CHECK(reading.error_offset == start);
  return reading.error;
}

}  // namespace

TEST_CASE("the same event in every block form") {
  for (const EventForm form : every_form) {
    CAPTURE(static_cast<int>(form));
    EventSpec spec = spec_of(type::write_exit, {i64(3), blob("abc")});
    spec.flags = 5;
    const Reading reading = read_trace(trace_in(form).add(spec).add(spec).bytes());
    CHECK(reading.error == "");
    const std::string flags = has_flags(form) ? "5" : "0";
    CHECK(reading.events ==
          std::vector<std::string>{
              "type=9 tid=7 cpu=3 ts=+0 flags=" + flags + " params=0300000000000000,616263",
              "type=9 tid=7 cpu=3 ts=+1000 flags=" + flags + " params=0300000000000000,616263"});
    CHECK(reading.stats.event_blocks == 2);
  }
}

TEST_CASE("the number from before the first release") {
  TraceBuilder trace = trace_in(EventForm::v1);
  trace.old_aliases(true).event(type::close_exit, {i64(0)});
  CHECK(load<uint32_t>(as_bytes_of(trace.bytes()).data() + 28) == 0x8010ABCD);
  CHECK(read_trace(trace.bytes()).events ==
        std::vector<std::string>{"type=5 tid=7 cpu=3 ts=+0 flags=0 params=0000000000000000"});
}

TEST_CASE("v1: the number of parameters is found from the length") {
  // connect_exit has 4 parameters today; files of the time hold 0 to 2.
  const Param to = tuple({"10.0.0.1", 1}, {"10.0.0.2", 2});
  for (const Params& params : {Params{}, Params{i64(0)}, Params{i64(0), to},
                               Params{i64(0), empty()}, Params{i64(0), empty(), empty()},
                               Params{i64(0), to, i64(3), socket_address({"10.0.0.2", 2})}}) {
    const Reading v1 =
        read_trace(trace_in(EventForm::v1).event(type::connect_exit, params).bytes());
    const Reading v2 =
        read_trace(trace_in(EventForm::v2).event(type::connect_exit, params).bytes());
    CHECK(v1.error == "");
    CHECK(v1.events == v2.events);
  }
}

TEST_CASE("v1: lengths that do not add up") {
  EventSpec spec = spec_of(type::close_exit, {i64(0)});
  spec.sizes = std::vector<uint32_t>{3};
  CHECK(error_of(EventForm::v1, spec) ==
        "the parameter lengths of the event do not add up to its length");
}

TEST_CASE("v1: two event types are three bytes shorter than they say") {
  for (const auto& [event_type, params] :
       {std::pair(type::notification_enter, Params{text("id"), text("description")}),
        std::pair(type::infrastructure_event_enter,
                  Params{text("k8s"), text("pod"), text("a:b;"), text("")})}) {
    EventSpec spec = spec_of(event_type, params);
    const Reading right = read_trace(trace_in(EventForm::v2).add(spec).bytes());
    uint32_t length = 22 + 3;
    for (const Param& p : params) length += 2 + static_cast<uint32_t>(p.size());
    spec.length = length;
    spec.options = "xxx";  // or the event would be longer than its block
    const Reading quirk = read_trace(trace_in(EventForm::v1).add(spec).bytes());
    CHECK(quirk.error == "");
    CHECK(quirk.events == right.events);
  }
}

TEST_CASE("an event of an unknown type is given out without its parameters") {
  for (const EventForm form : every_form) {
    const Reading reading =
        read_trace(trace_in(form).event(6000, {u32(1), u16(2)}).event(type::close_exit).bytes());
    CHECK(reading.error == "");
    REQUIRE(reading.events.size() == 2);
    CHECK(reading.events[0] == "type=6000 tid=7 cpu=3 ts=+0 flags=0 params=");
  }
}

TEST_CASE("lengths are 32 bits wide where the event type says so, whatever the block") {
  const std::string big(70'000, 'x');
  const Reading large = read_trace(
      trace_in(EventForm::large).event(type::pluginevent_enter, {u32(5), blob(big)}).bytes());
  CHECK(large.error == "");
  REQUIRE(large.events.size() == 1);
  CHECK(large.events[0].size() > 140'000);
  const Reading small = read_trace(
      trace_in(EventForm::v2).event(type::pluginevent_enter, {u32(5), blob("abc")}).bytes());
  CHECK(small.events ==
        std::vector<std::string>{"type=322 tid=7 cpu=3 ts=+0 flags=0 params=05000000,616263"});
}

TEST_CASE("more parameters than the schema knows are all there") {
  const Reading reading = read_trace(
      trace_in(EventForm::v2).event(type::close_exit, {i64(0), i64(3), u32(1), u8(9)}).bytes());
  CHECK(reading.events ==
        std::vector<std::string>{"type=5 tid=7 cpu=3 ts=+0 flags=0 params=0000000000000000,"
                                 "0300000000000000,01000000,09"});
}

TEST_CASE("options behind an event are passed over and counted") {
  for (const EventForm form : every_form) {
    EventSpec spec = spec_of(type::close_exit, {i64(0)});
    spec.options = u16(1) + u16(3) + "abc" + u8(0) + u32(0);
    const Reading reading =
        read_trace(trace_in(form).add(spec).event(type::close_exit, {i64(1)}).bytes());
    CHECK(reading.error == "");
    CHECK(reading.events.size() == 2);
    CHECK(reading.stats.option_bytes == 12);
  }
}

TEST_CASE("events that lie about their size") {
  EventSpec spec = spec_of(type::close_exit, {i64(0)});
  for (const EventForm form : every_form) {
    const bool v1 = form == EventForm::v1 || form == EventForm::v1_flags;
    spec.length = v1 ? 21 : 25;
    CHECK(error_of(form, spec) == "the event's length is shorter than its header");
    spec.length = 1000;
    CHECK(error_of(form, spec) == "the event is longer than its block");
    spec.length = UINT32_MAX;
    CHECK(error_of(form, spec) == "the event is longer than its block");
    if (v1) continue;
    spec.length.reset();
    for (const uint32_t count : {6u, 0x80000000u, UINT32_MAX}) {
      spec.nparams = count;
      CHECK(error_of(form, spec) == "the event claims more parameters than fit into it");
    }
    spec.nparams.reset();
    spec.sizes = std::vector<uint32_t>{9};
    CHECK(error_of(form, spec) == "the parameters of the event are longer than the event");
    spec.sizes.reset();
  }
}

TEST_CASE("a block without room for an event header") {
  for (const uint32_t block : {0x204u, 0x208u, 0x216u, 0x217u, 0x221u, 0x222u}) {
    const Reading reading =
        read_trace(TraceBuilder().section().block(block, std::string(20, '\0')).bytes());
    CHECK(reading.error == "the event block is shorter than an event header");
    CHECK(reading.error_offset == 28);
  }
}

TEST_CASE("the largest ordinary event, and one that is larger") {
  // Body of 65536 - 4: cpu, header, one length, data.
  const size_t most = 65536 - 4 - 2 - 26 - 2 * 2 - 8;
  const Params fits{i64(0), blob(std::string(most, 'x'))};
  CHECK(read_trace(trace_in(EventForm::v2).event(type::write_exit, fits).bytes()).error == "");
  const Params too_large{i64(0), blob(std::string(most + 1, 'x'))};
  CHECK(error_of(EventForm::v2, spec_of(type::write_exit, too_large)) ==
        "event v2 of 65548 bytes is too large");
  CHECK(read_trace(trace_in(EventForm::large).event(type::write_exit, too_large).bytes()).error ==
        "");
}

TEST_CASE("so many lengths that their sum wraps around in 32 bits") {
  EventSpec spec = spec_of(type::close_exit, {std::string(140'000, 'x')});
  const uint32_t count = 131'076;
  spec.sizes = std::vector<uint32_t>(count, 0xffff);
  spec.nparams = count;
  spec.length = 26 + 2 * count + 140'000;
  CHECK(error_of(EventForm::large, spec) ==
        "the parameters of the event are longer than the event");
}
