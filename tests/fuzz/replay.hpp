// The replay pipeline of the command line, without files: records, decoder, rendered lines.
//
// Purpose: what the targets for events share.
//
// Contract: `style` picks buffer mode, time column, dialect, terminal safety and colours; every
// value is a valid choice. `show` takes the events in order; `finish` comes last. Beyond memory and
// undefined behaviour they check that a terminal-safe line has no control
// character, and that the tree of threads and processes hangs together.
//
// Example:
//   Replay replay(style, 64);
//   while (reader->next(replay.records()) == TraceReader::Step::event)
//     replay.show(reader->event());
//   replay.finish();
#pragma once

#include "cli/options.hpp"
#include "cli/output/line.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"

namespace gyr::fuzz {

Options options_of(unsigned style);

class Replay {
 public:
  Replay(uint8_t style, size_t thread_limit);

  /// Where a source puts what it knows before its first event.
  RecordSink& records() { return import_; }
  void show(const RawEvent& raw);
  void finish() const;

 private:
  void check_line() const;

  Options options_;
  size_t thread_limit_;
  State state_;
  Decoder decoder_;
  StateImport import_;
  LinePrinter printer_;
  Text line_;
  uint64_t previous_ts_ = 0;
};

}  // namespace gyr::fuzz
