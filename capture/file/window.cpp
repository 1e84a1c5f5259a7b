#include "capture/file/window.hpp"

#include <cstring>

namespace gyr {

namespace {

// Measured on a 3 GB trace: smaller buffers wake the threads more often, larger ones leave the L2
// cache before they are read.
constexpr size_t payload_size = 256 * 1024;
constexpr size_t headroom = 64 * 1024 + 64;  // an ordinary event block and then some
constexpr size_t buffer_count = 4;

}  // namespace

Window::Window(const InputFile& input, ByteStream& stream, std::optional<EventScanner> scanner)
    : input_(input), stream_(stream), buffers_(buffer_count), scanner_(std::move(scanner)) {
  for (Buffer& buffer : buffers_) {
    buffer.memory = std::make_unique_for_overwrite<std::byte[]>(headroom + payload_size);
    free_.push_back(&buffer);
  }
  producer_ = std::thread([this] { produce(); });
}

Window::~Window() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  free_signal_.notify_one();
  input_.cancel();
  producer_.join();
}

void Window::produce() {
  uint64_t offset = 0;
  for (;;) {
    Buffer* buffer = nullptr;
    {
      std::unique_lock lock(mutex_);
      free_signal_.wait(lock, [this] { return stop_ || !free_.empty(); });
      if (stop_) return;
      buffer = free_.front();
      free_.pop_front();
    }
    auto n = stream_.read({buffer->memory.get() + headroom, payload_size});
    buffer->size = n.value_or(0);
    buffer->last = !n || *n == 0;
    if (!n) buffer->failure = std::move(n.error());
    if (scanner_)
      scanner_->scan({buffer->memory.get() + headroom, buffer->size}, offset, buffer->events);
    offset += buffer->size;
    const bool last = buffer->last;
    {
      const std::lock_guard lock(mutex_);
      filled_.push_back(buffer);
    }
    filled_signal_.notify_one();
    if (last) return;
  }
}

size_t Window::refill(size_t n) {
  while (available() < n && !ended_) {
    if (available() > headroom) {
      assemble(n);
    } else if (!next_buffer()) {
      break;
    }
  }
  return available();
}

/// Makes the next filled buffer the current one, with the unread bytes moved in front of it.
bool Window::next_buffer() {
  Buffer* next = nullptr;
  {
    std::unique_lock lock(mutex_);
    filled_signal_.wait(lock, [this] { return !filled_.empty(); });
    next = filled_.front();
    filled_.pop_front();
  }
  if (next->last) {
    ended_ = true;
    failure_ = std::move(next->failure);
    return false;
  }
  const size_t rest = available();
  std::byte* start = next->memory.get() + headroom - rest;
  if (rest != 0) std::memcpy(start, begin_, rest);
  begin_ = start;
  end_ = next->memory.get() + headroom + next->size;
  next_scanned_ = next->events.data();
  end_scanned_ = next_scanned_ + next->events.size();
  large_ = {};
  if (current_ != nullptr) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(current_);
    }
    free_signal_.notify_one();
  }
  current_ = next;
  return true;
}

/// Gathers n bytes that no buffer holds together. Grows with what really arrives, so a length that
/// lies costs nothing.
void Window::assemble(size_t n) {
  std::vector<std::byte> gathered(begin_, end_);
  while (gathered.size() < n) {
    begin_ = end_;
    if (!next_buffer()) break;
    gathered.insert(gathered.end(), begin_, end_);
  }
  large_ = std::move(gathered);
  begin_ = large_.data();
  end_ = begin_ + large_.size();
}

}  // namespace gyr
