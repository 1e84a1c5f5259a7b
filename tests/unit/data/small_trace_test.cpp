// The committed sample trace is what its program writes, and tells a whole story.
#include "tests/data/small_trace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/support/world.hpp"

using namespace gyr::test;

TEST_CASE("tests/data/small.scap is what make_small_trace writes") {
  std::ifstream file(GYR_TEST_DATA "/small.scap", std::ios::binary);
  const std::string committed((std::istreambuf_iterator<char>(file)), {});
  CHECK_MESSAGE((committed == small_trace_bytes()),
                "run make_small_trace tests/data/small.scap, and review what it changed");
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
