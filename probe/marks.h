// Marks: what the reader tells the probe of threads whose programs a filter does not want.
//
// Some conditions are about what is settled when a thread is made or begins a program: its control
// groups, its command line. The kernel cannot judge them as the state does (the state has the
// cgroups of that moment, the kernel those of now), so the reader does, when it rejects an event,
// and leaves a mark with the time of that event. The probe rejects further calls of the thread as
// long as the mark is no older than the thread and the program that it runs.
//
// Plain C for both compilers, so that it is tested as C++. A mark is one word, which is written and
// read at once: the time of the boot clock, and in its lowest bits those of the tid that do not
// select the slot. Losing what stood there costs some ns, by which a mark is older than its event:
// that makes it hold less, never more.
//
// Example:
//   marks[mark_slot(tid)] = mark_of(tid, ts);                                  // the reader
//   if (mark_holds(marks[mark_slot(tid)], tid, start, begun)) return 0;        // the probe
#pragma once

#include "probe/shared.h"

#ifdef __cplusplus
namespace gyr::probe {
#endif

enum {
  mark_slots = 65536,
  mark_slot_bits = 16,
  mark_tid_bits = 6,  // tids have at most 22 bits
  mark_tid_mask = (1 << mark_tid_bits) - 1,
};

static __always_inline u32 mark_slot(u32 tid) { return tid & (mark_slots - 1); }

static __always_inline bool can_be_marked(u32 tid) {
  return tid != 0 && tid >> (mark_slot_bits + mark_tid_bits) == 0;
}

static __always_inline u64 mark_of(u32 tid, u64 ts) {
  return (ts & ~(u64)mark_tid_mask) | tid >> mark_slot_bits;
}

/// Whether what stands in the thread's slot is about this thread.
static __always_inline bool mark_is_of(u64 mark, u32 tid) {
  return mark > mark_tid_mask && (mark & mark_tid_mask) == tid >> mark_slot_bits;
}

/// `thread_began`: when the thread was made; `program_began`: when it, or another thread with the
/// same slot, has last begun a program; 0: never since the probe is there.
static __always_inline bool mark_holds(u64 mark, u32 tid, u64 thread_began, u64 program_began) {
  const u64 ts = mark & ~(u64)mark_tid_mask;
  return mark_is_of(mark, tid) && ts >= thread_began && ts >= program_began;
}

#ifdef __cplusplus
}  // namespace gyr::probe
#endif
