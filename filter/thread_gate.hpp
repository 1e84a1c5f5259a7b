// Threads whose events a filter need not see.
//
// Purpose: `proc.name=cc1 and …` is false for every event of a thread with another name. Once that
// is known, events of the thread that change nothing are passed over before they are decoded.
//
// Contract: a thread that was closed is so until its version changes. Memory grows with the number
// of threads that live at once.
//
// Example:
//   if (!filter.matches(moment) && filter.rejects_thread(moment)) gate.close(*event.thread());
//   if (gate.is_closed(*thread)) continue;
#pragma once

#include <cstdint>
#include <vector>

#include "decoder/thread.hpp"

namespace gyr::filter {

class ThreadGate {
 public:
  void close(const Thread& thread) {
    if (thread.slot >= versions_.size()) versions_.resize(thread.slot + 1);
    versions_[thread.slot] = thread.version;
  }
  bool is_closed(const Thread& thread) const {
    return thread.slot < versions_.size() && versions_[thread.slot] == thread.version;
  }

 private:
  std::vector<uint64_t> versions_;  // by slot, of threads when they were closed; 0 is nobody's
};

}  // namespace gyr::filter
