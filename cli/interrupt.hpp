// Ctrl-C, SIGTERM and broken pipes: a run ends as if its input did, and completes what it writes.
//
// Example:
//   catch_interrupts();
//   const WaitingFor waiting(reader.input());   // a signal ends a read that waits for a pipe
//   while (!interrupted() && ...)
#pragma once

#include "capture/file/codec.hpp"

namespace gyr {

/// Also: writing to a closed pipe, or beyond the size that a file may have, is an error of write()
/// and not the end of the program.
void catch_interrupts();
/// As the caller of the program had it, who may have had some signals ignored; for a command that
/// is started, in its own process.
void release_interrupts();
bool interrupted();

/// The input that a signal cancels, as long as the object lives.
class WaitingFor {
 public:
  explicit WaitingFor(const InputFile& input);
  WaitingFor(const WaitingFor&) = delete;
  WaitingFor& operator=(const WaitingFor&) = delete;
  ~WaitingFor();
};

}  // namespace gyr
