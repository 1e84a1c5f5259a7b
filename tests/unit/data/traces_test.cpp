// The committed sample traces are what their program writes, and tell whole stories.
#include "tests/data/small_trace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/data/dns_trace.hpp"
#include "tests/data/own_trace.hpp"
#include "tests/support/world.hpp"

using namespace gyr::test;

namespace {

std::string committed(const std::string& name) {
  std::ifstream file(std::string(GYR_TEST_DATA "/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the traces of tests/data are what make_traces writes") {
  constexpr const char* hint = "run make_traces tests/data, and review what it changed";
  CHECK_MESSAGE((committed("small.scap") == small_trace_bytes()), hint);
  CHECK_MESSAGE((committed("own.scap") == own_trace_bytes()), hint);
  CHECK_MESSAGE((committed("dns.scap") == dns_trace_bytes()), hint);
}

TEST_CASE("in the sample trace every name is known") {
  const MemoryFile file(small_trace_bytes());
  const Replayed replayed = replay(file.path());
  CHECK_FALSE(replayed.error);
  CHECK(replayed.lines.size() > 100);
  const auto unknown = [](const std::string& line) {
    return line.starts_with("<NA>") || line.find("INVALID") != std::string::npos;
  };
  CHECK(std::ranges::none_of(replayed.lines, unknown));
}
