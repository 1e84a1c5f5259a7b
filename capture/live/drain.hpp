// Empties the rings on a thread of its own, in the order of time.
//
// Purpose: the rings are small and the reader may be slow for a moment (a terminal, a disk); what
// waits does so here, in bounded memory. Records of all rings become one sequence of event blocks.
//
// Contract: `take` gives the next run of blocks, in the order of time, or nothing within the time
// that it may wait; a run is never empty and is the caller's until the next `take`. A record is
// given out once no earlier one can come: `settle_ns` after its time, which is longer than a
// program in the kernel takes. While all memory is in use the rings fill, and the kernel counts
// what does not fit; each such loss comes as a gap event (gyr-scap(5)) behind the events of the
// same round. `stop` has everything that is in the rings given out, then `take` gives `ended`.
//
// Example:
//   Drain drain({std::move(rings), probe->stats(), probe->boot_to_epoch()});
//   while (drain.take(run, 100ms) != Drain::State::ended) use(run);
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "capture/live/losses.hpp"
#include "capture/live/ring.hpp"

namespace gyr {

/// What the probe has in the kernel.
struct DrainInput {
  std::vector<Ring> rings;
  std::span<probe::cpu_stats> cpus;  // where it counts what is lost
  uint64_t boot_to_epoch = 0;        // ns between the boot clock and the time of day
};

struct DrainOptions {
  size_t chunk_bytes = size_t{1} << 20;
  size_t chunks = 64;
};

class Drain {
 public:
  enum class State : uint8_t { blocks, nothing, ended };
  using Chunk = std::vector<std::byte>;

  Drain(DrainInput input, const DrainOptions& options = {});
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;
  ~Drain();

  State take(Bytes& run, std::chrono::milliseconds patience);
  void stop() { stopping_.store(true, std::memory_order_relaxed); }

 private:
  void work();
  bool round(uint64_t until);
  Ring* earliest(uint64_t until, uint64_t& next_ts);
  bool take_until(Ring& ring, uint64_t ts);
  bool append(Bytes block);
  bool reader_waits();
  bool hand_over();
  uint64_t now() const;

  std::vector<Ring> rings_;
  Losses losses_;
  uint64_t boot_to_epoch_;
  DrainOptions options_;
  Chunk filling_;
  Chunk reading_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> full_;
  std::vector<Chunk> empty_;
  bool finished_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> abandoned_ = false;
  std::thread thread_;
};

}  // namespace gyr
