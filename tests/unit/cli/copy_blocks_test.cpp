// Which blocks a copy has: verbatim, marked, left out.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "capture/file/state_only.hpp"
#include "tests/support/trace_builder.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

/// The plain copy of a trace.
std::string copied(const std::string& trace, const Predicate& matches, bool select = true,
                   Codec codec = Codec::plain) {
  const MemoryFile file(trace);
  const TemporaryFolder folder;
  copy_events(file.path(), {.name = folder / "copy", .writer = {.codec = codec}, .select = select},
              matches);
  if (codec == Codec::plain) return content(folder / "copy");
  copy_events(folder / "copy", {.name = folder / "plain", .writer = {.codec = Codec::plain}},
              any_event);
  return content(folder / "plain");
}

/// "0x216<write" and so on: each block's type, of events with their name, "*" when it is hidden.
std::string blocks_of(const std::string& trace) {
  std::string blocks;
  const Bytes bytes = as_bytes_of(trace);
  for (size_t at = 0; at < bytes.size();) {
    const std::byte* block = bytes.data() + at;
    const auto block_type = load<uint32_t>(block);
    const BlockInfo* info = find_block(block_type);
    std::string text = fmt::format("{:#x}", block_type);
    if (info != nullptr && info->kind == BlockKind::events) {
      const size_t prefix = info->has_flags ? 6 : 2;
      const auto id = load<uint16_t>(block + 8 + prefix + 20);
      const schema::Event* event = schema::find_event(id);
      text += schema::is_enter(id) ? '>' : '<';
      text += event != nullptr ? std::string(event->name) : std::to_string(id);
      if (info->has_flags && (load<uint32_t>(block + 10) & 1) != 0) text += "*";
    }
    blocks += (blocks.empty() ? "" : " ") + text;
    at += load<uint32_t>(block + 4);
  }
  return blocks;
}

Predicate of_type(const char* name) {
  return [=](const Event& event) { return event.info().name == name; };
}

EventSpec closed(const char* options, std::optional<uint32_t> flags = std::nullopt) {
  EventSpec spec;
  spec.type = type::close_exit;
  spec.params = {i64(0)};
  spec.options = options;
  spec.flags = flags;
  return spec;
}

TraceBuilder opened_in(EventForm form) {
  TraceBuilder trace;
  trace.section().form(form).by(5);
  trace.event(type::open_enter);
  trace.event(type::open_exit, {i64(3), text("/x"), u32(1), u32(0)});
  trace.event(type::write_enter, {i64(3), u32(1)});
  trace.event(type::write_exit, {i64(1), blob("x")});
  return trace;
}

}  // namespace

TEST_CASE("events that only the state needs are marked, in whatever form they are") {
  const auto forms = [](EventForm form) {
    return blocks_of(copied(opened_in(form).bytes(), of_type("write")));
  };
  CHECK(forms(EventForm::v2) == "0xa0d0d0a 0x217>open* 0x217<open* 0x216>write 0x216<write");
  CHECK(forms(EventForm::v1) == "0xa0d0d0a 0x208>open* 0x208<open* 0x204>write 0x204<write");
  CHECK(forms(EventForm::v2_flags) == "0xa0d0d0a 0x217>open* 0x217<open* 0x217>write 0x217<write");
  CHECK(forms(EventForm::large) == "0xa0d0d0a 0x222>open* 0x222<open* 0x221>write 0x221<write");
}

TEST_CASE("a marked event is the event, with what stands behind it") {
  TraceBuilder trace;
  trace.by(5).add(closed("comment!"));
  std::vector<std::byte> marked;
  REQUIRE(append_state_only(as_bytes_of(trace.bytes()), marked));
  TraceBuilder wanted;
  wanted.by(5).form(EventForm::v2_flags).add(closed("comment!", 1));
  CHECK(as_text(marked) == wanted.bytes());

  // Too large to be marked in a block of its type.
  TraceBuilder big;
  big.event(type::write_exit, {i64(1), blob(std::string(65490, 'x'))});
  REQUIRE(big.size() == 65544);
  marked.clear();
  REQUIRE(append_state_only(as_bytes_of(big.bytes()), marked));
  CHECK(load<uint32_t>(marked.data()) == 0x222);
  CHECK(marked.size() == 65548);
}

TEST_CASE("a copy of all has every event, unknown types and hidden ones too") {
  TraceBuilder trace = opened_in(EventForm::v2);
  trace.event(40000, {}).form(EventForm::v2_flags).add(closed("", 1));
  CHECK(copied(trace.bytes(), any_event, false) == trace.bytes());
  const MemoryFile file(trace.bytes());
  const TemporaryFolder folder;
  copy_events(
      file.path(),
      {.name = folder / "part", .writer = {.codec = Codec::plain}, .rotation = {.events = 100}},
      any_event);
  CHECK(content(folder / "part0") == trace.bytes());
  CHECK(blocks_of(copied(trace.bytes(), of_type("write"))) ==
        "0xa0d0d0a 0x217>open* 0x217<open* 0x216>write 0x216<write 0x216>40000");
}

