// Tells the probe whose calls need not come: threads whose programs the filter does not want.
//
// Purpose: terms such as container.id=4f1c... are settled when a thread begins a program, but only
// the state can judge them. So the first event of each program is judged here, and the kernel
// rejects what the thread calls from then on.
//
// Contract: `look` is to be called with each event that was decoded, in order, and whether the
// whole filter matched it. It marks the thread of a call that was rejected because a term does not
// hold, and takes a mark back where the terms hold after all: what ends a program's mark in the
// kernel is the next program, and an event that tells of it can come late (see Drain). A mark is a
// word in memory that the probe reads: it costs neither a system call nor an allocation, but for
// what the filter remembers per thread. Where two threads have the same slot the one that was
// judged last has the mark; the other one's events are only not spared.
//
// Example:
//   ThreadMarks marks(*Filter::compile("container.id=4f1c8a"), probe.marks(), boot_to_epoch);
//   marks.look(moment, matched);
#pragma once

#include <cstdint>
#include <span>

#include "filter/filter.hpp"

namespace gyr::filter {

class ThreadMarks {
 public:
  /// `terms`: of the filter, those that are of programs (filter/kernel_part.hpp). `slots`: one for
  /// each of probe::mark_slots. `boot_to_epoch`: what events' times have more than the boot clock.
  ThreadMarks(Filter terms, std::span<uint64_t> slots, uint64_t boot_to_epoch)
      : terms_(std::move(terms)), slots_(slots), boot_to_epoch_(boot_to_epoch) {}

  void look(const Moment& moment, bool matched);

 private:
  Filter terms_;
  std::span<uint64_t> slots_;
  uint64_t boot_to_epoch_;
};

}  // namespace gyr::filter
