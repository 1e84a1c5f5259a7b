// Chooses what of a trace goes into a copy, so that the copy can be understood alone.
//
// Purpose: a filtered trace must still know every process name and descriptor. So besides the
// events that match it has those without which the state would not be what it is, marked as being
// there for the state only: readers use and do not show them.
//
// Contract: `add` is given every event of a trace in order, after it was decoded, and appends to
// `out` what the copy needs at this point: the event as it is when it matches; marked when the
// state needs it. What only matters to its own process (descriptors, sizes of memory) waits until
// the process has an event that is shown, or a child, and is left out if it never has. So is an
// enter event until the exit event of its call is added. `new_copy` begins another file:
// behind a snapshot of the state it puts what the snapshot cannot say, the events about containers
// so far.
//
// Example:
//   const Event* event = decoder.decode(reader.event());
//   selection.add(reader.block(), reader.event(), event, matches, out);
#pragma once

#include <bitset>
#include <unordered_set>
#include <vector>

#include "decoder/enter_keeper.hpp"
#include "decoder/event.hpp"
#include "decoder/held_events.hpp"
#include "decoder/told_events.hpp"
#include "decoder/traits.hpp"

namespace gyr {

class SelfContained {
 public:
  using Blocks = std::vector<std::byte>;
  /// What becomes of an event.
  enum class Kept : uint8_t { no, hidden, shown };

  /// `event` is nullptr when the decoder gave none; it can match all the same, in a copy of all.
  Kept add(Bytes block, const RawEvent& raw, const Event* event, bool matches, Blocks& out);
  /// An event that the copy does not have, not even for the state.
  void leave_out(Bytes block, const RawEvent& raw);
  void new_copy(Blocks& out);
  /// A section begins: its threads are others.
  void new_section();

 private:
  enum class Reach : uint8_t { nothing, own_process, others };

  Kept choose(const RawEvent& raw, const Event* event, bool matches) const;
  Reach reach_of(const RawEvent& raw, const Event* event) const;
  void add_hidden(Bytes block, const RawEvent& raw, const Event* event, Blocks& out);
  void release_before(const RawEvent& raw, const Event* event, Blocks& out);
  void add_missing_enter(const RawEvent& raw, Blocks& out);
  void remember(Bytes block, const RawEvent& raw, bool copied);
  void note_sharing(const Event& event);
  void end_of_lead(const RawEvent& raw, Blocks& out);

  const Traits* traits_ = event_traits();
  EnterKeeper keeper_;
  HeldEvents held_;
  ToldEvents told_;
  std::unordered_set<int64_t> sharing_;  // processes that share descriptors with another one
  Blocks scratch_;
  // Events of the leading types that begin a trace are not shown. One that is must not come first.
  bool only_led_ = true;  // the copy has nothing but such events so far
  Blocks separator_;      // an event of the section that changes nothing
};

}  // namespace gyr
