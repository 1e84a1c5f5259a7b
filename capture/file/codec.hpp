// Byte streams: a plain, gzip or zstd input read front to back.
//
// Purpose: hides how a trace is compressed. The codec is found from the content, never from the
// name, so it works on pipes and standard input alike; the input is never seeked.
//
// Contract: `read` fills at most `to.size()` bytes and returns how many; 0 is the end of the input.
// It may return fewer than asked as soon as some are there, so that a slow pipe is shown as it
// flows. gzip: concatenated members are one stream, and what follows the last member is ignored
// unless it is a member. zstd: any number of frames, skippable frames passed over, any window size
// up to 2 GiB. A stream that is damaged or cut short gives what it held, then an error.
//
// Example:
//   auto stream = open_stream("trace.scap.zst");
//   auto n = (*stream)->read(buffer);
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace gyr {

enum class Codec : uint8_t { plain, gzip, zstd };
std::string_view codec_name(Codec codec);

class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  virtual Codec codec() const = 0;
  virtual Result<size_t> read(std::span<std::byte> to) = 0;
};

/// The file under a codec, with the count of bytes taken from it.
class InputFile {
 public:
  /// `size` 0: not a regular file, reading may block.
  InputFile(UniqueFd fd, UniqueFd wake, uint64_t size)
      : fd_(std::move(fd)), wake_(std::move(wake)), size_(size) {}

  /// Bytes read; 0 at the end or once cancelled.
  Result<size_t> read(std::span<std::byte> to);
  /// Ends a read that waits for a pipe, now and in future. Safe in a signal handler.
  void cancel() const;
  uint64_t position() const { return position_.load(std::memory_order_relaxed); }
  /// 0 when unknown (a pipe).
  uint64_t size() const { return size_; }

 private:
  bool wait_for_input() const;

  UniqueFd fd_;
  UniqueFd wake_;  // eventfd
  uint64_t size_;
  std::atomic<uint64_t> position_ = 0;  // also read by the thread that shows progress
};

/// Opens a path, or standard input for "-".
Result<std::unique_ptr<InputFile>> open_input(const std::string& path);

/// The stream over `input`, which must outlive it. Reads the first bytes to find the codec.
Result<std::unique_ptr<ByteStream>> open_stream(InputFile& input);

}  // namespace gyr
