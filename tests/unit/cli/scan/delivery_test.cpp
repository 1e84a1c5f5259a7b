#include "cli/scan/channels/delivery.hpp"

#include <doctest/doctest.h>

#include <mutex>

using namespace gyr;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// What a channel under test does, and what it got.
struct Script {
  std::vector<std::string> arrived;
  std::string refused;  // this line is an error
  uint64_t takes = 0;   // ms for each alert
  std::mutex held;      // a delivery waits while somebody has it
};

class ScriptedChannel : public Channel {
 public:
  explicit ScriptedChannel(Script& script) : Channel("test_output", false), script_(script) {}

  Result<void> deliver(const ChannelAlert& alert, const Stop& stop) override {
    const std::lock_guard lock(script_.held);
    if (script_.takes != 0 && !stop.wait(script_.takes)) return fail(out_of_time);
    if (alert.line == script_.refused) return fail("refused");
    script_.arrived.push_back(alert.line);
    return {};
  }

 private:
  Script& script_;
};

ChannelAlert numbered(int number) { return {std::to_string(number), {}}; }

}  // namespace

TEST_CASE("bounded queue: room, order, end") {
  BoundedQueue<int> queue(2);
  for (int item : {1, 2}) CHECK(queue.push(item, 0ms));
  int third = 3;
  CHECK(!queue.push(third, 1ms));
  CHECK(queue.pop() == 1);
  CHECK(queue.push(third, 0ms));
  queue.close();
  int late = 4;
  CHECK(!queue.push(late, 0ms));
  CHECK(queue.pop() == 2);
  CHECK(queue.pop() == 3);
  CHECK(!queue.pop());
}

TEST_CASE("bounded queue: no bound, and one that waits for room") {
  BoundedQueue<int> endless(0);
  for (int item = 0; item < 10000; ++item) {
    int copy = item;
    REQUIRE(endless.push(copy, 0ms));
  }
  CHECK(endless.clear() == 10000);

  BoundedQueue<int> queue(1);
  std::thread reader([&] {
    for (int expected = 0; expected < 1000; ++expected) CHECK(queue.pop() == expected);
  });
  for (int item = 0; item < 1000; ++item) {
    int copy = item;
    CHECK(queue.push(copy, 10s));
  }
  reader.join();
}

TEST_CASE("delivery: in order, and what is lost is counted") {
  Script script;
  script.refused = "7";
  Delivery delivery(std::make_unique<ScriptedChannel>(script), 4, false);
  for (int alert = 0; alert < 100; ++alert) delivery.take(numbered(alert));
  const DeliveryOutcome outcome = delivery.wait(60s);
  CHECK(outcome.alerts == 100);
  CHECK(outcome.lost == 1);
  CHECK(outcome.reason == "refused");
  REQUIRE(script.arrived.size() == 99);
  CHECK(script.arrived[6] == "6");
  CHECK(script.arrived[7] == "8");
  CHECK(script.arrived[98] == "99");
}

TEST_CASE("delivery: live, what there is no room for is lost") {
  Script script;
  std::unique_lock hold(script.held);
  Delivery delivery(std::make_unique<ScriptedChannel>(script), 2, true);
  for (int alert = 0; alert < 10; ++alert) delivery.take(numbered(alert));
  hold.unlock();
  const DeliveryOutcome outcome = delivery.wait(60s);
  CHECK(outcome.alerts == 10);
  CHECK(outcome.lost >= 7);  // two wait, and one may be on its way
  CHECK(outcome.lost + script.arrived.size() == 10);
  CHECK(outcome.reason == "the queue was full");
}

TEST_CASE("delivery: at the end there is only so much time") {
  Script script;
  script.takes = 60'000;
  Delivery delivery(std::make_unique<ScriptedChannel>(script), 0, false);
  for (int alert = 0; alert < 5; ++alert) delivery.take(numbered(alert));
  const auto begin = Clock::now();
  const DeliveryOutcome outcome = delivery.wait(50ms);
  CHECK(Clock::now() - begin < 20s);
  CHECK(outcome.lost == 5);
  CHECK(outcome.reason == out_of_time);
}

TEST_CASE("delivery: as long as alerts arrive, the grace begins anew") {
  Script script;
  script.takes = 20;
  Delivery delivery(std::make_unique<ScriptedChannel>(script), 0, false);
  for (int alert = 0; alert < 50; ++alert) delivery.take(numbered(alert));
  const DeliveryOutcome outcome = delivery.wait(900ms);
  CHECK(outcome.lost == 0);
  CHECK(script.arrived.size() == 50);
}
