#include "capture/file/window.hpp"

#include <cstring>

namespace gyr {

namespace {

// Measured on a 3 GB trace: smaller buffers wake the threads more often, larger ones leave the L2
// cache before they are read.
constexpr size_t payload_size = 256 * 1024;

}  // namespace

Window::Window(const InputFile& input, ByteStream& stream, const std::optional<EventTypes>& wanted,
               const EventTypes& by_thread)
    : input_(input), stream_(stream), scanner_(wanted, by_thread) {
  for (Buffer& buffer : buffers_)
    buffer.memory = std::make_unique_for_overwrite<std::byte[]>(headroom + payload_size);
  producer_ = std::thread([this] { produce(); });
}

Window::~Window() {
  stop_ = true;
  freed_.raise();
  input_.cancel();
  producer_.join();
}

/// The filling thread: buffers in turn, while there are free ones.
void Window::produce() {
  uint32_t freed = 0;
  for (uint32_t filled = 0;; ++filled) {
    while (filled - freed >= buffers_.size()) freed = freed_.wait_beyond(freed);
    if (stop_) return;
    Buffer& buffer = buffers_[filled % buffers_.size()];
    fill(buffer);
    // With one buffer in use and another one waiting there is time.
    look_ahead(buffer, filled - freed_.count() >= 2);
    const bool last = buffer.last;
    filled_.raise();
    if (last) return;
  }
}

void Window::fill(Buffer& buffer) {
  auto n = stream_.read({buffer.memory.get() + headroom, payload_size});
  buffer.size = n.value_or(0);
  buffer.last = !n || *n == 0;
  if (!n) buffer.failure = std::move(n.error());
}

/// Finds the events in a buffer, or when there is no time for it where the next one begins.
void Window::look_ahead(Buffer& buffer, bool has_time) {
  buffer.first_block = steps_.enter(buffer.payload());
  buffer.scanned = has_time;
  if (!buffer.first_block) return;
  const size_t first = *buffer.first_block;
  steps_.leave(buffer.payload(), has_time ? scanner_.scan(buffer.payload(), first, buffer.events)
                                          : BlockSteps::walk(buffer.payload(), first));
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
  filled_.wait_beyond(taken_);
  Buffer* next = &buffers_[taken_++ % buffers_.size()];
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
  if (!next->first_block)
    next->events.clear();
  else if (!next->scanned)
    scanner_.scan(next->payload(), *next->first_block, next->events);
  scanned_from_ = offset_ + rest;
  next_scanned_ = next->events.data();
  end_scanned_ = next_scanned_ + next->events.size();
  large_ = {};
  if (current_ != nullptr) freed_.raise();
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
