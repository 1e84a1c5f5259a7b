// What one run shares, whether it replays traces or captures: filter, printer, recorder, counts.
//
// Contract: `open` says what is wrong with the options. Each event that comes goes through `take`
// once it was decoded. `finish` completes the files and the output and gives the exit status.
//
// Example:
//   auto session = Session::open(options);
//   session->take(block, raw, decoder.decode(raw), state, stream);
//   return session->finish(exit_done);
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "cli/chisels.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/summary.hpp"
#include "cli/output/writer.hpp"
#include "cli/recorder.hpp"
#include "decoder/decoder.hpp"
#include "filter/filter.hpp"
#include "filter/thread_gate.hpp"

namespace gyr {

/// The words of the filter as one text; empty: there is none.
std::string filter_text(const Options& options);

/// Sees all events that come, whatever is printed of them.
class EventObserver {
 public:
  EventObserver(const EventTypes& looked_at, bool with_enter)
      : types(looked_at), needs_enter(with_enter) {}
  EventObserver(const EventObserver&) = delete;
  EventObserver& operator=(const EventObserver&) = delete;
  virtual ~EventObserver() = default;

  virtual void event(const filter::Moment& moment) = 0;
  /// It wants no more, and so the run ends.
  virtual bool is_over() const = 0;

  const EventTypes types;  // that it looks at
  const bool needs_enter;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const Options& options);

  /// Nothing more is wanted: the output is closed, or -n events were shown.
  bool has_enough() const;
  bool finished() const { return has_enough() || interrupted(); }
  /// Events that change nothing need not be decoded when nobody looks at them: those that the
  /// filter cannot match, or all when nothing is printed or counted. None: all are wanted.
  std::optional<EventTypes> wanted_types() const;
  /// Nor need events of these types if they are of a thread that the filter does not want.
  const EventTypes& types_by_thread() const { return types_by_thread_; }
  bool is_unwanted(const Thread& thread) const { return gate_ && gate_->is_closed(thread); }
  bool asks_enter_events() const;
  /// Whether procinfo events are asked for: they cost, and nobody sees them otherwise.
  bool asks_cpu_times() const;
  /// The last type of event that the dialect knows.
  uint16_t last_type() const;

  /// Whether an event comes too late for -M.
  bool is_past(uint64_t ts, uint64_t first_ts) const;

  void prepare(const RawEvent& raw, Decoder& decoder) {
    if (recorder) recorder->prepare(raw, decoder);
  }
  /// Filters, writes and prints an event; `event` is nullptr for one that is not given out. Whether
  /// the filter matched.
  bool take(Bytes block, const RawEvent& raw, const Event* event, const State& state,
            filter::Stream& stream);

  /// The events of a trace, or of the capture, have all been taken.
  void trace_ends(const State& state, uint64_t last_ts) {
    if (chisels) chisels->trace_ends(state, last_ts);
  }
  /// Completes what is written; whether something went wrong, which it reports once.
  bool end_recording();
  int finish(int status);

  const Options& options;
  filter::Settings settings;
  std::unique_ptr<ChiselRun> chisels;       // null: events are printed
  std::unique_ptr<EventObserver> observer;  // null: there is none
  std::optional<filter::Filter> filter;
  std::unique_ptr<Recorder> recorder;  // null: nothing is written
  Writer out;
  uint64_t shown = 0;    // events that count for -n
  uint64_t unknown = 0;  // events of types that the schema does not know
  uint64_t newer = 0;    // that the dialect does not

  Session(const Options& chosen, Printer format);

 private:
  Result<void> open_chisels();
  Result<void> open_filter();
  Result<void> open_recorder();
  void open_gate();
  bool matches(const filter::Moment& moment);
  bool is_visible(const Event& event) const;
  void show(const Event& event, const State& state, filter::Stream& stream);
  void print_figures() const;

  Printer printer_;
  EventTypes types_by_thread_;
  std::optional<filter::ThreadGate> gate_;  // none: somebody wants to see all threads
  Summary summary_;
  bool recording_ended_ = false;
  bool recording_failed_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace gyr
