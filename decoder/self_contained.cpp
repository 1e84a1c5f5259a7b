#include "decoder/self_contained.hpp"

#include <algorithm>

#include "capture/file/state_only.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

/// What writers say of containers, their users, and of other hosts: nothing that follows from other
/// events.
bool is_told_by_writer(uint16_t id) {
  constexpr std::string_view names[] = {"container", "k8s", "mesos"};
  return event_traits()[id].leads ||
         std::find(std::begin(names), std::end(names), schema::events[id].name) != std::end(names);
}

bool is_loss(uint16_t id) {
  return id == type::drop_enter || id == type::drop_exit || id == type::gap_exit;
}

/// Under which the events of a process are held.
int64_t process_key(const RawEvent& raw, const Event* event) {
  const Thread* thread = event != nullptr ? event->thread() : nullptr;
  return thread != nullptr && thread->pid >= 0 ? thread->pid : raw.tid;
}

bool is_last_thread(const Thread& thread) {
  return !thread.process ||
         std::all_of(thread.process->threads.begin(), thread.process->threads.end(),
                     [&](const Thread* t) { return t == &thread || t->dead; });
}

}  // namespace

/// `hidden` stands for an event that is to be marked unless it is already.
SelfContained::Kept SelfContained::choose(const RawEvent& raw, const Event* event,
                                          bool matches) const {
  const bool hidden = (raw.flags & state_only) != 0;
  if (event != nullptr && event->is_leading()) return Kept::hidden;
  if (matches && !hidden) return Kept::shown;
  return reach_of(raw, event) != Reach::nothing ? Kept::hidden : Kept::no;
}

/// Whose state an event changes.
SelfContained::Reach SelfContained::reach_of(const RawEvent& raw, const Event* event) const {
  if (raw.type >= schema::event_count || !traits_[raw.type].known) return Reach::nothing;
  const Traits& traits = traits_[raw.type];
  if (is_told_by_writer(raw.type) || is_loss(raw.type)) return Reach::others;
  if (!traits.handled) return Reach::nothing;  // enter events come with their exit events
  const bool shared = event == nullptr || sharing_.contains(process_key(raw, event));
  return traits.new_version || shared ? Reach::others : Reach::own_process;
}

void SelfContained::add_missing_enter(const RawEvent& raw, Blocks& out) {
  const bool exit = raw.type < schema::event_count && traits_[raw.type].is_exit;
  if (!exit) return;
  if (const Bytes enter = keeper_.missing(raw.tid); !enter.empty()) append_state_only(enter, out);
}

/// What an event rests on: the held events of its process, and of the one it comes from.
void SelfContained::release_before(const RawEvent& raw, const Event* event, Blocks& out) {
  held_.release(raw.tid, out);
  const Thread* thread = event != nullptr ? event->thread() : nullptr;
  if (thread == nullptr) return;
  held_.release(thread->pid, out);
  if (traits_[raw.type].moves_thread && thread->parent != nullptr)
    held_.release(thread->parent->pid, out);
  if (raw.type == type::pidfd_getfd_exit) held_.release_all(out);
}

/// A process that shares its descriptors without being a thread: what either does to them matters
/// to the other.
void SelfContained::note_sharing(const Event& event) {
  namespace clone = schema::param::clone_20_exit;
  if (!traits_[event.raw().type].moves_thread || event.thread() == nullptr) return;
  const uint32_t flags = event.get(clone::flags);
  if ((flags & clone_files) == 0 || (flags & clone_thread) != 0) return;
  sharing_.insert(event.thread()->pid);
  if (const int64_t child = event.get(clone::res); child > 0) sharing_.insert(child);
  if (event.thread()->parent != nullptr) sharing_.insert(event.thread()->parent->pid);
}

void SelfContained::add_hidden(Bytes block, const RawEvent& raw, const Event* event, Blocks& out) {
  scratch_.clear();
  add_missing_enter(raw, scratch_);
  // Readers take leading events for part of the snapshot, and do not show them anyway.
  if (event != nullptr && event->is_leading())
    scratch_.insert(scratch_.end(), block.begin(), block.end());
  else
    append_state_only(block, scratch_);
  if (reach_of(raw, event) == Reach::own_process) {
    held_.hold(process_key(raw, event), scratch_, out);
    return;
  }
  const bool exits = raw.type == type::procexit_1_enter && event != nullptr &&
                     event->thread() != nullptr && is_last_thread(*event->thread());
  if (exits)
    held_.drop(process_key(raw, event));
  else
    release_before(raw, event, out);
  out.insert(out.end(), scratch_.begin(), scratch_.end());
}

SelfContained::Kept SelfContained::add(Bytes block, const RawEvent& raw, const Event* event,
                                       bool matches, Blocks& out) {
  const Kept kept = choose(raw, event, matches);
  if (event != nullptr) note_sharing(*event);
  if (kept == Kept::shown && only_led_) end_of_lead(raw, out);
  const bool marked_already = matches && (raw.flags & state_only) != 0;
  if (kept == Kept::shown || (kept == Kept::hidden && marked_already)) {
    release_before(raw, event, out);
    add_missing_enter(raw, out);
    out.insert(out.end(), block.begin(), block.end());
  } else if (kept == Kept::hidden) {
    add_hidden(block, raw, event, out);
  }
  remember(block, raw, kept != Kept::no);
  return kept;
}

/// Puts something in front of an event that is to be shown.
void SelfContained::end_of_lead(const RawEvent& raw, Blocks& out) {
  const bool leads = raw.type < schema::event_count && traits_[raw.type].leads;
  if (leads) out.insert(out.end(), separator_.begin(), separator_.end());
  only_led_ = leads && separator_.empty();
}

void SelfContained::remember(Bytes block, const RawEvent& raw, bool copied) {
  if (raw.type >= schema::event_count || !traits_[raw.type].known) return;
  const Traits& traits = traits_[raw.type];
  if (separator_.empty() && !traits.handled && !traits.is_enter && !traits.leads)
    append_state_only(block, separator_);
  if (traits_[raw.type].is_enter) keeper_.remember(raw.tid, block, copied);
  if (raw.type == type::procexit_1_enter) keeper_.forget(raw.tid);
  if (is_told_by_writer(raw.type)) told_.add(block, traits_[raw.type].leads);
}

void SelfContained::leave_out(Bytes block, const RawEvent& raw) { remember(block, raw, false); }

void SelfContained::new_copy(Blocks& out) {
  keeper_.new_copy();
  held_.clear();
  told_.append_to(out);
  only_led_ = true;
}

void SelfContained::new_section() {
  keeper_.clear();
  held_.clear();
  sharing_.clear();
  told_.clear();
  separator_.clear();
  only_led_ = true;
}

}  // namespace gyr
