// A typed view of one event.
//
// Purpose: parameters by index as they are in the trace (for printing), and by name as today's
// schema has them (for everything else). Old events are not rewritten: a named parameter is looked
// up where an upgrade says it is, in the event itself or in the enter event its thread was in.
//
// Contract: valid until the next event. `param` needs index < nparams(). `get` never fails: a
// parameter that is not there reads as zero or empty; `has` tells. charbuf values end at their
// first NUL; the old "(NULL)" reads as empty. Of enter events only those are at hand that a handler
// may need, or that hold a path (Traits::keep_enter).
//
// Example:
//   namespace openat = schema::param::openat_2_exit;
//   if (event.today_id() == schema::type::openat_2_exit && event.get(openat::fd) >= 0) ...
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "capture/raw_event.hpp"
#include "decoder/thread.hpp"
#include "schema/field.hpp"
#include "schema/schema.hpp"

namespace gyr {

/// The places of an event's parameters, found in one pass over the lengths.
class ParamOffsets {
 public:
  void split(const RawEvent& raw, uint32_t count) {
    data_ = raw.data;
    if (raw.wide_lengths)
      sum<uint32_t>(raw.lengths, count);
    else
      sum<uint16_t>(raw.lengths, count);
  }
  Bytes operator[](uint32_t i) const { return {data_ + begin_[i], begin_[i + 1] - begin_[i]}; }

 private:
  template <class Length>
  void sum(const std::byte* lengths, uint32_t count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; ++i) {
      begin_[i] = at;
      at += load<Length>(lengths + sizeof(Length) * i);
    }
    begin_[count] = at;
  }

  const std::byte* data_ = nullptr;
  std::array<uint32_t, schema::max_params + 1> begin_;
};

class Event {
 public:
  Event() = default;
  /// An event without a thread: all there is to see is `raw`, which must outlive it and whose type
  /// the schema must know.
  explicit Event(const RawEvent& raw)
      : raw_(&raw),
        info_(&schema::events[raw.type]),
        upgrade_(&not_looked_up),
        nparams_(std::min(raw.nparams, static_cast<uint32_t>(info_->params.size()))) {}

  /// The same as if `thread` had made it, between its calls: the descriptor is the one that `raw`
  /// names. Only the decoder's handlers change an event's thread.
  Event(const RawEvent& raw, const Thread& thread) : Event(raw) {
    thread_ = const_cast<Thread*>(&thread);
    made_up_ = true;
  }

  const RawEvent& raw() const { return *raw_; }
  /// Never null for events that the decoder gives out.
  const schema::Event& info() const { return *info_; }
  uint64_t num() const { return num_; }
  const Thread* thread() const { return thread_; }
  /// At the very start of a section, what its writer knew of users, groups and containers.
  bool is_leading() const { return leading_; }
  /// It is in the trace for what it does to the state, and was not asked for.
  bool is_hidden() const { return (raw_->flags & state_only) != 0; }
  bool is_enter() const { return schema::is_enter(raw_->type); }
  bool is_made_up() const { return made_up_; }
  /// Of an exit event: what its recorder says (capture/event_options.hpp), else since the thread's
  /// enter event; 0 when unknown. A switch shows that of the call before, as in sysdig.
  uint64_t latency() const {
    const bool has = !is_enter() || raw().type == schema::type::schedswitch_6_enter;
    return thread_ != nullptr && has ? thread_->latency : 0;
  }

  /// Parameters that are in the event and that the schema knows.
  uint32_t nparams() const { return nparams_; }
  Bytes param(uint32_t index) const { return offsets()[index]; }

