#include "filter/thread_marks.hpp"

#include "probe/marks.h"

namespace gyr::filter {

namespace {

/// Whether it is of the end of a call, and the thread known. What happens outside of calls may come
/// before the state has made the thread, or after it has ended.
bool is_judged(const Event& event) {
  const Thread* thread = event.thread();
  return thread != nullptr && !thread->is_placeholder() && !schema::is_enter(event.raw().type);
}

}  // namespace

void ThreadMarks::look(const Moment& moment, bool matched) {
  const Event& event = moment.event;
  const auto tid = static_cast<uint32_t>(event.raw().tid);
  if (!is_judged(event) || event.raw().tid != tid || !probe::can_be_marked(tid)) return;
  uint64_t* slot = &slots_[probe::mark_slot(tid)];
  if (!matched && !terms_.matches(moment)) {
    const uint64_t mark = probe::mark_of(tid, event.raw().ts - boot_to_epoch_);
    __atomic_store_n(slot, mark, __ATOMIC_RELAXED);
  } else if (probe::mark_is_of(*slot, tid)) {
    __atomic_store_n(slot, 0, __ATOMIC_RELAXED);
  }
}

}  // namespace gyr::filter
