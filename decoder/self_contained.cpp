#include "decoder/self_contained.hpp"

#include "capture/file/state_only.hpp"

namespace gyr {

namespace {

/// What writers tell of containers, hosts and lost events: nothing that is reconstructed from other
/// events.
bool is_told_by_writer(const schema::Event& info) {
  for (const std::string_view name : {"container", "k8s", "mesos", "asyncevent", "drop"}) {
    if (info.name == name) return true;
  }
  return false;
}

}  // namespace

std::bitset<schema::event_count> types_kept_for_state() {
  std::bitset<schema::event_count> types;
  for (uint32_t id = 0; id < schema::event_count; ++id) {
    const Traits& traits = event_traits()[id];
    types[id] = traits.known && (traits.handled || traits.keep_enter || traits.leads ||
                                 is_told_by_writer(schema::events[id]));
  }
  return types;
}

/// `hidden` stands for an event that is to be marked unless it is already.
SelfContained::Kept SelfContained::choose(const RawEvent& raw, const Event* event,
                                          bool matches) const {
  const bool hidden = (raw.flags & state_only) != 0;
  if (event != nullptr && event->is_leading()) return Kept::hidden;
  if (matches && !hidden) return Kept::shown;
  const bool needed = raw.type < state_types_.size() && state_types_[raw.type];
  return needed || (matches && hidden) ? Kept::hidden : Kept::no;
}

void SelfContained::add_missing_enter(const RawEvent& raw, std::vector<std::byte>& out) {
  if (const Bytes enter = keeper_.missing(raw.tid); !enter.empty()) append_state_only(enter, out);
}

SelfContained::Kept SelfContained::add(Bytes block, const RawEvent& raw, const Event* event,
                                       bool matches, std::vector<std::byte>& out) {
  const Kept kept = choose(raw, event, matches);
  const bool known = raw.type < schema::event_count;
  const bool leading = event != nullptr && event->is_leading();
  if (kept != Kept::no) {
    if (known && traits_[raw.type].is_exit) add_missing_enter(raw, out);
    // Readers take leading events for part of the snapshot, and do not show them anyway.
    if (kept == Kept::shown || leading)
      out.insert(out.end(), block.begin(), block.end());
    else
      append_state_only(block, out);
  }
  remember(block, raw, kept != Kept::no);
  return kept;
}

void SelfContained::remember(Bytes block, const RawEvent& raw, bool copied) {
  if (raw.type < schema::event_count && traits_[raw.type].is_enter)
    keeper_.remember(raw.tid, block, copied);
  else if (raw.type == schema::type::procexit_1_enter)
    keeper_.forget(raw.tid);
}

}  // namespace gyr
