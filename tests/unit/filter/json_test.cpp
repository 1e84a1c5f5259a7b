// Events as JSON.
#include "filter/json.hpp"

#include <doctest/doctest.h>

#include "tests/unit/filter/operands.hpp"

using namespace gyr;
using namespace gyr::test;
using filter::json_type;
using filter::JsonType;
using schema::Format;
using schema::ParamType;

TEST_CASE("json: keys as written, sorted, each once, and no text between") {
  Bench b;
  CHECK(b.json(R"(x %9toupper("b") y %len("ab") %len("ab"))") ==
        R"x({"len(\"ab\")":2,"toupper(\"b\")":"B"})x");
  CHECK(b.json("*text") == "{}");
}

TEST_CASE("json: a missing value drops the object, or is null with a star") {
  Bench b;
  CHECK(b.json(R"(%len("ab") %b64("?"))") == "(dropped)");
  CHECK(b.json(R"(*%len("ab") %b64("?"))") == R"x({"b64(\"?\")":null,"len(\"ab\")":2})x");
}

TEST_CASE("json: lists are arrays") {
  Bench b;
  CHECK(b.json(R"x(%getopt(("-a", "-b", "x"), "ab:"))x") ==
        R"x({"getopt((\"-a\", \"-b\", \"x\"), \"ab:\")":["a","b","x"]})x");
  CHECK(b.json("%toupper(())") == R"x({"toupper(())":[]})x");
}

TEST_CASE("json: bytes that are no text, and no masking") {
  Bench b;
  b.settings.render.safe_for_terminal = true;
  CHECK(b.json("%toupper(\"a\xff\\x1b\")") ==
        "{\"toupper(\\\"a\\u00ff\\\\x1b\\\")\":\"A\\u00ff\\u001b\"}");
}

TEST_CASE("json: fields as numbers, texts and what they are in JSON only") {
  Bench b;
  b.world.at(1'700'000'000'000'000'005).event(schema::type::getuid_exit, {u32(0)});
  CHECK(b.json("%evt.time %proc.pid %evt.dir %evt.failed %evt.rawtime.ns") ==
        R"({"evt.dir":"<","evt.failed":false,"evt.rawtime.ns":5,"evt.time":1700000000000000005,)"
        R"("proc.pid":7})");
}

TEST_CASE("json: evt.rawarg has the type that the event's parameter has") {
  Bench b;
  b.world.event(schema::type::mmap_exit, {i64(0), u32(0), u32(0), u32(0), u64(4096)});
  CHECK(b.json("%evt.rawarg.addr") == R"({"evt.rawarg.addr":4096})");
  b.world.event(schema::type::bind_exit, {i64(0), socket_address({"10.0.0.1", 80}), i64(3)});
  CHECK(b.json("%evt.rawarg.addr") == R"({"evt.rawarg.addr":"10.0.0.1:80"})");
  b.world.event(schema::type::mount_exit, {i64(0), text("none"), text("/mnt"), text("proc")});
  CHECK(b.json("%evt.rawarg.dev") == R"({"evt.rawarg.dev":"none"})");
}

TEST_CASE("json: the type of each kind of field") {
  CHECK(json_type(ParamType::uint64, Format::dec, false) == JsonType::number);
  CHECK(json_type(ParamType::reltime, Format::dec_padded, false) == JsonType::number);
  CHECK(json_type(ParamType::int64, Format::hex, false) == JsonType::string);
  CHECK(json_type(ParamType::mode, Format::oct, false) == JsonType::string);
  CHECK(json_type(ParamType::port, Format::dec, false) == JsonType::number);
  CHECK(json_type(ParamType::float64, Format::dec, false) == JsonType::number);
  CHECK(json_type(ParamType::boolean, Format::dec, false) == JsonType::boolean);
  for (const ParamType type : {ParamType::charbuf, ParamType::fspath, ParamType::bytebuf,
                               ParamType::ipaddr, ParamType::ipnet, ParamType::sockaddr})
    CHECK(json_type(type, Format::none, false) == JsonType::string);
  CHECK(json_type(ParamType::charbuf, Format::none, true) == JsonType::number);
}
