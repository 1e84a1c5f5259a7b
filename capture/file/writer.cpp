#include "capture/file/writer.hpp"

#include "capture/file/blocks.hpp"
#include "capture/file/newer_calls.hpp"

namespace gyr {

namespace {

constexpr size_t frame_count = 4;  // being filled, waiting, being compressed

/// Of the first `size` bytes of plain blocks, those of whole blocks.
size_t whole_blocks(Bytes blocks, size_t size) {
  size_t at = 0;
  while (at + block_header_size <= size) {
    const auto total = load<uint32_t>(blocks.data() + at + sizeof(uint32_t));
    if (total > size - at) break;
    at += total;
  }
  return at;
}

}  // namespace

Result<std::unique_ptr<TraceWriter>> TraceWriter::open(const std::string& path,
                                                       const WriterOptions& options,
                                                       const std::vector<FileId>& inputs) {
  auto encoder = make_encoder(options.codec, options.level);
  if (!encoder) return fail(std::move(encoder.error()));
  auto file = open_output(path, inputs);
  if (!file) return fail(std::move(file.error()));
  return std::make_unique<TraceWriter>(std::move(*file), std::move(*encoder), options);
}

TraceWriter::TraceWriter(std::unique_ptr<OutputFile> file, std::unique_ptr<FrameEncoder> encoder,
                         const WriterOptions& options)
    : file_(std::move(file)),
      encoder_(std::move(encoder)),
      plain_(options.codec == Codec::plain),
      for_old_readers_(options.codec == Codec::gzip),
      exact_size_(options.exact_size),
      frame_size_(options.frame_size != 0 ? options.frame_size : usual_frame_size(options.codec)),
      free_(frame_count - 1) {
  current_.reserve(frame_size_);
  worker_ = std::thread([this] { work(); });
}

TraceWriter::~TraceWriter() {
  if (worker_.joinable()) (void)close();
}

bool TraceWriter::write_slowly(Bytes blocks) {
  if (!current_.empty() && !hand_over()) return false;
  current_.insert(current_.end(), blocks.begin(), blocks.end());  // grows for a huge block
  return ok();
}

bool TraceWriter::flush() {
  if (!current_.empty()) hand_over();
  std::unique_lock lock(mutex_);
  free_signal_.wait(lock, [this] { return full_.empty() && !busy_; });
  return ok();
}

/// Gives the frame to the other thread and takes an empty one.
bool TraceWriter::hand_over() {
  {
    std::unique_lock lock(mutex_);
    // With all frames before this one in the file, its size is a known number.
    if (exact_size_)
      free_signal_.wait(lock, [this] { return full_.empty() && !busy_; });
    else
      free_signal_.wait(lock, [this] { return !free_.empty(); });
    known_size_ = plain_ ? known_size_ + current_.size() : file_size_;
    full_.push_back(std::move(current_));
    current_ = std::move(free_.back());
    free_.pop_back();
  }
  work_signal_.notify_one();
  current_.clear();
  // One that grew for a huge block need not stay so large.
  if (current_.capacity() > frame_size_) current_ = {};
  current_.reserve(frame_size_);
  return ok();
}

void TraceWriter::work() {
  for (;;) {
    Frame frame;
    {
      std::unique_lock lock(mutex_);
      work_signal_.wait(lock, [this] { return stop_ || !full_.empty(); });
      if (full_.empty()) break;
      frame = std::move(full_.front());
      full_.pop_front();
      busy_ = true;
    }
    encode(frame);
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(std::move(frame));
      busy_ = false;
    }
    free_signal_.notify_one();
  }
  if (ok()) put(encoder_->trailer());
}

void TraceWriter::encode(Frame& frame) {
  if (for_old_readers_) hide_newer_calls(frame);
  if (ok()) put(encoder_->encode(frame));
}

void TraceWriter::put(Result<Bytes> bytes) {
  const uint64_t whole = file_->position();
  Result<void> done;
  if (bytes)
    done = file_->write(*bytes);
  else
    done = fail(std::move(bytes.error()));
  const std::lock_guard lock(mutex_);
  file_size_ = file_->position();
  if (done) return;
  const auto partly = static_cast<size_t>(file_->position() - whole);
  file_->cut_back(whole + (plain_ && bytes ? whole_blocks(*bytes, partly) : 0));
  error_ = std::move(done.error());
  pipe_closed_ = file_->pipe_closed();
  failed_ = true;
}

Result<void> TraceWriter::close() {
  if (worker_.joinable()) {
    if (!current_.empty()) hand_over();
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    work_signal_.notify_one();
    worker_.join();
    if (auto closed = file_->close(); !closed && !error_) error_ = std::move(closed.error());
  }
  if (error_) return fail(*error_);
  return {};
}

std::optional<Error> TraceWriter::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

bool TraceWriter::pipe_closed() const {
  const std::lock_guard lock(mutex_);
  return pipe_closed_;
}

uint64_t TraceWriter::size() const { return known_size_ + (plain_ ? current_.size() : 0); }

}  // namespace gyr
