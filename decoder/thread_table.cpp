#include "decoder/thread_table.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

namespace gyr {

namespace {

uint64_t random_seed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

ThreadTable::ThreadTable(size_t limit)
    : limit_(std::max<size_t>(limit, 1)), threads_(64, Hash{random_seed()}) {}

ThreadTable::~ThreadTable() = default;

/// More versions than a table will use lie between those of two.
uint64_t ThreadTable::first_version() {
  constexpr int version_bits = 40;
  static std::atomic<uint64_t> tables = 0;
  return ++tables << version_bits;
}

Thread* ThreadTable::find(int64_t tid) {
  const auto found = threads_.find(tid);
  return found == threads_.end() ? nullptr : found->second.get();
}

const Thread* ThreadTable::find(int64_t tid) const {
  const auto found = threads_.find(tid);
  return found == threads_.end() ? nullptr : found->second.get();
}

Thread* ThreadTable::find_and_touch(int64_t tid, uint16_t cpu) {
  Thread* thread = find(tid);
  if (thread == nullptr) return nullptr;
  if (thread != newest_) {
    unlink_use(*thread);
    link_newest(*thread);
  }
  cache_[cpu % cache_size] = {tid, thread};
  return thread;
}

Thread& ThreadTable::create(int64_t tid) {
  while (threads_.size() >= limit_ ||
         (SharedText::live_bytes() > text_limit && !threads_.empty())) {
    evict_oldest();
  }
  auto owned = std::make_unique<Thread>();
  Thread& thread = *owned;
  thread.tid = tid;
  thread.fds = make_ref<FdTable>();
  give_slot(thread);
  touch(thread);
  threads_.emplace(tid, std::move(owned));
  link_newest(thread);
  return thread;
}

void ThreadTable::give_slot(Thread& thread) {
  if (free_slots_.empty()) {
    thread.slot = slots_used_++;
    return;
  }
  thread.slot = free_slots_.back();
  free_slots_.pop_back();
}

/// A look-up that a CPU's cache answers does not count as use in the list, so threads that are in a
/// cache are spared.
void ThreadTable::evict_oldest() {
  for (size_t i = 0; i < cache_size && is_cached(*oldest_); ++i) {
    Thread& used = *oldest_;
    unlink_use(used);
    link_newest(used);
  }
  ++evicted_;
  erase(*oldest_);
}

bool ThreadTable::is_cached(const Thread& thread) const {
  return std::any_of(cache_.begin(), cache_.end(),
                     [&](const CacheEntry& entry) { return entry.thread == &thread; });
}

void ThreadTable::erase(Thread& thread) {
  for (CacheEntry& entry : cache_) {
    if (entry.thread == &thread) entry = {};
  }
  set_process(thread, {});
  while (thread.first_child != nullptr) set_parent(*thread.first_child, nullptr);
  set_parent(thread, nullptr);
  unlink_use(thread);
  touch_tree();
  free_slots_.push_back(thread.slot);
  threads_.erase(thread.tid);
}

void ThreadTable::set_process(Thread& thread, Ref<Process> process) {
  if (thread.process) {
    auto& threads = thread.process->threads;
    threads[thread.process_index] = threads.back();
    threads[thread.process_index]->process_index = thread.process_index;
    threads.pop_back();
  }
  thread.process = std::move(process);
  if (thread.process) {
    thread.process_index = thread.process->threads.size();
    thread.process->threads.push_back(&thread);
  }
}

void ThreadTable::clear() {
  cache_.fill({});
  touch_tree();
  slots_used_ = 0;
  free_slots_.clear();
  oldest_ = newest_ = nullptr;
  threads_.clear();
}

void ThreadTable::set_parent(Thread& child, Thread* parent) {
  if (child.parent == parent) return;
  touch_tree();
  if (child.parent != nullptr) {
    if (child.prev_sibling != nullptr)
      child.prev_sibling->next_sibling = child.next_sibling;
    else
      child.parent->first_child = child.next_sibling;
    if (child.next_sibling != nullptr) child.next_sibling->prev_sibling = child.prev_sibling;
  }
  child.parent = parent;
  child.prev_sibling = nullptr;
  child.next_sibling = parent != nullptr ? parent->first_child : nullptr;
  if (child.next_sibling != nullptr) child.next_sibling->prev_sibling = &child;
  if (parent != nullptr) parent->first_child = &child;
}

void ThreadTable::unlink_use(Thread& thread) {
  (thread.older != nullptr ? thread.older->newer : oldest_) = thread.newer;
  (thread.newer != nullptr ? thread.newer->older : newest_) = thread.older;
  thread.older = thread.newer = nullptr;
}

void ThreadTable::link_newest(Thread& thread) {
  thread.older = newest_;
  (newest_ != nullptr ? newest_->newer : oldest_) = &thread;
  newest_ = &thread;
}

}  // namespace gyr
