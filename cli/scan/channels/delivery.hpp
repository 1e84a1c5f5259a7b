// Alerts on their way to one channel.
//
// Purpose: a channel that is slow, or gone, must hold up neither the others nor a live capture.
//
// Contract: a queue and a thread for one channel. `take` never fails: when the queue is full, it
// waits for room, or, if `drops`, counts the alert as lost; a signal that ends gyr ends the wait
// too. `end` says that no more come. `wait` lets the channel deliver what is left, as long as no
// alert takes longer than the grace (after a signal: all of them together), then makes it give up,
// and says how all of it went.
//
// Example:
//   Delivery delivery(std::move(channel), 4096, false);
//   delivery.take(alert);
//   delivery.end();
//   const DeliveryOutcome outcome = delivery.wait(5s);
#pragma once

#include <thread>

#include "cli/scan/channels/channel.hpp"
#include "cli/scan/channels/queue.hpp"

namespace gyr {

struct DeliveryOutcome {
  uint64_t alerts = 0, lost = 0;
  std::string reason;  // of the last one that was lost
  std::string ending;  // what is wrong with how the channel was closed

  bool complete() const { return lost == 0 && ending.empty(); }
};

class Delivery {
 public:
  Delivery(ChannelPtr channel, size_t capacity, bool drops);
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery();

  const Channel& channel() const { return *channel_; }
  void take(ChannelAlert alert);
  void end() { queue_.close(); }
  DeliveryOutcome wait(std::chrono::milliseconds grace);

 private:
  void run();
  void let_finish(std::chrono::milliseconds grace);
  void lose(std::string reason);

  ChannelPtr channel_;
  bool drops_;
  BoundedQueue<ChannelAlert> queue_;
  Stop stop_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  DeliveryOutcome outcome_;
  bool done_ = false;
  std::chrono::steady_clock::time_point last_;  // when an alert was done with
  std::thread thread_;
};

}  // namespace gyr
