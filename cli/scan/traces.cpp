#include "cli/scan/traces.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "cli/interrupt.hpp"
#include "cli/run.hpp"
#include "filter/replay.hpp"

namespace gyr {

namespace {

/// Calls' enter events come with their exit events, which answer for both.
EventTypes types_to_read(const rules::Detector& detector) {
  EventTypes wanted = detector.types() | state_event_types();
  for (size_t id = 0; id + 1 < wanted.size(); id += 2)
    if (wanted[id + 1]) wanted.set(id);
  return wanted;
}

}  // namespace

ScannedTrace scan_trace(const std::string& path, rules::Detector& detector, bool alone,
                        const FoundAlert& found) {
  ScannedTrace scanned;
  scanned.path = path;
  auto opened = TraceReader::open(path, types_to_read(detector));
  if (!opened) {
    scanned.error = opened.error();
    return scanned;
  }
  TraceReader& reader = **opened;
  const auto waiting = alone ? std::make_unique<WaitingFor>(reader.input()) : nullptr;
  filter::Replay replay(reader, {.keep_enter_events = detector.needs_enter()});
  filter::Settings settings;
  settings.as_falco = true;
  detector.begin(path);
  bool goes_on = true;
  while (goes_on && !interrupted() && replay.next()) {
    const Event* event = replay.decode();
    if (event == nullptr || event->is_hidden()) continue;
    detector.look(replay.moment(*event, settings),
                  [&](const rules::Alert& alert) { goes_on = goes_on && found(alert); });
  }
  scanned.first_ts = replay.first_ts();
  scanned.last_ts = reader.last_ts();
  scanned.events = replay.events();
  if (goes_on && !interrupted()) scanned.error = reader.error();
  return scanned;
}

namespace {

/// The alerts of one trace on their way from the thread that finds them to the one that shows them.
class AlertQueue {
 public:
  /// Waits while too many are kept. False: no more is wanted.
  bool push(const rules::Alert& alert) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return alerts_.size() < capacity || closed_; });
    if (!closed_) alerts_.push_back(alert);
    changed_.notify_all();
    return !closed_;
  }

  void end(ScannedTrace scanned) {
    const std::lock_guard lock(mutex_);
    scanned_ = std::move(scanned);
    ended_ = true;
    changed_.notify_all();
  }

  /// No more is wanted.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    alerts_.clear();
    changed_.notify_all();
  }

  /// Waits for the next one; nothing: the trace has ended.
  std::optional<rules::Alert> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !alerts_.empty() || ended_; });
    if (alerts_.empty()) return std::nullopt;
    std::optional<rules::Alert> alert = std::move(alerts_.front());
    alerts_.pop_front();
    changed_.notify_all();
    return alert;
  }

  /// When the trace has ended.
  const ScannedTrace& scanned() const { return scanned_; }

 private:
  static constexpr size_t capacity = 4096;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<rules::Alert> alerts_;
  ScannedTrace scanned_;
  bool ended_ = false;
  bool closed_ = false;
};

int status_of(const ScannedTrace& scanned) { return scanned.error ? exit_user_error : exit_done; }

int scan_one_by_one(const std::vector<std::string>& traces, const MakeDetector& make,
                    const FoundAlert& found, const TraceEnded& ended) {
  const auto detector = make();
  bool goes_on = true;
  int status = exit_done;
  for (const std::string& path : traces) {
    if (!goes_on || interrupted()) break;
    const ScannedTrace scanned = scan_trace(
        path, *detector, true, [&](const rules::Alert& alert) { return goes_on = found(alert); });
    ended(scanned);
    status = std::max(status, status_of(scanned));
  }
  return status;
}

/// Threads take traces in order, so the one whose turn it is has always been begun.
int scan_at_once(const std::vector<std::string>& traces, unsigned jobs, const MakeDetector& make,
                 const FoundAlert& found, const TraceEnded& ended) {
  std::vector<AlertQueue> queues(traces.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    const auto detector = make();
    for (size_t at = next++; at < traces.size(); at = next++) {
      const auto push = [&](const rules::Alert& alert) { return queues[at].push(alert); };
      queues[at].end(scan_trace(traces[at], *detector, false, push));
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned job = 0; job < jobs; ++job) threads.emplace_back(work);

  int status = exit_done;
  bool goes_on = true;
  for (size_t at = 0; at < traces.size(); ++at) {
    while (const auto alert = queues[at].pop())
      if (goes_on) goes_on = found(*alert);
    if (!goes_on || interrupted())
      for (AlertQueue& queue : queues) queue.close();
    if (!goes_on) continue;
    ended(queues[at].scanned());
    status = std::max(status, status_of(queues[at].scanned()));
  }
  return status;
}

}  // namespace

int scan_traces(const std::vector<std::string>& traces, unsigned jobs, const MakeDetector& make,
                const FoundAlert& found, const TraceEnded& ended) {
  jobs = std::min<unsigned>(jobs, static_cast<unsigned>(traces.size()));
  return jobs <= 1 ? scan_one_by_one(traces, make, found, ended)
                   : scan_at_once(traces, jobs, make, found, ended);
}

}  // namespace gyr
