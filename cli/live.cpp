#include "cli/live.hpp"

#include <fmt/format.h>

#include <csignal>

#include "capture/file/snapshot_writer.hpp"
#include "capture/live/clock.hpp"
#include "capture/live/source.hpp"
#include "capture/record_tee.hpp"
#include "cli/child.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_filter.hpp"
#include "cli/output/live_status.hpp"
#include "cli/run.hpp"
#include "decoder/import.hpp"
#include "filter/thread_marks.hpp"

namespace gyr {

namespace {

ProbeOptions probe_options(const Session& session) {
  const LiveOptions& live = session.options.live;
  const auto asked = session.chisels ? session.chisels->host.snaplen : std::nullopt;
  ProbeOptions probe{.snaplen = std::max(live.snaplen, asked.value_or(0)),
                     .dynamic_snaplen = live.dynamic_snaplen,
                     .full_port_first = live.full_port_first,
                     .full_port_last = live.full_port_last,
                     .ring_bytes = static_cast<size_t>(live.ring_mib) << 20,
                     .latency = live.latency,
                     .with_self = live.with_self,
                     .switches = live.switches,
                     .page_faults = live.page_faults,
                     .only_tree = live.pid.has_value() || !live.command.empty()};
  return probe;
}

/// The host's state goes to the state and, as blocks, to the trace that is written.
Result<void> begin(LiveSource& source, StateImport& records, Session& session) {
  ScanProgress progress;
  const auto tell = [&progress](size_t processes) { progress.tell(processes); };
  if (!session.recorder) return source.begin(records, tell);
  std::vector<std::byte> blocks;
  SnapshotWriter snapshot(blocks);
  RecordTee both(records, snapshot);
  if (auto begun = source.begin(both, tell); !begun) return begun;
  session.recorder->begin_section(std::move(blocks));
  return {};
}

/// Makes a running process and its descendants members of the tree.
Result<void> watch_tree(Probe& probe, const State& state, int64_t pid) {
  if (state.threads.find(pid) == nullptr) return fail(fmt::format("there is no process {}", pid));
  Result<void> done = probe.watch(pid, false);
  state.threads.for_each([&](const Thread& thread) {
    if (!done || thread.tid != thread.pid || thread.pid == pid) return;
    const Thread* ancestor = &thread;
    for (int depth = 0; ancestor != nullptr && depth < 1024; ++depth) {
      if (ancestor->ptid == pid) {
        done = probe.watch(thread.pid, false);
        return;
      }
      ancestor = state.threads.find(ancestor->ptid);
    }
  });
  return done;
}

class Capture {
 public:
  explicit Capture(Session& session) : session_(session), decoder_(state_, session.last_type()) {
    if (session.options.as_falco && session.asks_enter_events()) decoder_.keep_enter_events();
  }

  int run();

 private:
  Result<void> start();
  void loop();
  bool is_over();
  void give();
  void report_end() const;

  Session& session_;
  State state_;
  Decoder decoder_;
  filter::Stream stream_;
  std::unique_ptr<LiveSource> source_;
  std::unique_ptr<Child> child_;
  std::optional<filter::ThreadMarks> marks_;  // none: no term of the filter is of programs
  bool enough_ = false;                       // -n, -M: what is still in the rings is not wanted
  bool stopping_ = false;                     // it is, and nothing new
};

Result<void> Capture::start() {
  const Options& options = session_.options;
  ProbeOptions wanted = probe_options(session_);
  auto marked_by = use_kernel_filter(session_, wanted);
  auto source = LiveSource::open(wanted);
  if (!source) return fail(std::move(source.error()));
  source_ = std::move(*source);
  if (marked_by) {
    Probe& probe = source_->probe();
    marks_.emplace(std::move(*marked_by), probe.marks(), probe.boot_to_epoch());
  }
  if (!options.live.command.empty()) {
    auto child = Child::start(options.live.command, options.live.user);
    if (!child) return fail(std::move(child.error()));
    child_ = std::move(*child);
    if (auto watched = source_->probe().watch(child_->pid(), true); !watched) return watched;
  }
  StateImport records(state_, !options.exclude_users);
  if (auto begun = begin(*source_, records, session_); !begun) return begun;
  if (session_.asks_cpu_times()) source_->add_cpu_times();
  if (options.live.pid) {
    if (auto watched = watch_tree(source_->probe(), state_, *options.live.pid); !watched)
      return watched;
  }
  if (!child_) return {};
  if (auto released = child_->release(); !released)
    return fail(std::move(released.error()).context(options.live.command[0]));
  return {};
}

/// Whether nothing new is wanted; what has happened so far is.
bool Capture::is_over() {
  const LiveOptions& live = session_.options.live;
  const bool tree = child_ || live.pid;
  return interrupted() || (tree && source_->probe().members() == 0);
}

void Capture::give() {
  const RawEvent& raw = source_->event();
  if (session_.is_past(raw.ts, decoder_.first_ts())) {
    enough_ = true;
    return;
  }
  session_.prepare(raw, decoder_);
  const Event* event = decoder_.decode(raw);
  stream_.first_ts = decoder_.first_ts();
  const bool matched = session_.take(source_->block(), raw, event, state_, stream_);
  const bool counts = event != nullptr && !event->is_hidden();
  if (marks_ && counts) marks_->look({*event, state_, session_.settings, stream_}, matched);
}

void Capture::loop() {
  LiveStatus status(source_->probe(), session_.options.progress);
  while (!enough_) {
    const LiveSource::Step step = source_->next();
    if (step == LiveSource::Step::end) break;
    if (step == LiveSource::Step::event) give();
    if (session_.has_enough()) break;
    if (step == LiveSource::Step::idle || status.is_due()) {
      session_.out.flush();
      if (session_.chisels) session_.chisels->tick(clock_ns(CLOCK_REALTIME), state_);
      status.draw(session_.shown);
    }
    if (!stopping_ && source_->at_run_end() && is_over()) {
      source_->stop();
      stopping_ = true;
    }
  }
  status.finish();
}

void Capture::report_end() const {
  const LossCounts counts = count_losses(source_->probe().stats());
  if (counts.missing() != 0 || session_.options.verbose || interrupted())
    fmt::print(stderr, "gyr: {}\n", end_of_capture(counts, session_.shown));
  if (session_.options.verbose)
    fmt::print(stderr, "gyr: {} events came from the kernel\n", counts.events - counts.missing());
}

int Capture::run() {
  if (auto started = start(); !started) {
    report(started.error().message);
    return exit_user_error;
  }
  loop();
  source_->stop();
  session_.trace_ends(state_, 0);
  session_.out.flush();
  session_.unknown += decoder_.unknown_types();
  report_end();
  if (!child_) return exit_done;
  // It may go on for long: what went wrong is said before.
  const bool ended = source_->probe().members() == 0;
  if (session_.end_recording() && !ended && !interrupted())
    report(
        fmt::format("{} goes on, but is not captured any more", session_.options.live.command[0]));
  if (interrupted()) ::kill(static_cast<pid_t>(child_->pid()), SIGTERM);
  return child_->wait();
}

}  // namespace

int capture_live(Session& session) { return Capture(session).run(); }

}  // namespace gyr
