// The replay pipeline of the command line, without files: records, decoder, rendered lines.
//
// Purpose: what the targets for events share.
//
// Contract: `style` picks buffer mode, time column, dialect, terminal safety and colours; every
// value is a valid choice. `show` takes the events in order; `finish` comes last. Beyond memory and
// undefined behaviour they check that lines are whole, that a terminal-safe line has no control
// character, and that the tree of threads and processes hangs together.
//
// Example:
//   Replay replay(style, 64);
//   while (reader->next(raw, replay) == TraceReader::Step::event) replay.show(raw);
//   replay.finish();
#pragma once

#include "cli/options.hpp"
#include "cli/output/line.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"

namespace gyr::fuzz {

class Replay final : public RecordSink {
 public:
  Replay(uint8_t style, size_t thread_limit);

  void section() override { import_.section(), decoder_.section(); }
  void machine(const MachineInfo& m) override { import_.machine(m); }
  void interfaces_begin() override { import_.interfaces_begin(); }
  void interface(const InterfaceRecord& r) override { import_.interface(r); }
  void users_begin() override { import_.users_begin(); }
  void user(const UserRecord& r) override { import_.user(r); }
  void thread(const ThreadRecord& r) override { import_.thread(r); }
  void fd(int64_t tid, const FdRecord& r) override { import_.fd(tid, r); }
  void records_end() override { import_.records_end(); }

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
};

}  // namespace gyr::fuzz
