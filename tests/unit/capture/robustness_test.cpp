#include <doctest/doctest.h>
#include <fmt/format.h>
#include "capture/file/reader.hpp"
#include "tests/support/trace_builder.hpp"
using namespace gyr;
TEST_CASE("everything") {
  test::MemoryFile file(test::trace_of_everything());
  auto reader = TraceReader::open(file.path());
  REQUIRE(reader);
  RecordSink sink;
  RawEvent raw;
  int n = 0;
  while ((*reader)->next(raw, sink) == TraceReader::Step::event) ++n;
  if ((*reader)->error())
    fmt::print("{} at {}\n", (*reader)->error()->message, *(*reader)->error()->offset);
  fmt::print("{} events\n", n);
  CHECK(!(*reader)->error());
}
