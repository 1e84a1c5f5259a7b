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

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "capture/file/codec.hpp"
#include "capture/file/event_scanner.hpp"
#include "capture/file/hand_over.hpp"

namespace gyr {

class Window {
 public:
  /// Input and stream must outlive the window, which alone reads the stream from now on. With
  /// `wanted` and `by_thread`, events may be passed over: see EventScanner.
  Window(const InputFile& input, ByteStream& stream,
         const std::optional<EventTypes>& wanted = std::nullopt, const EventTypes& by_thread = {});
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

  /// What was found at data(), an event or a run of events that are not wanted; nullptr when
  /// nothing was. It is given once, and valid until the next `ensure`.
  const ScannedEvent* take_scanned() {
    const auto here = static_cast<int64_t>(offset_ - scanned_from_);
    while (next_scanned_ != end_scanned_ && next_scanned_->run_begin < here) ++next_scanned_;
    if (next_scanned_ == end_scanned_ || next_scanned_->run_begin != here) return nullptr;
    // The event was written by the other core: what is used soon is better fetched now.
    constexpr ptrdiff_t soon = 4;
    if (end_scanned_ - next_scanned_ > soon) {
      const std::byte* ahead = begin_ + (next_scanned_[soon].begin - next_scanned_->run_begin);
      __builtin_prefetch(ahead);
      __builtin_prefetch(ahead + 64);
    }
    return next_scanned_++;
  }

  /// Whether nothing was found behind what was taken last, in this buffer.
  bool took_last_scanned() const { return next_scanned_ == end_scanned_; }

  /// Why the input ended; empty for a clean end.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  static constexpr size_t headroom = 64 * 1024 + 64;  // an ordinary event block and then some

  struct Buffer {
    std::unique_ptr<std::byte[]> memory;  // headroom, then payload
    size_t size = 0;                      // of the payload
    bool last = false;
    std::optional<Error> failure;
    std::optional<size_t> first_block;  // where the first one begins
    bool scanned = false;               // the filling thread had the time for it
    std::vector<ScannedEvent> events;

    Bytes payload() const { return {memory.get() + headroom, size}; }
  };

  size_t refill(size_t n);
  bool next_buffer();
  void assemble(size_t n);
  void produce();
  void fill(Buffer& buffer);
  void look_ahead(Buffer& buffer, bool has_time);

  const InputFile& input_;
  ByteStream& stream_;
  const std::byte* begin_ = nullptr;
  const std::byte* end_ = nullptr;
  uint64_t offset_ = 0;
  uint64_t scanned_from_ = 0;  // offset of the buffer in which places are counted
  const ScannedEvent* next_scanned_ = nullptr;
  const ScannedEvent* end_scanned_ = nullptr;
  bool ended_ = false;
  std::optional<Error> failure_;
  std::array<Buffer, 4> buffers_;  // filled, used and freed in turn
  Buffer* current_ = nullptr;
  std::vector<std::byte> large_;  // a block that fits no buffer
  EventScanner scanner_;
  BlockSteps steps_;  // the filling thread's

  uint32_t taken_ = 0;  // buffers that were made current
  HandOver filled_, freed_;
  std::atomic<bool> stop_ = false;
  std::thread producer_;
};

}  // namespace gyr
