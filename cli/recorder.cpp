#include "cli/recorder.hpp"

#include <unistd.h>

#include <algorithm>

#include "capture/file/snapshot_writer.hpp"
#include "decoder/export.hpp"

namespace gyr {

namespace {

// While no event is shown, what the next file begins with grows: beyond this the state is taken
// anew.
constexpr size_t longest_head = 16u << 20;
// Frames are small against the files, so that a file ends close to its size.
constexpr uint64_t frames_per_file = 8;
constexpr uint64_t smallest_frame = 64u << 10;

WriterOptions writer_options(const RecorderOptions& options) {
  WriterOptions writer = options.writer;
  if (!options.rotation.bytes) return writer;
  writer.exact_size = true;
  const size_t usual = usual_frame_size(writer.codec);
  writer.frame_size =
      std::clamp<uint64_t>(*options.rotation.bytes / frames_per_file, smallest_frame, usual);
  return writer;
}

void append_snapshot(const State& state, std::vector<std::byte>& to) {
  SnapshotWriter writer(to);
  export_state(state, writer);
}

/// Options behind a section header are for the newest readers only: sysdig 0.29 takes them for
/// blocks.
constexpr uint32_t bare_section_header = 28;

}  // namespace

Recorder::Recorder(RecorderOptions options)
    : options_(std::move(options)),
      rotation_(options_.name, options_.rotation),
      select_(options_.select || rotation_.rotates()) {
  options_.writer = writer_options(options_);
  for (const std::string& input : options_.inputs) {
    if (const auto id = file_id(input)) inputs_.push_back(*id);
  }
}

Result<std::unique_ptr<Recorder>> Recorder::open(RecorderOptions options) {
  if (options.name == "-" && ::isatty(STDOUT_FILENO) == 1)
    return fail("a trace is not for the terminal; redirect the output, or name a file");
  if (options.name == "-" && options.rotation.any())
    return fail("-C, -G and -e need files, not standard output");
  auto recorder = std::make_unique<Recorder>(std::move(options));
  if (recorder->rotation_.has_fixed_name()) recorder->start_file(0);
  if (recorder->failure_) return fail(*recorder->failure_);
  return recorder;
}

void Recorder::fail_with(Error error) {
  if (!failure_) failure_ = std::move(error).context(file_name_);
}

bool Recorder::finish_file() {
  if (!writer_) return true;
  auto done = writer_->close();
  const bool quiet = !done && writer_->pipe_closed();
  writer_.reset();
  if (!done && !quiet) fail_with(std::move(done.error()));
  return done.has_value();
}

/// Ends the file that is open and begins one with an event of the time `ts`.
void Recorder::start_file(uint64_t ts) {
  if (!finish_file()) return;
  file_name_ = rotation_.begin(ts);
  if (const auto surplus = rotation_.take_surplus()) ::unlink(surplus->c_str());
  auto writer = TraceWriter::open(file_name_, options_.writer, inputs_);
  if (!writer) return fail_with(std::move(writer.error()));
  writer_ = std::move(*writer);
  file_is_empty_ = true;
}

void Recorder::block(const BlockInfo* info, Bytes block) {
  const bool section = info != nullptr && info->kind == BlockKind::section;
  if (section) {
    // Whatever was waiting is about threads that are no more.
    head_.clear();
    selection_.new_section();
    in_metadata_ = true;
  }
  // After the first event other readers stop at a block that they do not know.
  if (info == nullptr && !in_metadata_) return;
  if (section && block.size() > bare_section_header && options_.writer.codec != Codec::zstd) {
    SnapshotWriter(head_).section();
    return;
  }
  head_.insert(head_.end(), block.begin(), block.end());
}

void Recorder::begin_with_state(Decoder& decoder) {
  if (in_metadata_) return;  // the trace's own records say the same
  decoder.settle();
  head_.clear();
  append_snapshot(decoder.state(), head_);
  selection_.new_copy(head_);
}

void Recorder::prepare_rotation(const RawEvent& raw, Decoder& decoder) {
  if (!counting_) rotation_.set_start(raw.ts);
  counting_ = true;
  const bool was_due = due_;
  due_ = due_ || !writer_ || rotation_.due(raw.ts, writer_->size());
  if (due_ && (!was_due || head_.size() > longest_head)) begin_with_state(decoder);
}

void Recorder::put(Bytes blocks) {
  if (due_) {
    head_.insert(head_.end(), blocks.begin(), blocks.end());
    return;
  }
  file_is_empty_ = false;
  if (!head_.empty()) {
    writer_->write(head_);
    head_.clear();
  }
  writer_->write(blocks);
}

void Recorder::begin_section(std::vector<std::byte> blocks) {
  head_ = std::move(blocks);
  selection_.new_copy(head_);
}

void Recorder::event(Bytes block, const RawEvent& raw, const Event* event, bool matches) {
  if (!ok()) return;
  in_metadata_ = false;
  if (!select_) {
    put(block);
    ++events_;
    return;
  }
  scratch_.clear();
  const auto kept = selection_.add(block, raw, event, matches, scratch_);
  if (kept == SelfContained::Kept::no) return;
  if (kept == SelfContained::Kept::shown) {
    if (due_) start_file(raw.ts);
    if (!writer_) return;
    due_ = false;
    ++events_;
    rotation_.count_event();
  }
  put(scratch_);
}

void Recorder::leave_out(const TraceReader& reader) {
  in_metadata_ = false;
  selection_.leave_out(reader.block(), reader.event());
}

Result<void> Recorder::close() {
  // A copy without any event still says what was known.
  if (writer_ && file_is_empty_) writer_->write(head_);
  finish_file();
  if (failure_) return fail(*failure_);
  return {};
}

}  // namespace gyr
