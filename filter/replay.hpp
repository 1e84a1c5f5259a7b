// A trace from its first event to its last: the reader, the state that its events change, and the
// decoder, kept in step.
//
// Purpose: whoever looks at the events of a trace writes this loop only, and says what it does with
// an event.
//
// Contract: `next` goes on to the next event that the reader gives; false at the end of the trace,
// or where it is damaged (the reader's `error` says so). Between `next` and `decode` the state is
// what it was before the event. `decode` is called once for each `next`, and gives nullptr for an
// event that is not to be counted or shown; what it gives is valid until the next `next`. Events
// that the reader passed over count for the numbers of the others. The reader must outlive it.
//
// Example:
//   auto reader = TraceReader::open("t.scap");
//   Replay replay(**reader);
//   while (replay.next())
//     if (const Event* event = replay.decode()) use(replay.moment(*event, settings));
//   if ((*reader)->error()) report(*(*reader)->error());
#pragma once

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "filter/source.hpp"

namespace gyr::filter {

struct ReplayOptions {
  /// The last type of event that is counted and shown (Decoder).
  uint16_t last_type = schema::event_count - 1;
  /// Exit events answer for every parameter of their enter events.
  bool keep_enter_events = false;
  bool with_users = true;
};

class Replay {
 public:
  explicit Replay(TraceReader& reader, const ReplayOptions& options = {})
      : reader_(reader), decoder_(state_, options.last_type), records_(state_, options.with_users) {
    if (options.keep_enter_events) decoder_.keep_enter_events();
  }
  Replay(const Replay&) = delete;  // the decoder points to the state
  Replay& operator=(const Replay&) = delete;

  bool next() { return take(reader_.next(records_)); }
  /// Passes over events of the reader's types `by_thread` of threads for which `unwanted` holds.
  template <class Unwanted>
  bool next(const Unwanted& unwanted) {
    const auto is_unwanted = [&](int64_t tid, uint16_t cpu) {
      const Thread* thread = state_.threads.find(tid, cpu);
      return thread != nullptr && unwanted(*thread);
    };
    return take(reader_.next(records_, is_unwanted));
  }
  /// The event as it is in the trace.
  const RawEvent& raw() const { return reader_.event(); }
  const Event* decode() {
    const Event* event = decoder_.decode(reader_.event());
    stream_.first_ts = decoder_.first_ts();
    // Times are counted from the first event that does not lead, also if nobody wants to see it.
    if (stream_.first_ts == 0) [[unlikely]]
      reader_.give_next();
    return event;
  }
  Moment moment(const Event& event, const Settings& settings) const {
    return {event, state_, settings, stream_};
  }

  TraceReader& reader() { return reader_; }
  Decoder& decoder() { return decoder_; }
  const State& state() const { return state_; }
  /// For who shows events, and knows which one was the last.
  Stream& stream() { return stream_; }
  /// Of the first event; 0: there was none yet.
  uint64_t first_ts() const { return decoder_.first_ts(); }
  /// How many there were so far, with all that were passed over.
  uint64_t events() const { return decoder_.events() + reader_.passed_over() - passed_over_; }

 private:
  bool take(TraceReader::Step step) {
    if (step != TraceReader::Step::event) return false;
    decoder_.pass_over(reader_.passed_over() - passed_over_);
    passed_over_ = reader_.passed_over();
    return true;
  }

  TraceReader& reader_;
  State state_;
  Decoder decoder_;
  StateImport records_;
  Stream stream_;
  uint64_t passed_over_ = 0;  // that the decoder knows of
};

}  // namespace gyr::filter
