// Writes a trace: blocks in, a plain, gzip or zstd file out, compressed on a thread of its own.
//
// Contract: blocks are copied on `write` and go out in order, gathered into frames that are cut
// between blocks. The first failure (a full disk, say) ends the writing: `write` and `flush` give
// false from then on, `error` says why, and the file is left with what is whole: blocks of a plain
// one, else frames.
// A gzip file is for sysdig 0.29 too: see newer_calls.hpp.
// Memory: a fixed number of frames. A file is complete once `close` has succeeded; cut short by a
// crash it is readable up to the last frame that was written, or to the last `flush`.
//
// Example:
//   auto writer = TraceWriter::open("copy.scap", {.codec = Codec::gzip});
//   (*writer)->write(reader.block());
//   if (auto done = (*writer)->close(); !done) report(done.error());
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/file/codec.hpp"
#include "capture/file/frame_encoder.hpp"
#include "capture/file/output_file.hpp"

namespace gyr {

struct WriterOptions {
  Codec codec = Codec::zstd;
  std::optional<int> level = std::nullopt;
  size_t frame_size = 0;  // 0: what is usual for the codec
  /// `size` must not depend on how far the other thread has come: it waits for it now and then.
  bool exact_size = false;
};

class TraceWriter {
 public:
  /// "-" is standard output. Fails on a path that is one of `inputs`.
  static Result<std::unique_ptr<TraceWriter>> open(const std::string& path,
                                                   const WriterOptions& options,
                                                   const std::vector<FileId>& inputs = {});

  TraceWriter(std::unique_ptr<OutputFile> file, std::unique_ptr<FrameEncoder> encoder,
              const WriterOptions& options);
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;
  ~TraceWriter();

  /// One whole block, or several.
  bool write(Bytes blocks) {
    if (current_.capacity() - current_.size() < blocks.size()) [[unlikely]]
      return write_slowly(blocks);
    current_.insert(current_.end(), blocks.begin(), blocks.end());
    return true;
  }
  /// What was written so far gets into the file, as a frame of its own.
  bool flush();
  /// Everything is in the file, or why not.
  Result<void> close();

  bool ok() const { return !failed_.load(std::memory_order_relaxed); }
  /// Why it failed.
  std::optional<Error> error() const;
  /// It failed because nobody reads the pipe any more, which is no fault.
  bool pipe_closed() const;
  /// Bytes of the file: for a plain one of all that was written, else of the frames that were in
  /// it when the last one was handed over.
  uint64_t size() const;

 private:
  using Frame = std::vector<std::byte>;

  bool write_slowly(Bytes blocks);
  bool hand_over();
  void work();
  void encode(Frame& frame);
  void put(Result<Bytes> bytes);

  std::unique_ptr<OutputFile> file_;
  std::unique_ptr<FrameEncoder> encoder_;
  bool plain_;
  bool for_old_readers_;
  bool exact_size_;
  size_t frame_size_;
  uint64_t known_size_ = 0;  // when the last frame was handed over
  Frame current_;

  mutable std::mutex mutex_;
  std::condition_variable work_signal_, free_signal_;
  std::deque<Frame> full_;
  std::vector<Frame> free_;
  bool busy_ = false;  // the thread works on a frame
  bool stop_ = false;
  uint64_t file_size_ = 0;
  std::optional<Error> error_;
  bool pipe_closed_ = false;
  std::atomic<bool> failed_ = false;
  std::thread worker_;
};

}  // namespace gyr
