#include "capture/live/drain.hpp"

#include "base/bytes.hpp"
#include "capture/file/event_block.hpp"
#include "capture/live/clock.hpp"

namespace gyr {

namespace {

/// Longer than a program takes from looking at the clock to the end of its record.
constexpr uint64_t settle_ns = 1'000'000;
constexpr std::chrono::microseconds shortest_pause{500}, longest_pause{10'000};

constexpr size_t ts_offset = block_header_size + sizeof(uint16_t);

uint64_t ts_of(Bytes block) { return load<uint64_t>(block.data() + ts_offset); }

}  // namespace

Drain::Drain(DrainInput input, const DrainOptions& options)
    : rings_(std::move(input.rings)),
      losses_(input.cpus),
      boot_to_epoch_(input.boot_to_epoch),
      options_(options) {
  empty_.resize(options_.chunks);
  for (Chunk& chunk : empty_) chunk.reserve(options_.chunk_bytes);
  filling_ = std::move(empty_.back());
  empty_.pop_back();
  thread_ = std::thread([this] { work(); });
}

Drain::~Drain() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_.store(true, std::memory_order_relaxed);
    changed_.notify_all();
  }
  thread_.join();
}

uint64_t Drain::now() const { return clock_ns(CLOCK_BOOTTIME) + boot_to_epoch_; }

/// Sleeps longer when there is little to do: nothing in the kernel has to wake this thread.
void Drain::work() {
  auto pause = shortest_pause;
  bool last = false;
  while (!abandoned_.load(std::memory_order_relaxed)) {
    const uint64_t time = now();
    const bool busy = round(last ? UINT64_MAX : time - settle_ns);
    losses_.append_new(time - settle_ns, filling_);
    if (!filling_.empty() && (last || reader_waits())) hand_over();
    if (last) break;
    last = stopping_.load(std::memory_order_relaxed);
    pause = busy ? shortest_pause : std::min(2 * pause, longest_pause);
    if (last) pause = std::chrono::microseconds(settle_ns / 1000);
    std::this_thread::sleep_for(pause);
  }
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

/// The ring whose next record is the earliest, and until when no other ring has one.
Ring* Drain::earliest(uint64_t until, uint64_t& next_ts) {
  Ring* first = nullptr;
  uint64_t first_ts = until;
  next_ts = until;
  for (Ring& ring : rings_) {
    const Bytes block = ring.peek();
    if (block.empty()) continue;
    const uint64_t ts = ts_of(block);
    if (ts < first_ts) {
      next_ts = first_ts;
      first_ts = ts;
      first = &ring;
    } else if (ts < next_ts) {
      next_ts = ts;
    }
  }
  return first;
}

/// Takes what is older than `until` out of the rings. True when a lot was waiting.
bool Drain::round(uint64_t until) {
  uint64_t waiting = 0;
  for (const Ring& ring : rings_) waiting = std::max(waiting, ring.waiting());
  uint64_t next_ts = 0;
  while (Ring* ring = earliest(until, next_ts)) {
    if (!take_until(*ring, next_ts)) return true;
  }
  constexpr uint64_t a_lot = 64 * 1024;
  return waiting > a_lot;
}

/// Room is given back now and then, not only at the end: appending can take long, and a ring that
/// looks full loses what comes. False when the reader has gone.
bool Drain::take_until(Ring& ring, uint64_t ts) {
  constexpr size_t step = 32 * 1024;
  size_t taken = 0;
  for (Bytes block = ring.peek(); !block.empty() && ts_of(block) <= ts; block = ring.peek()) {
    if (!append(block)) return false;
    ring.pop();
    taken += block.size();
    if (taken < step) continue;
    ring.release();
    taken = 0;
  }
  ring.release();
  return true;
}

bool Drain::append(Bytes block) {
  const bool full = filling_.size() + block.size() > filling_.capacity();
  if (full && !filling_.empty() && !hand_over()) return false;
  filling_.insert(filling_.end(), block.begin(), block.end());
  return true;
}

/// What it has been given is used up. While it is not, a chunk is filled to the brim: the memory
/// would else be in use with a few events in each.
bool Drain::reader_waits() {
  const std::lock_guard lock(mutex_);
  return full_.empty();
}

/// False when the reader has gone. Waits for memory while none is free.
bool Drain::hand_over() {
  std::unique_lock lock(mutex_);
  full_.push_back(std::move(filling_));
  changed_.notify_all();
  changed_.wait(lock, [&] { return !empty_.empty() || abandoned_.load(); });
  if (empty_.empty()) return false;
  filling_ = std::move(empty_.back());
  empty_.pop_back();
  return true;
}

Drain::State Drain::take(Bytes& run, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (reading_.capacity() != 0) {
    reading_.clear();
    empty_.push_back(std::move(reading_));
    reading_ = {};
    changed_.notify_all();
  }
  changed_.wait_for(lock, patience, [&] { return !full_.empty() || finished_; });
  if (full_.empty()) return finished_ ? State::ended : State::nothing;
  reading_ = std::move(full_.front());
  full_.pop_front();
  run = reading_;
  return State::blocks;
}

}  // namespace gyr
