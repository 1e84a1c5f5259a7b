// Options behind events: the latency is found among others and in every form of block.
#include "capture/event_options.hpp"

#include <doctest/doctest.h>

#include "capture/file/reader.hpp"
#include "decoder/host_ids.hpp"
#include "tests/support/trace_builder.hpp"
#include "tests/unit/capture/trace_log.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

std::optional<uint64_t> latency_in(std::string_view options) {
  return find_latency(as_bytes_of(options));
}

const std::string comment = u16(1) + str16("note!") + std::string(3, '\0');
const std::string end = u16(0) + u16(0);

}  // namespace

TEST_CASE("the latency is found among other options") {
  CHECK(latency_in(latency_bytes(1234)) == 1234);
  CHECK(latency_in(comment + latency_bytes(5) + end) == 5);
  CHECK(latency_in(latency_bytes(5) + comment) == 5);
  CHECK(latency_in(latency_bytes(UINT64_MAX)) == UINT64_MAX);
}

TEST_CASE("options without a latency, and damaged ones") {
  CHECK_FALSE(latency_in(""));
  CHECK_FALSE(latency_in(comment));
  CHECK_FALSE(latency_in(end + latency_bytes(5)));
  CHECK_FALSE(latency_in(u16(latency_option) + u16(4) + u32(5)));
  CHECK(latency_in(u16(latency_option) + u16(4) + u32(5) + latency_bytes(6)) == 6);
  CHECK_FALSE(latency_in(u16(1) + u16(500) + latency_bytes(5)));
  const std::string whole = latency_bytes(5);
  for (size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(latency_in(whole.substr(0, size)));
}

TEST_CASE("the options of an event are those of its block, whatever the block") {
  constexpr EventForm forms[] = {EventForm::v1,       EventForm::v1_flags, EventForm::v2,
                                 EventForm::v2_flags, EventForm::large,    EventForm::large_flags};
  for (const EventForm form : forms) {
    for (size_t size = 0; size < 8; ++size) {  // every padding in front of the options
      EventSpec spec;
      spec.type = type::write_exit;
      spec.params = {i64(1), blob(std::string(size, 'x'))};
      spec.options = latency_bytes(100 + size);
      TraceBuilder trace;
      trace.section().form(form).add(spec).event(type::close_exit, {i64(0)});
      const MemoryFile file(trace.bytes());
      auto reader = TraceReader::open(file.path());
      REQUIRE(reader);
      RawEvent event;
      RecordSink ignored;
      REQUIRE((*reader)->next(event, ignored) == TraceReader::Step::event);
      CHECK(find_latency(event.option_list()) == 100 + size);
      HostIds ids(1);
      ids.apply((*reader)->block(), event);
      CHECK(find_latency(event.option_list()) == 100 + size);
      REQUIRE((*reader)->next(event, ignored) == TraceReader::Step::event);
      CHECK(event.option_list().empty());
    }
  }
}

TEST_CASE("append_latency pads the event and puts the option behind it") {
  for (size_t size = 40; size < 44; ++size) {
    std::vector<std::byte> block(size);
    append_latency(block, 77);
    CHECK(block.size() == (size + 3) / 4 * 4 + 12);
    CHECK(find_latency(Bytes(block).last(12)) == 77);
  }
}
