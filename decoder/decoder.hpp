// From raw events to events with state.
//
// Purpose: the frame of every event: finds its thread, pairs exit with enter events, applies the
// change to the state, numbers the event.
//
// Contract: `decode` gives nullptr for an event that is not to be shown or counted (an id that the
// schema does not know, or reserved). The Event is valid until the next call. What an event ends (a
// thread that exits, a descriptor that is closed) is still there while the event is shown and goes
// with the next one. Nothing is allocated for events that do not change the state.
//
// Example:
//   Decoder decoder(state);
//   if (const Event* e = decoder.decode(raw)) print(*e, state);
#pragma once

#include <cstdint>
#include <vector>

#include "decoder/event.hpp"
#include "decoder/state.hpp"
#include "decoder/traits.hpp"

namespace gyr {

/// What the handlers may do. Collected here so that they take one argument.
struct Change {
  State& state;
  const Event& event;
  Thread* thread;  // of the event; nullptr for clone exits and procexit of unknown threads
  /// To do before the next event.
  std::vector<int64_t>& close_later;
  bool& exit_later;
  /// Set when the event gives its descriptor a name (Event::names_fd).
  bool& names_fd;

  const FdTable& fds() const { return *thread->fds; }
};

class Decoder {
 public:
  /// Events with ids beyond `last_type` change the state but are neither counted nor given out.
  explicit Decoder(State& state, uint16_t last_type = schema::event_count - 1)
      : state_(state), last_type_(last_type) {}

  /// Has exit events answer for every parameter of their enter events, not only for those that the
  /// state needs (Field::needs_enter). To be set before the first event.
  void keep_enter_events() { keep_all_ = true; }

  const Event* decode(const RawEvent& raw);
  /// Does now what the last event left to be done before the next one: the state is then as it is
  /// between the two. The Event of the last one is no longer valid.
  void settle() {
    if (state_.sections == section_ && delayed_) do_delayed();
  }
  const State& state() const { return state_; }
  /// So many events before the next one are not given to the decoder, as they change nothing; they
  /// count for the numbers of events.
  void pass_over(uint64_t events);

  uint64_t events() const { return num_; }
  uint64_t unknown_types() const { return unknown_types_; }
  /// Events of types that the schema knows, and the dialect does not: they change the state only.
  uint64_t newer_types() const { return newer_types_; }
  uint64_t first_ts() const { return first_ts_; }

 private:
  void begin_section();
  void do_delayed();
  void drop_delayed();
  Thread& make_placeholder(int64_t tid);
  void begin_event(const RawEvent& raw, const Traits& traits);
  void enter(const RawEvent& raw, const Traits& traits, Thread& thread);
  void leave(const RawEvent& raw, Thread& thread);
  void read_options(const RawEvent& raw);
  void new_version();
  void apply(const RawEvent& raw, const Traits& traits);

  State& state_;
  const Traits* traits_ = event_traits();
  uint16_t last_type_;
  bool leading_ = true;  // no event but leading ones in this section yet
  bool keep_all_ = false;
  bool delayed_ = false;  // there is something to do before the next event
  bool exit_later_ = false;
  int64_t delayed_tid_ = -1;
  uint16_t delayed_cpu_ = 0;
  Event event_;
  uint64_t section_ = 0;  // of the state when the last event came
  uint64_t num_ = 0;
  uint64_t unknown_types_ = 0;
  uint64_t newer_types_ = 0;
  uint64_t first_ts_ = 0;
  std::vector<int64_t> close_later_;
};

}  // namespace gyr
