// A queue with a bound, from one thread to another.
//
// Contract: `push` waits for room at most so long, and says whether there was some; a capacity of 0
// is no bound. `pop` waits for the next item and gives nothing once the queue is closed and empty.
// `close` says that no more come; `clear` drops what is waiting and says how much it was.
//
// Example:
//   while (const auto item = queue.pop()) deliver(*item);
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace gyr {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  bool push(T& item, std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    const auto has_room = [&] { return closed_ || capacity_ == 0 || items_.size() < capacity_; };
    if (!room_.wait_for(lock, longest, has_room) || closed_) return false;
    items_.push_back(std::move(item));
    more_.notify_one();
    return true;
  }

  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item = std::move(items_.front());
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    more_.notify_all();
    room_.notify_all();
  }

  size_t clear() {
    const std::lock_guard lock(mutex_);
    const size_t dropped = items_.size();
    items_.clear();
    room_.notify_all();
    return dropped;
  }

 private:
  const size_t capacity_;
  std::mutex mutex_;
  std::condition_variable more_, room_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace gyr