  uint16_t today_id() const { return upgrade() != nullptr ? upgrade_->target : raw_->type; }
  template <class T>
  T get(schema::Field<T> field) const {
    return value<T>(today(field.index));
  }
  /// Whether it gave the descriptor it works on a name, or another one.
  bool names_fd() const { return names_fd_; }
  template <class T>
  bool has(schema::Field<T> field) const {
    return !today(field.index).empty();
  }
  /// Whether the trace has it; `has` is also true of the zero that stands for what it has not.
  template <class T>
  bool recorded(schema::Field<T> field) const {
    const bool made_up =
        upgrade() != nullptr && upgrade_->sources[field.index].from == schema::ParamSource::zero;
    return !made_up && has(field);
  }
  template <class T>
  Bytes bytes(schema::Field<T> field) const {
    return today(field.index);
  }

  /// By its index among the parameters of `today_id`. Only what was recorded: empty also where
  /// `get` would give zero because neither the event nor its enter event says anything.
  Bytes today_param(uint32_t index) const;

  /// Reads a parameter's bytes as a value of type T.
  template <class T>
  static T value(Bytes raw);

 private:
  friend class Decoder;

  const ParamOffsets& offsets() const {
    if (!split_) {
      offsets_.split(*raw_, nparams_);
      split_ = true;
    }
    return offsets_;
  }
  /// How it reads as today's event; nullptr: it is one.
  const schema::Upgrade* upgrade() const {
    if (upgrade_ == &not_looked_up) upgrade_ = schema::find_upgrade(raw_->type, raw_->nparams);
    return upgrade_;
  }
  /// Parameter `index` of the event's form of today; empty when there is none. Inline, because
  /// `index` is a constant for the compiler then, and little is left.
  [[gnu::always_inline]] Bytes today(uint32_t index) const {
    if (upgrade_ != nullptr) [[unlikely]]
      return today_of_old(index);
    return index < nparams_ ? own_param(index) : Bytes();
  }
  /// One parameter, without the places of all others if it is among the first.
  [[gnu::always_inline]] Bytes own_param(uint32_t index) const {
    constexpr uint32_t first_few = 4;
    if (index >= first_few || raw_->wide_lengths) return param(index);
    const std::byte* at = raw_->data;
    for (uint32_t i = 0; i < index; ++i) at += load<uint16_t>(raw_->lengths + sizeof(uint16_t) * i);
    return {at, load<uint16_t>(raw_->lengths + sizeof(uint16_t) * index)};
  }
  Bytes today_of_old(uint32_t index) const;
  Bytes upgraded(uint32_t index, schema::ParamSource source) const;
  Bytes from_enter(uint32_t index) const;

  /// Stands for an upgrade that nobody asked for yet; of most events nobody does.
  static const schema::Upgrade not_looked_up;

  const RawEvent* raw_ = nullptr;
  const schema::Event* info_ = nullptr;
  mutable const schema::Upgrade* upgrade_ = nullptr;
  Thread* thread_ = nullptr;
  const PendingEnter* enter_ = nullptr;  // the enter event that belongs to this exit event
  uint64_t num_ = 0;
  uint64_t raw_ts_ = 0;  // for what is done when the raw event is gone
  uint32_t nparams_ = 0;
  bool leading_ = false;
  bool names_fd_ = false;
  bool made_up_ = false;
  mutable ParamOffsets offsets_;
  mutable bool split_ = false;
};

std::string_view text_value(Bytes raw);

/// Parameter of a kept enter event, as it is in the trace; empty when it has none.
Bytes enter_param(const PendingEnter& enter, uint32_t index);
uint64_t entered_number(const PendingEnter& enter, uint32_t index);
/// Empty where the recorder could not read it; old ones wrote "<NA>" then.
std::string_view entered_path(const PendingEnter& enter, uint32_t index);

template <class T>
T Event::value(Bytes raw) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return text_value(raw);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return raw;
  } else {
    if (raw.size() >= sizeof(T)) [[likely]]
      return load<T>(raw.data());
    T result{};  // a narrower old form of the parameter, or none
    if (!raw.empty()) std::memcpy(&result, raw.data(), raw.size());
    return result;
  }
}

}  // namespace gyr
