#include "decoder/thread_table.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace gyr;

namespace {

constexpr uint16_t cpus[] = {0, 1, 63, 64, 65535};

}  // namespace

TEST_CASE("threads are found until they are erased, through every CPU's cache") {
  ThreadTable table;
  CHECK(table.find(5) == nullptr);
  Thread& thread = table.create(5);
  CHECK(thread.tid == 5);
  CHECK(thread.is_placeholder());
  for (const uint16_t cpu : cpus) CHECK(table.find(5, cpu) == &thread);
  for (const uint16_t cpu : cpus) CHECK(table.find(5, cpu) == &thread);
  CHECK(table.size() == 1);
  table.erase(thread);
  for (const uint16_t cpu : cpus) CHECK(table.find(5, cpu) == nullptr);
  CHECK(table.size() == 0);
}

TEST_CASE("negative and huge tids are tids") {
  ThreadTable table;
  for (const int64_t tid : {int64_t{-1}, int64_t{0}, INT64_MIN, INT64_MAX}) {
    CHECK(table.find(tid, 0) == nullptr);
    Thread& thread = table.create(tid);
    CHECK(table.find(tid, 0) == &thread);
    CHECK(table.find(tid) == &thread);
  }
}

TEST_CASE("at the limit the thread that was used least recently goes, and is counted") {
  ThreadTable table(3);
  table.create(1);
  table.create(2);
  table.create(3);
  CHECK(table.evicted() == 0);
  CHECK(table.find(1, 0) != nullptr);  // use of 1: now 2 is the oldest
  table.create(4);
  CHECK(table.evicted() == 1);
  CHECK(table.find(2) == nullptr);
  CHECK(table.find(1) != nullptr);
  table.create(5);
  CHECK(table.find(3) == nullptr);
  CHECK(table.size() == 3);
  CHECK(table.evicted() == 2);
}

TEST_CASE("a thread that runs all the time on one CPU is not evicted") {
  ThreadTable table(3);
  table.create(1);
  for (int64_t tid = 2; tid < 100; ++tid) {
    REQUIRE(table.find(1, 7) != nullptr);  // from the CPU's cache most of the time
    table.create(tid);
  }
  CHECK(table.find(1) != nullptr);
}

TEST_CASE("texts beyond the memory limit evict too") {
  ThreadTable table;
  const std::string megabyte(1 << 20, 'x');
  const size_t before = SharedText::live_bytes();
  for (int64_t tid = 1; tid <= 600; ++tid) table.create(tid).args = SharedText(megabyte);
  CHECK(table.evicted() > 0);
  CHECK(table.size() < 600);
  CHECK(table.find(600) != nullptr);
  CHECK(SharedText::live_bytes() <= ThreadTable::text_limit + 2 * megabyte.size());
  table.clear();
  CHECK(table.size() == 0);
  CHECK(SharedText::live_bytes() == before);
}

TEST_CASE("children are linked to one parent and let go when it is erased") {
  ThreadTable table;
  Thread& parent = table.create(1);
  Thread& other = table.create(2);
  for (int64_t tid = 10; tid < 15; ++tid) table.set_parent(table.create(tid), &parent);
  const auto children = [](const Thread& of) {
    std::set<int64_t> tids;
    for (const Thread* t = of.first_child; t != nullptr; t = t->next_sibling) tids.insert(t->tid);
    return tids;
  };
  CHECK(children(parent) == std::set<int64_t>{10, 11, 12, 13, 14});
  table.set_parent(*table.find(12), &other);
  table.set_parent(*table.find(14), &other);
  table.set_parent(*table.find(10), nullptr);
  CHECK(children(parent) == std::set<int64_t>{11, 13});
  CHECK(children(other) == std::set<int64_t>{12, 14});
  table.erase(*table.find(13));
  CHECK(children(parent) == std::set<int64_t>{11});
  table.find(11)->ptid = 1;
  table.erase(parent);
  CHECK(table.find(11)->parent == nullptr);
  CHECK(table.find(11)->ptid == 1);
}

TEST_CASE("a process knows its threads") {
  ThreadTable table;
  const auto process = make_ref<Process>();
  for (int64_t tid = 1; tid <= 4; ++tid) table.set_process(table.create(tid), process);
  CHECK(process->threads.size() == 4);
  table.erase(*table.find(1));
  table.set_process(*table.find(3), {});
  CHECK(table.find(3)->is_placeholder());
  std::set<int64_t> left;
  for (const Thread* thread : process->threads) left.insert(thread->tid);
  CHECK(left == std::set<int64_t>{2, 4});
  table.set_process(*table.find(4), make_ref<Process>());
  CHECK(process->threads.size() == 1);
}

TEST_CASE("no two tables have a version in common") {
  ThreadTable one, other;
  Thread& thread = one.create(5);
  Thread& namesake = other.create(5);
  CHECK(thread.slot == namesake.slot);
  one.touch(thread);
  other.touch(namesake);
  CHECK(thread.version != namesake.version);
  CHECK(one.tree_version() != other.tree_version());
}
