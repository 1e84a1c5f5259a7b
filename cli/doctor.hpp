// gyr doctor: whether this host can be captured, and what is missing where not.
//
// Contract: looks at what the probe needs, loads it as a capture would, makes a system call and
// waits for it to come out at the other end. A line for each finding on standard output, then the
// verdict; the exit status is 0 where capture works, 1 where not. What does not keep gyr from
// capturing but makes it less complete is a note.
//
// Example:
//   return run_doctor({});
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capture/live/host_facts.hpp"
#include "capture/live/proc_snapshot.hpp"

namespace gyr {

struct Finding {
  enum class Verdict : uint8_t { good, note, bad };
  Verdict verdict;
  std::string_view about;
  std::string text;
};

/// What can be said before the probe is loaded.
std::vector<Finding> findings_of_host(const HostFacts& facts);

Finding finding_of_tracepoints(const std::vector<std::string>& lacking);
Finding finding_of_proc(const ProcCounts& counts);

/// "ok    kernel        6.1.0 (5.8 or later is needed)", with its newline.
std::string finding_line(const Finding& finding);

/// `arguments`: what follows the word "doctor". Gives the exit status.
int run_doctor(std::vector<std::string> arguments);

}  // namespace gyr
