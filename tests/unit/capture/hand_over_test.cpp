#include "capture/file/hand_over.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

using namespace gyr;

TEST_CASE("a count that is beyond what was seen is given at once") {
  HandOver count;
  count.raise();
  count.raise();
  CHECK(count.count() == 2);
  CHECK(count.wait_beyond(0) == 2);
  CHECK(count.wait_beyond(1) == 2);
}

TEST_CASE("what was written before a raise is there behind the wait") {
  constexpr uint32_t rounds = 200'000, places = 4;
  std::vector<uint32_t> ring(places);
  HandOver filled, freed;
  std::thread writer([&] {
    uint32_t seen = 0;
    for (uint32_t n = 0; n < rounds; ++n) {
      while (n - seen >= places) seen = freed.wait_beyond(seen);
      ring[n % places] = n;
      filled.raise();
    }
  });
  uint32_t wrong = 0, seen = 0;
  for (uint32_t n = 0; n < rounds; ++n) {
    while (seen == n) seen = filled.wait_beyond(seen);
    wrong += ring[n % places] != n ? 1 : 0;
    freed.raise();
  }
  writer.join();
  CHECK(wrong == 0);
}

TEST_CASE("a wait that lasts sleeps, and is woken") {
  HandOver count;
  std::thread late([&] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      count.raise();
    }
  });
  for (uint32_t seen = 0; seen < 20;) seen = count.wait_beyond(seen);
  late.join();
  CHECK(count.count() == 20);
}
