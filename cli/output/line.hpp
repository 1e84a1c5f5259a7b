// The default line of an event.
//
// Purpose: "213 17:35:48.514649386 0 curl (17497) < brk res=55DB0DE73000 ...", as sysdig prints it.
//
// Contract: one call per printed event; no newline is added. That every event has a line is what
// the result says, as with formats.
#pragma once

#include <cstdint>
#include <ctime>

#include "base/text.hpp"
#include "cli/options.hpp"
#include "filter/source.hpp"

namespace gyr {

class LinePrinter {
 public:
  explicit LinePrinter(const Options& options) : options_(options) {}

  bool append(Text& to, const filter::Moment& moment);

 private:
  void append_time(Text& to, const Event& event, const filter::Stream& stream);
  void append_clock(Text& to, uint64_t ts);
  void append_process(Text& to, const Event& event);

  const Options& options_;
  uint64_t clock_second_ = UINT64_MAX;  // of `clock_text_`
  char clock_text_[sizeof "hh:mm:ss."] = {};
};

}  // namespace gyr
