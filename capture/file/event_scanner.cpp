#include "capture/file/event_scanner.hpp"

#include <algorithm>

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"

namespace gyr {

/// Moves on to the next block. False: that cannot be a length.
bool EventScanner::step(uint32_t total) {
  lost_ = !is_block_size(total);
  next_ += total;
  return !lost_;
}

/// The rest of a block header whose first part was at the end of the buffer before. False when it
/// is still not complete, or makes no sense.
bool EventScanner::complete_header(Bytes buffer) {
  const size_t taken = std::min(frame_header_size - header_size_, buffer.size());
  std::copy_n(buffer.begin(), taken, header_.begin() + static_cast<ptrdiff_t>(header_size_));
  header_size_ += taken;
  if (header_size_ < frame_header_size) return false;
  header_size_ = 0;
  return step(load<uint32_t>(header_.data() + 4));
}

void EventScanner::scan(Bytes buffer, uint64_t offset, std::vector<ScannedEvent>& found) {
  found.clear();
  if (lost_ || (header_size_ != 0 && !complete_header(buffer))) return;
  const uint64_t end = offset + buffer.size();
  uint64_t run = next_;
  uint32_t passed_over = 0;
  while (next_ < end) {
    const Bytes rest = buffer.subspan(next_ - offset);
    if (rest.size() < frame_header_size) {
      std::copy(rest.begin(), rest.end(), header_.begin());
      header_size_ = rest.size();
      return;
    }
    const auto total = load<uint32_t>(rest.data() + 4);
    const bool ordinary = is_ordinary_event(rest);
    if (ordinary && !is_wanted(ordinary_event_type(rest))) {
      ++passed_over;
      next_ += total;
      continue;
    }
    if (ordinary) {
      ScannedEvent& scanned = found.emplace_back();
      if (parse_ordinary_event(block_body(rest, total), scanned.event) != nullptr) {
        found.pop_back();
        lost_ = true;
        return;
      }
      scanned.event.offset = next_;
      scanned.run_offset = run;
      scanned.block_size = total;
      scanned.passed_over = passed_over;
    }
    if (!step(total)) return;
    run = next_;
    passed_over = 0;
  }
}

}  // namespace gyr
