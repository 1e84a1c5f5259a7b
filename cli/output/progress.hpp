// -P: a progress line on the terminal.
//
// Contract: writes to standard error, and only when that is a terminal. `tick` is cheap enough to
// be called for every event: it looks at the clock once in a while. `finish` clears the line.
//
// Example:
//   Progress progress(reader.input());
//   progress.tick(events); ... progress.finish(events);
#pragma once

#include <chrono>
#include <cstdint>

#include "capture/file/codec.hpp"

namespace gyr {

class Progress {
 public:
  Progress(const InputFile& input, bool wanted);

  void tick(uint64_t events) {
    if (active_ && events >= next_look_) look(events);
  }
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr uint64_t events_per_look = 4096;

  void look(uint64_t events);
  void draw(uint64_t events, double seconds);

  const InputFile& input_;
  bool active_;
  bool drawn_ = false;
  uint64_t next_look_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

}  // namespace gyr