TEST_CASE("blocks of unknown type are kept before the first event only") {
  TraceBuilder trace;
  trace.section().block(0x4711, "unknown!");
  trace.by(5).event(type::write_exit, {i64(1), blob("x")}).block(0x4712, "unknown!");
  trace.event(type::write_exit, {i64(1), blob("x")});
  CHECK(blocks_of(copied(trace.bytes(), any_event, false)) ==
        "0xa0d0d0a 0x4711 0x216<write 0x216<write");
}

TEST_CASE("section headers: options are for the newest readers") {
  TraceBuilder trace;
  SectionSpec with_options;
  with_options.options = "comment!";
  trace.section(with_options).event(type::write_exit, {i64(1), blob("x")});
  CHECK(copied(trace.bytes(), any_event, false).size() == trace.size() - 8);
  const TemporaryFolder folder;
  const MemoryFile file(trace.bytes());
  copy_events(file.path(), {.name = folder / "copy"}, any_event);
  auto input = open_input(folder / "copy");
  auto stream = open_stream(**input);
  std::vector<std::byte> all(10000);
  CHECK((*stream)->read(all).value() == trace.size());
}

TEST_CASE("a section without events leaves no trace") {
  TraceBuilder trace;
  trace.section().by(5).event(type::write_exit, {i64(1), blob("x")});
  trace.section().event(type::read_exit, {i64(1), blob("x")});
  CHECK(blocks_of(copied(trace.bytes(), of_type("write"))) == "0xa0d0d0a 0x216<write");
  CHECK(blocks_of(copied(trace.bytes(), of_type("read"))) == "0xa0d0d0a 0x216<read");
}

TEST_CASE("what nobody looks at is left out") {
  TraceBuilder trace;
  trace.section();
  const auto open_and_close = [&](int64_t tid) {
    trace.by(tid).event(type::open_exit, {i64(3), text("/x"), u32(1), u32(0)});
    trace.event(type::close_enter, {i64(3)}).event(type::close_exit, {i64(0)});
  };
  open_and_close(5);
  open_and_close(6);
  trace.by(5).event(type::write_exit, {i64(1), blob("x")});
  const auto blocks = blocks_of(copied(trace.bytes(), of_type("write")));
  CHECK(blocks == "0xa0d0d0a 0x217<open* 0x217>close* 0x217<close* 0x216<write");
}

TEST_CASE("an exit event brings its enter event along") {
  TraceBuilder trace;
  trace.section().by(5).event(type::read_enter, {i64(3), u32(1)});
  trace.by(6).event(type::read_enter, {i64(3), u32(1)});
  trace.by(5).event(type::read_exit, {i64(1), blob("x")});
  const auto exits = [](const Event& e) { return !e.is_enter(); };
  CHECK(blocks_of(copied(trace.bytes(), exits)) == "0xa0d0d0a 0x217>read* 0x216<read");
}

TEST_CASE("containers are told of again in each file") {
  TraceBuilder trace;
  const auto container = text(R"({"container":{"id":"abc","name":"web"}})");
  trace.section().form(EventForm::large).event(type::container_json_2_enter, {container});
  trace.form(EventForm::v2).by(5);
  for (int i = 0; i < 4; ++i) trace.event(type::write_exit, {i64(1), blob("x")});
  const MemoryFile file(trace.bytes());
  const TemporaryFolder folder;
  copy_events(
      file.path(),
      {.name = folder / "part", .writer = {.codec = Codec::plain}, .rotation = {.events = 2}},
      any_event);
  for (const char* name : {"part0", "part1"})
    CHECK(blocks_of(content(folder / name)).find("0x221>container") != std::string::npos);
}

TEST_CASE("an event that would lead the copy, and so be hidden, does not come first") {
  TraceBuilder trace;
  trace.section().by(5).event(type::write_exit, {i64(1), blob("x")});
  trace.by(-1).event(type::user_added_enter,
                     {u32(1), u32(1), text("u"), text("/"), text("/"), text("")});
  const MemoryFile file(trace.bytes());
  const TemporaryFolder folder;
  copy_events(file.path(), {.name = folder / "copy", .select = true}, of_type("useradded"));
  CHECK(seen_in(folder / "copy") == seen_in(file.path(), of_type("useradded")));
  CHECK(seen_in(folder / "copy").size() == 1);
}
