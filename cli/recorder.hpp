// -w: writes what is read to a trace, or to a rotating set of them.
//
// Purpose: one place that knows what goes into which file. A copy of everything has each block as
// it was; a filtered one what decoder/self_contained.hpp keeps. Each further file of a rotation
// begins with a snapshot of the state and can be read alone.
//
// Contract: for each trace that is read, `begin`; for each event `prepare` before it is decoded and
// `event` after. A new file begins with an event that is shown in it, never with a hidden one. The
// first failure ends the recording (`ok`); `close` completes the last file and says what went
// wrong. Nothing is written over a trace that is being read.
//
// Example:
//   auto recorder = Recorder::open({.name = "copy.scap", .inputs = {"t.scap"}});
//   recorder->begin(reader);
//   recorder->prepare(reader.event(), decoder);
//   const Event* event = decoder.decode(reader.event());
//   recorder->event(reader, event, true);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "capture/file/reader.hpp"
#include "capture/file/writer.hpp"
#include "cli/rotation.hpp"
#include "decoder/decoder.hpp"
#include "decoder/self_contained.hpp"

namespace gyr {

struct RecorderOptions {
  std::string name;
  WriterOptions writer = {};
  RotationLimits rotation = {};
  bool select = false;  // not all events will match, or not all will be given
  std::vector<std::string> inputs = {};
};

class Recorder final : public BlockSink {
 public:
  static Result<std::unique_ptr<Recorder>> open(RecorderOptions options);
  explicit Recorder(RecorderOptions options);

  void begin(TraceReader& reader) { reader.watch_blocks(this); }
  void prepare(const RawEvent& raw, Decoder& decoder) {
    if (rotation_.rotates()) prepare_rotation(raw, decoder);
  }
  /// `event` is what the decoder gave for the reader's event, `matches` whether it is wanted.
  void event(const TraceReader& reader, const Event* event, bool matches) {
    this->event(reader.block(), reader.event(), event, matches);
  }
  void event(Bytes block, const RawEvent& raw, const Event* event, bool matches);
  /// An event before the part that is wanted: to be called in place of `event`.
  void leave_out(const TraceReader& reader);
  /// Before the first event of a part from the middle (and before it is decoded): what the state
  /// says at this point stands in place of the trace's own records.
  void begin_with_state(Decoder& decoder);
  /// A section begins with these blocks.
  void begin_section(std::vector<std::byte> blocks);
  void block(const BlockInfo* info, Bytes block) override;

  bool ok() const { return !failure_ && (!writer_ || writer_->ok()); }
  /// Once, at the end. An error names the file it is about.
  Result<void> close();
  /// Events that were written and are shown.
  uint64_t events() const { return events_; }

 private:
  void prepare_rotation(const RawEvent& raw, Decoder& decoder);
  void start_file(uint64_t ts);
  void put(Bytes blocks);
  void fail_with(Error error);
  bool finish_file();

  RecorderOptions options_;
  Rotation rotation_;
  std::vector<FileId> inputs_;
  bool select_;  // or files change
  SelfContained selection_;
  std::unique_ptr<TraceWriter> writer_;
  std::string file_name_;
  std::vector<std::byte> head_;     // what has to be written before the next event
  std::vector<std::byte> scratch_;  // of an event
  bool file_is_empty_ = true;
  bool in_metadata_ = false;  // of a section, before its first event
  bool due_ = false;          // the next event that is shown begins a file
  bool counting_ = false;     // -G has its first time
  uint64_t events_ = 0;
  std::optional<Error> failure_;
};

}  // namespace gyr
