// How a capture goes: the status line of -P, and the sentence at its end.
//
// Contract: the line goes to standard error, and only when that is a terminal; it is drawn at most
// a few times a second. Losses are those that the probe has counted so far.
//
// Example:
//   LiveStatus status(source.probe(), options.progress);
//   if (status.is_due()) status.draw(events);
#pragma once

#include <chrono>
#include <string>

#include "capture/live/losses.hpp"
#include "capture/live/probe.hpp"

namespace gyr {

class LiveStatus {
 public:
  LiveStatus(Probe& probe, bool wanted);

  /// Cheap enough to be asked for every event.
  bool is_due() { return active_ && ++asked_ % asks_per_look == 0; }
  void draw(uint64_t events);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr uint64_t asks_per_look = 4096;

  Probe& probe_;
  bool active_;
  bool drawn_ = false;
  uint64_t asked_ = 0;
  uint64_t last_events_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

/// On a terminal, a line while /proc is read, if that takes long.
class ScanProgress {
 public:
  ~ScanProgress();
  void tell(size_t processes);

 private:
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(1);
  bool drawn_ = false;
};

/// "1234 events, 0 lost", with what they were lost for.
std::string end_of_capture(const LossCounts& counts, uint64_t events);

}  // namespace gyr
