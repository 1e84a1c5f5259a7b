#include "cli/scan/channels/delivery.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>

#include "cli/interrupt.hpp"
#include "cli/run.hpp"

namespace gyr {

namespace {

/// How soon a signal is noticed.
constexpr std::chrono::milliseconds between_looks{50};

/// Signals are for the thread that scans, whose system calls they interrupt.
template <class F>
std::thread thread_without_signals(F run) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(run);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

Delivery::Delivery(ChannelPtr channel, size_t capacity, bool drops)
    : channel_(std::move(channel)),
      drops_(drops),
      queue_(capacity),
      thread_(thread_without_signals([this] { run(); })) {}

Delivery::~Delivery() { wait(std::chrono::milliseconds(0)); }

void Delivery::take(ChannelAlert alert) {
  {
    const std::lock_guard lock(mutex_);
    ++outcome_.alerts;
  }
  bool taken = queue_.push(alert, std::chrono::milliseconds(0));
  while (!taken && !drops_ && !interrupted()) taken = queue_.push(alert, between_looks);
  if (!taken) lose(drops_ ? "the queue was full" : out_of_time);
}

DeliveryOutcome Delivery::wait(std::chrono::milliseconds grace) {
  queue_.close();
  if (thread_.joinable()) {
    let_finish(grace);
    stop_.pull();
    thread_.join();
  }
  return outcome_;
}

void Delivery::let_finish(std::chrono::milliseconds grace) {
  std::unique_lock lock(mutex_);
  auto until = std::chrono::steady_clock::now() + grace;
  while (!done_ && std::chrono::steady_clock::now() < until) {
    changed_.wait_until(lock, std::min(until, std::chrono::steady_clock::now() + between_looks));
    if (!interrupted()) until = std::max(until, last_ + grace);
  }
}

void Delivery::run() {
  while (const auto alert = queue_.pop()) {
    const auto done = stop_.pulled() ? fail(out_of_time) : channel_->deliver(*alert, stop_);
    if (!done) lose(done.error().message);
    const std::lock_guard lock(mutex_);
    last_ = std::chrono::steady_clock::now();
  }
  const auto closed = channel_->close(stop_);
  const std::lock_guard lock(mutex_);
  if (!closed) outcome_.ending = closed.error().message;
  done_ = true;
  changed_.notify_all();
}

void Delivery::lose(std::string reason) {
  const std::lock_guard lock(mutex_);
  // Live, the end may be days away.
  if (drops_ && outcome_.lost == 0) report(fmt::format("{}: {}", channel_->name(), reason));
  ++outcome_.lost;
  outcome_.reason = std::move(reason);
}

}  // namespace gyr
