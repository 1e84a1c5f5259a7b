#include "capture/live/source.hpp"

#include <cassert>

#include "capture/file/state_only.hpp"
#include "capture/live/clock.hpp"

namespace gyr {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20ms;

}  // namespace

Result<std::unique_ptr<LiveSource>> LiveSource::open(const ProbeOptions& options) {
  auto probe = Probe::load(options);
  if (!probe) return fail(probe.error());
  std::vector<Ring> rings;
  for (size_t i = 0; i < (*probe)->rings().size(); ++i) {
    const bool is_last = i + 1 == (*probe)->rings().size();
    auto ring =
        Ring::map((*probe)->rings()[i], is_last ? options.lifecycle_bytes : options.ring_bytes);
    if (!ring) return fail(ring.error());
    rings.push_back(std::move(*ring));
  }
  auto source = std::make_unique<LiveSource>(std::move(*probe));
  source->drain_ = std::make_unique<Drain>(
      DrainInput{std::move(rings), source->probe_->stats(), source->probe_->boot_to_epoch()});
  return source;
}

/// What begins and ends threads is captured while /proc is read: a thread that starts behind the
/// back of the scan is known all the same, and one that ended is gone.
Result<void> LiveSource::begin(RecordSink& sink, std::function<void(size_t)> progress) {
  probe_->switch_to(probe::phase_lifecycle);
  sink.section();
  ProcScanner scanner({.boot_ts = probe_->boot_to_epoch(), .progress = std::move(progress)});
  const auto scanned = scanner.scan(sink);
  if (!scanned) return fail(scanned.error());
  snapshot_ = *scanned;
  sink.records_end();
  shown_from_ = clock_ns(CLOCK_BOOTTIME) + probe_->boot_to_epoch();
  probe_->switch_to(probe::phase_on);
  return {};
}

/// They stand behind what was given last, or shortly before now where nothing was for long.
bool LiveSource::next_cpu_times() {
  constexpr uint64_t behind_rings = 20'000'000;  // ns
  const uint64_t now = clock_ns(CLOCK_BOOTTIME);
  if (!cpu_times_ || !cpu_times_->is_due(now)) return false;
  const uint64_t ts = std::max(event_.ts, now + probe_->boot_to_epoch() - behind_rings);
  times_.clear();
  cpu_times_->read(
      now, ts, [this](int64_t pid) { return probe_->is_watched(pid); }, times_);
  at_ = times_.data();
  end_ = times_.data() + times_.size();
  return !times_.empty();
}

LiveSource::Step LiveSource::next_run() {
  if (next_cpu_times()) {
    give();
    return Step::event;
  }
  Bytes run;
  switch (drain_->take(run, patience)) {
    case Drain::State::nothing:
      return Step::idle;
    case Drain::State::ended:
      return Step::end;
    case Drain::State::blocks:
      break;
  }
  at_ = run.data();
  end_ = run.data() + run.size();
  give();
  return Step::event;
}

/// The probe writes well-formed blocks; what `measure` says is only looked at in debug builds.
void LiveSource::give() {
  const Bytes rest{at_, static_cast<size_t>(end_ - at_)};
  EventExtent extent;
  [[maybe_unused]] const char* wrong = measure_ordinary_event(rest, extent);
  assert(wrong == nullptr);
  view_ordinary_event(at_, extent, event_);
  const auto size = load<uint32_t>(at_ + sizeof(uint32_t));
  block_ = {at_, size};
  at_ += size;
  if (event_.ts < shown_from_) hide();
}

/// In a trace, too, it is there for the state only.
void LiveSource::hide() {
  event_.flags |= state_only;
  hidden_.clear();
  append_state_only(block_, hidden_);
  block_ = hidden_;
}

/// Nothing new after this: the rings come to an end however much is going on.
void LiveSource::stop() {
  cpu_times_.reset();
  probe_->switch_to(probe::phase_off);
  if (drain_) drain_->stop();
}

}  // namespace gyr
