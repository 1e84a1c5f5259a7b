// A contiguous view that slides over a byte stream, filled ahead by a thread of its own.
//
// Purpose: the block reader sees every block as one run of bytes, without a copy: blocks lie in the
// buffers that the codec filled. Only a block that straddles two buffers is moved (its first part,
// in front of the second), and only a block larger than a buffer is assembled.
//
// Contract: `ensure(n)` makes at least n bytes available at `data()`, or as many as there are
// before the end or an error; what `data()` gave before is invalid afterwards. Memory: a fixed
// number of buffers, plus the largest block met. `failure` tells why fewer came.
//
// Example:
//   if (window.ensure(8) < 8) ...end or damage...
//   auto type = load<uint32_t>(window.data()); window.consume(8);
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "capture/file/codec.hpp"
#include "capture/file/event_scanner.hpp"

namespace gyr {

class Window {
 public:
  /// Input and stream must outlive the window, which alone reads the stream from now on. With a
  /// scanner, `scanned` gives the events that the filling thread has found.
  Window(const InputFile& input, ByteStream& stream,
         std::optional<EventScanner> scanner = std::nullopt);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window();

  const std::byte* data() const { return begin_; }
  size_t available() const { return static_cast<size_t>(end_ - begin_); }
  /// Offset of data() in the uncompressed input.
  uint64_t offset() const { return offset_; }

  size_t ensure(size_t n) { return available() >= n ? available() : refill(n); }
  void consume(size_t n) {
    begin_ += n;
    offset_ += n;
  }

  /// The event that was found to be next at data(), or in front of which only events lie that are
  /// not wanted; nullptr when none was. Valid until the next `ensure`.
  const ScannedEvent* scanned() {
    while (next_scanned_ != end_scanned_ && next_scanned_->run_offset < offset_) ++next_scanned_;
    const bool here = next_scanned_ != end_scanned_ && next_scanned_->run_offset == offset_;
    return here ? next_scanned_ : nullptr;
  }

  /// Why the input ended; empty for a clean end.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Buffer {
    std::unique_ptr<std::byte[]> memory;  // headroom, then payload
    size_t size = 0;                      // of the payload
    bool last = false;
    std::optional<Error> failure;
    std::vector<ScannedEvent> events;
  };

  size_t refill(size_t n);
  bool next_buffer();
  void assemble(size_t n);
  void produce();

  const InputFile& input_;
  ByteStream& stream_;
  const std::byte* begin_ = nullptr;
  const std::byte* end_ = nullptr;
  uint64_t offset_ = 0;
  const ScannedEvent* next_scanned_ = nullptr;
  const ScannedEvent* end_scanned_ = nullptr;
  bool ended_ = false;
  std::optional<Error> failure_;
  std::vector<Buffer> buffers_;
  Buffer* current_ = nullptr;
  std::optional<EventScanner> scanner_;  // used by the filling thread only
  std::vector<std::byte> large_;         // a block that fits no buffer

  std::mutex mutex_;
  std::condition_variable filled_signal_, free_signal_;
  std::deque<Buffer*> filled_, free_;
  bool stop_ = false;
  std::thread producer_;
};

}  // namespace gyr
