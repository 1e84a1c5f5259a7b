// All threads by tid.
//
// Purpose: look-up for every event, the process tree, and a bound on memory.
//
// Contract: pointers stay valid until the thread is erased. At `limit` threads, or beyond the
// memory limit for texts, the thread without an event for the longest time is evicted and counted.
// Look-up is cached per CPU, because a CPU mostly goes on with the thread it had.
//
// What is derived from a thread can be kept until Thread::version changes; what is derived from its
// ancestors, from what it shares with others, or from the names of users, until `tree_version`
// does. Versions are never used twice, by no other table either, for who keeps something may see
// several traces. Slots are small numbers, to index what is kept by.
//
// Example:
//   Thread* t = table.find(raw.tid, raw.cpu);
//   if (!t) t = &table.create(raw.tid);
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "decoder/thread.hpp"

namespace gyr {

class ThreadTable {
 public:
  static constexpr size_t default_limit = 262144;
  static constexpr size_t text_limit = SharedText::limit;

  explicit ThreadTable(size_t limit = default_limit);
  ThreadTable(const ThreadTable&) = delete;
  ThreadTable& operator=(const ThreadTable&) = delete;
  ~ThreadTable();

  /// For the thread of an event, which counts as use.
  Thread* find(int64_t tid, uint16_t cpu) {
    const CacheEntry& entry = cache_[cpu % cache_size];
    if (entry.thread != nullptr && entry.tid == tid) [[likely]]
      return entry.thread;
    return find_and_touch(tid, cpu);
  }
  Thread* find(int64_t tid);
  const Thread* find(int64_t tid) const;

  /// A placeholder; the tid must not be in the table.
  Thread& create(int64_t tid);
  /// Leaves its process; its children lose their parent link but keep their ptid.
  void erase(Thread& thread);
  void clear();

  void set_parent(Thread& child, Thread* parent);
  /// Leaves the process it was in; nullptr makes it a placeholder.
  void set_process(Thread& thread, Ref<Process> process);

  /// A thread, what it shares with others, or the names of users have changed.
  void touch(Thread& thread) { thread.version = touch_tree(); }
  uint64_t touch_tree() { return ++tree_version_; }
  uint64_t tree_version() const { return tree_version_; }

  size_t size() const { return threads_.size(); }
  uint64_t evicted() const { return evicted_; }

  template <class F>
  void for_each(F f) {
    for (auto& [tid, thread] : threads_) f(*thread);
  }
  template <class F>
  void for_each(F f) const {
    for (const auto& [tid, thread] : threads_) f(static_cast<const Thread&>(*thread));
  }

 private:
  static constexpr size_t cache_size = 64;
  struct CacheEntry {
    int64_t tid = -1;
    Thread* thread = nullptr;
  };
  /// Seeded, so that no trace can be made whose tids all collide.
  struct Hash {
    uint64_t seed;
    size_t operator()(int64_t tid) const {
      uint64_t x = static_cast<uint64_t>(tid) ^ seed;
      x *= 0x9E3779B97F4A7C15u;
      return static_cast<size_t>(x ^ (x >> 32));
    }
  };

  static uint64_t first_version();
  Thread* find_and_touch(int64_t tid, uint16_t cpu);
  void evict_oldest();
  bool is_cached(const Thread& thread) const;
  void give_slot(Thread& thread);
  void unlink_use(Thread& thread);
  void link_newest(Thread& thread);

  size_t limit_;
  uint64_t evicted_ = 0;
  uint64_t tree_version_ = first_version();
  uint32_t slots_used_ = 0;
  std::vector<uint32_t> free_slots_;
  std::array<CacheEntry, cache_size> cache_{};
  Thread* oldest_ = nullptr;
  Thread* newest_ = nullptr;
  std::unordered_map<int64_t, std::unique_ptr<Thread>, Hash> threads_;
};

}  // namespace gyr
