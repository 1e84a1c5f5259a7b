#include "base/block_pool.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace gyr;

TEST_CASE("a block that was given back is the next one taken") {
  using Pool = BlockPool<72>;
  void* first = Pool::take();
  void* second = Pool::take();
  CHECK(first != second);
  Pool::give(first);
  Pool::give(second);
  if (Pool::most == 0) return;  // there are no pools with the address sanitizer
  CHECK(Pool::count() == 2);
  CHECK(Pool::take() == second);
  CHECK(Pool::take() == first);
  CHECK(Pool::count() == 0);
  Pool::give(first);
  Pool::give(second);
}

TEST_CASE("a pool keeps no more than it may") {
  using Pool = BlockPool<40>;
  std::vector<void*> blocks;
  for (size_t i = 0; i < Pool::most + 100; ++i) blocks.push_back(Pool::take());
  for (void* block : blocks) Pool::give(block);
  CHECK(Pool::count() == Pool::most);
}
