// The default line of an event.
//
// Purpose: "213 17:35:48.514649386 0 curl (17497) < brk res=55DB0DE73000 ...", as sysdig prints it.
//
// Contract: one call per printed event, in order: the delta time (-t D) counts from the call
// before. A line ends with a newline.
#pragma once

#include <cstdint>
#include <ctime>

#include "base/text.hpp"
#include "cli/options.hpp"
#include "decoder/event.hpp"
#include "decoder/state.hpp"

namespace gyr {

class LinePrinter {
 public:
  LinePrinter(const Options& options, const State& state) : options_(options), state_(state) {}

  /// `first_ts` is the time of the first event of the trace, for -t r.
  void append(Text& to, const Event& event, uint64_t first_ts);

 private:
  void append_time(Text& to, const Event& event, uint64_t first_ts);
  void append_clock(Text& to, uint64_t ts);
  void append_process(Text& to, const Event& event);

  const Options& options_;
  const State& state_;
  uint64_t previous_ts_ = 0;
  uint64_t clock_second_ = UINT64_MAX;  // of `clock_text_`
  char clock_text_[sizeof "hh:mm:ss."] = {};
};

}  // namespace gyr
