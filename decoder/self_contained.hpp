// Chooses what of a trace goes into a copy, so that the copy can be understood alone.
//
// Purpose: a filtered trace must still know every process name and descriptor. So besides the
// events that match it has those without which the state would not be what it is, marked as being
// there for the state only: readers use and do not show them.
//
// Contract: `add` is given every event of a trace in order, after it was decoded, and appends to
// `out` the blocks that the copy needs of it: the event as it is when it matches; marked when the
// state needs it; before either, marked, the enter event of the same call if the copy lacks that;
// or nothing. `new_copy` begins another file (which needs a snapshot of the state first).
//
// Example:
//   const Event* event = decoder.decode(reader.event());
//   selection.add(reader.block(), reader.event(), event, matches, out);
#pragma once

#include <bitset>
#include <vector>

#include "decoder/enter_keeper.hpp"
#include "decoder/event.hpp"
#include "decoder/traits.hpp"

namespace gyr {

/// The types of events that a copy keeps though nobody asked for them.
std::bitset<schema::event_count> types_kept_for_state();

class SelfContained {
 public:
  /// What became of an event.
  enum class Kept : uint8_t { no, hidden, shown };

  /// `event` is nullptr when the decoder gave none; it can match all the same, in a copy of all.
  Kept add(Bytes block, const RawEvent& raw, const Event* event, bool matches,
           std::vector<std::byte>& out);
  /// An event that the copy does not have, not even for the state.
  void leave_out(Bytes block, const RawEvent& raw) { remember(block, raw, false); }
  void new_copy() { keeper_.new_copy(); }
  /// A section begins: its threads are others.
  void new_section() { keeper_.clear(); }

 private:
  Kept choose(const RawEvent& raw, const Event* event, bool matches) const;
  void remember(Bytes block, const RawEvent& raw, bool copied);
  void add_missing_enter(const RawEvent& raw, std::vector<std::byte>& out);

  EnterKeeper keeper_;
  std::bitset<schema::event_count> state_types_ = types_kept_for_state();
  const Traits* traits_ = event_traits();
};

}  // namespace gyr
