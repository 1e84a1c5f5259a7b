// The live host as a source of events, with the manners of a TraceReader.
//
// Purpose: puts the parts together: the probe, the snapshot of /proc, the drained rings.
//
// Contract: `open` loads the probe and reads nothing yet; `begin` switches it on and gives the
// records of the host to the sink, as a trace has them before its first event. `next` gives one
// event after the other; `idle` means that none came for a while, so that the caller can look at
// the clock, the terminal or an interrupt; `end` comes after `stop`, when everything that was
// captured has been given out. What happened while /proc was read builds the state but is not to be
// shown (RawEvent::flags).
//
// Example:
//   auto live = LiveSource::open({});
//   (*live)->begin(records);
//   while ((*live)->next() != LiveSource::Step::end) ...
#pragma once

#include <functional>
#include <memory>

#include "capture/file/event_block.hpp"
#include "capture/live/cpu_times.hpp"
#include "capture/live/drain.hpp"
#include "capture/live/losses.hpp"
#include "capture/live/probe.hpp"
#include "capture/live/proc_snapshot.hpp"
#include "capture/raw_event.hpp"
#include "capture/records.hpp"

namespace gyr {

class LiveSource {
 public:
  enum class Step : uint8_t { event, idle, end };

  static Result<std::unique_ptr<LiveSource>> open(const ProbeOptions& options);
  explicit LiveSource(std::unique_ptr<Probe> probe) : probe_(std::move(probe)) {}

  /// `progress` is told now and then how many processes were read.
  Result<void> begin(RecordSink& sink, std::function<void(size_t)> progress = {});
  Step next() {
    if (at_ == end_) return next_run();
    give();
    return Step::event;
  }
  /// Nothing is at hand without waiting for the thread that empties the rings.
  bool at_run_end() const { return at_ == end_; }
  const RawEvent& event() const { return event_; }
  /// The block that the event is in, whole, as it stands in a trace.
  Bytes block() const { return block_; }

  /// From now on there are procinfo events too, see cpu_times.hpp.
  void add_cpu_times() { cpu_times_.emplace("/proc"); }
  void stop();
  Probe& probe() { return *probe_; }
  /// What `begin` found in /proc.
  const ProcCounts& snapshot() const { return snapshot_; }

 private:
  Step next_run();
  bool next_cpu_times();
  void give();
  void hide();

  std::unique_ptr<Probe> probe_;
  std::unique_ptr<Drain> drain_;
  const std::byte* at_ = nullptr;  // behind the event given last
  const std::byte* end_ = nullptr;
  Bytes block_;                    // of the event given last
  std::vector<std::byte> hidden_;  // a block that was marked
  std::optional<CpuTimes> cpu_times_;
  std::vector<std::byte> times_;  // blocks of the last look
  uint64_t shown_from_ = 0;
  ProcCounts snapshot_;
  RawEvent event_;
};

}  // namespace gyr
