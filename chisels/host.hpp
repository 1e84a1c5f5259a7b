// What chisels may know of the run that they are part of, and what they may ask of it.
//
// Purpose: the run fills in the first part before chisels are loaded and keeps the second up to
// date; it looks at the third after their `on_init` and after each event.
//
// Example:
//   ChiselHost host{.live = true, .filter = "proc.name=nginx"};
//   auto chisels = ChiselSet::open(requests, host);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "filter/source.hpp"

namespace gyr::chisels {

struct ChiselHost {
  // Known from the start.
  bool live = false;
  bool terminal = false;            // standard output is one
  bool container_data = false;      // -pc
  bool json = false;                // -j, and no buffer mode
  bool buffers_chosen = false;      // -A, -x, -X, -b or -j: chisels do not change it
  std::string filter = {};          // of the command line
  std::string source_name = {};     // of the trace; "" when live
  std::string default_format = {};  // of lines
  filter::Settings* settings = nullptr;

  // Of the event that is looked at, or was last.
  const State* state = nullptr;  // null until the capture starts
  const filter::Moment* moment = nullptr;
  uint64_t first_ts = 0, last_ts = 0;  // ns since the epoch; 0: there was none
  double progress = 0;                 // 0 to 100

  // Asked for.
  std::optional<uint32_t> snaplen = {};
  std::string capture_filter = {};
  std::vector<std::string> run_app = {};  // arguments of another run behind this one
  bool run_app_asked = false;
  bool end_capture = false;
};

}  // namespace gyr::chisels
