#include "filter/thread_memo.hpp"

#include <doctest/doctest.h>

using namespace gyr;
using namespace gyr::filter;

TEST_CASE("answers hold until what they depend on changes") {
  State state;
  Thread& one = state.threads.create(1);
  Thread& two = state.threads.create(2);
  ThreadMemo memo;
  const int32_t by_thread = memo.add(Depends::thread);
  const int32_t by_tree = memo.add(Depends::tree);
  const auto known = [&](const Thread& thread, int32_t bit) {
    return ThreadMemo::known(memo.of(thread, state), bit);
  };
  for (const Thread* thread : {&one, &two}) {
    for (const int32_t bit : {by_thread, by_tree}) {
      CHECK_FALSE(known(*thread, bit));
      ThreadMemo::keep(memo.of(*thread, state), bit, thread == &one);
      CHECK(known(*thread, bit));
    }
  }
  CHECK(ThreadMemo::answer(memo.of(one, state), by_thread));
  CHECK_FALSE(ThreadMemo::answer(memo.of(two, state), by_thread));
  state.threads.touch(one);
  CHECK_FALSE(known(one, by_thread));
  CHECK_FALSE(known(one, by_tree));
  CHECK(known(two, by_thread));
  CHECK_FALSE(known(two, by_tree));
}

TEST_CASE("a slot that is used again keeps nothing of the thread before") {
  State state;
  ThreadMemo memo;
  const int32_t bit = memo.add(Depends::thread);
  Thread& first = state.threads.create(1);
  const uint32_t slot = first.slot;
  ThreadMemo::keep(memo.of(first, state), bit, true);
  state.threads.erase(first);
  Thread& second = state.threads.create(2);
  CHECK(second.slot == slot);
  CHECK_FALSE(ThreadMemo::known(memo.of(second, state), bit));
}

TEST_CASE("more answers than fit into a word") {
  State state;
  const Thread& thread = state.threads.create(1);
  ThreadMemo memo;
  for (int i = 0; i < 200; ++i) memo.add(i % 3 == 0 ? Depends::tree : Depends::thread);
  for (int i = 0; i < 200; ++i) ThreadMemo::keep(memo.of(thread, state), i, i % 2 == 0);
  state.threads.touch_tree();
  for (int i = 0; i < 200; ++i) {
    CHECK(ThreadMemo::known(memo.of(thread, state), i) == (i % 3 != 0));
    if (i % 3 != 0) CHECK(ThreadMemo::answer(memo.of(thread, state), i) == (i % 2 == 0));
  }
}
