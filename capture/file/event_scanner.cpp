#include "capture/file/event_scanner.hpp"

#include <algorithm>

#include "capture/file/blocks.hpp"

namespace gyr {

EventScanner::EventScanner(const std::optional<EventTypes>& wanted) {
  for (size_t id = 0; id < wanted_.size(); ++id) wanted_[id] = !wanted || (*wanted)[id];
}

std::optional<size_t> EventScanner::scan(Bytes buffer, size_t first,
                                         std::vector<ScannedEvent>& found) const {
  found.clear();
  ScannedEvent next;
  size_t at = first;
  const auto place = [&at] { return static_cast<uint32_t>(at); };
  const auto list = [&](uint32_t block_size) {
    next.begin = place();
    next.block_size = block_size;
    found.push_back(next);
    next.passed_over = 0;
  };
  const auto end_run = [&] {
    if (next.passed_over != 0) list(0);
  };
  next.run_begin = place();
  while (at < buffer.size() && buffer.size() - at >= block_header_size) {
    const Bytes rest = buffer.subspan(at);
    const auto total = load<uint32_t>(rest.data() + 4);
    if (!is_ordinary_event(rest)) [[unlikely]] {
      end_run();
      if (!is_block_size(total)) return std::nullopt;
      at += total;
      next.run_begin = place();
      continue;
    }
    const uint16_t type = ordinary_event_type(rest);
    if (type < wanted_.size() && !wanted_[type]) {
      ++next.passed_over;
      at += total;
      continue;
    }
    if (measure_ordinary_event(rest, next.extent) != nullptr) [[unlikely]] {
      end_run();
      return std::nullopt;
    }
    list(total);
    at += total;
    next.run_begin = place();
  }
  end_run();
  return at;
}

std::optional<size_t> BlockSteps::walk(Bytes buffer, size_t first) {
  size_t at = first;
  while (at < buffer.size() && buffer.size() - at >= frame_header_size) {
    const auto total = load<uint32_t>(buffer.data() + at + 4);
    if (!is_block_size(total)) return std::nullopt;
    at += total;
  }
  return at;
}

std::optional<size_t> BlockSteps::enter(Bytes buffer) {
  if (lost_) return std::nullopt;
  if (header_size_ != 0) {
    const size_t before = header_size_;
    const size_t taken = std::min(frame_header_size - before, buffer.size());
    std::copy_n(buffer.begin(), taken, header_.begin() + static_cast<ptrdiff_t>(before));
    header_size_ += taken;
    if (header_size_ < frame_header_size) return std::nullopt;
    header_size_ = 0;
    const auto total = load<uint32_t>(header_.data() + 4);
    lost_ = !is_block_size(total);
    if (lost_) return std::nullopt;
    ahead_ = total - before;
  }
  if (ahead_ < buffer.size()) return ahead_;
  ahead_ -= buffer.size();
  return std::nullopt;
}

void BlockSteps::leave(Bytes buffer, std::optional<size_t> next) {
  lost_ = !next;
  if (lost_) return;
  if (*next < buffer.size()) {
    const Bytes rest = buffer.subspan(*next);
    std::copy(rest.begin(), rest.end(), header_.begin());
    header_size_ = rest.size();
  } else {
    ahead_ = *next - buffer.size();
  }
}

}  // namespace gyr
