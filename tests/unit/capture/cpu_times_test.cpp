#include "capture/live/cpu_times.hpp"

#include <doctest/doctest.h>

#include "capture/file/event_block.hpp"
#include "schema_params.hpp"
#include "tests/unit/capture/proc_tree.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

constexpr uint64_t second = 1'000'000'000;

std::string stat_with(int64_t pid, uint64_t user, uint64_t system, int threads = 1) {
  return std::to_string(pid) + " (a b) c) S 1 1 1 0 -1 0 10 0 0 0 " + std::to_string(user) + " " +
         std::to_string(system) + " 0 0 20 0 " + std::to_string(threads) + " 0 100 0\n";
}

struct Seen {
  int64_t tid;
  uint64_t user, system, ts;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(CpuTimes& times, uint64_t now) {
  std::vector<std::byte> blocks;
  times.read(
      now, now + 7, [](int64_t pid) { return pid != 99; }, blocks);
  std::vector<Seen> seen;
  Bytes rest(blocks);
  while (!rest.empty()) {
    EventExtent extent;
    REQUIRE(measure_ordinary_event(rest, extent) == nullptr);
    RawEvent raw;
    view_ordinary_event(rest.data(), extent, raw);
    CHECK(raw.type == schema::type::procinfo_enter);
    seen.push_back({raw.tid, load<uint64_t>(raw.data), load<uint64_t>(raw.data + 8), raw.ts});
    rest = rest.subspan(load<uint32_t>(rest.data() + 4));
  }
  std::ranges::sort(seen, {}, &Seen::tid);
  return seen;
}

}  // namespace

TEST_CASE("CPU times: all threads at first, then those whose times have changed") {
  ProcTree tree;
  tree.file("proc/5/stat", stat_with(5, 10, 20));
  tree.file("proc/6/stat", stat_with(6, 1, 2, 2));
  tree.file("proc/6/task/6/stat", stat_with(6, 0, 1, 2));
  tree.file("proc/6/task/7/stat", stat_with(7, 1, 1, 2));
  tree.file("proc/99/stat", stat_with(99, 1, 1));  // not wanted
  tree.file("proc/uptime", "1 2\n");
  CpuTimes times((tree.root() + "/proc").c_str());
  CHECK(times.is_due(0));
  CHECK(read(times, 100) == std::vector<Seen>{{5, 10, 20, 107}, {6, 0, 1, 107}, {7, 1, 1, 107}});
  CHECK_FALSE(times.is_due(100 + second - 1));
  CHECK(times.is_due(100 + 60 * second));
  CHECK(read(times, 200).empty());
  tree.file("proc/6/task/7/stat", stat_with(7, 3, 1, 2));
  CHECK(read(times, 300) == std::vector<Seen>{{7, 3, 1, 307}});
}
