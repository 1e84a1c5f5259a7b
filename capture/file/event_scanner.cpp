#include "capture/file/event_scanner.hpp"

#include <algorithm>

#include "capture/file/blocks.hpp"

namespace gyr {

EventScanner::EventScanner(const std::optional<EventTypes>& wanted, const EventTypes& by_thread) {
  for (size_t id = 0; id < uses_.size(); ++id)
    uses_[id] = wanted && !(*wanted)[id] ? Use::pass_over
                : by_thread[id]          ? Use::by_thread
                                         : Use::check;
}

/// The events that `rest` begins with, as far as they are of one thread.
void EventScanner::list_run(Bytes rest, ScannedEvent& run) const {
  const int64_t tid = ordinary_event_tid(rest);
  size_t end = 0;
  do {
    end += load<uint32_t>(rest.data() + end + 4);
    ++run.of_thread;
    const Bytes next = rest.subspan(end);
    if (!is_ordinary_event(next) || ordinary_event_tid(next) != tid ||
        use_of(ordinary_event_type(next)) != Use::by_thread)
      break;
  } while (run.of_thread < ScannedEvent::longest_run);
  run.block_size = static_cast<uint32_t>(end);
}

std::optional<size_t> EventScanner::scan(Bytes buffer, size_t first,
                                         std::vector<ScannedEvent>& found) const {
  found.clear();
  size_t at = first, run_begin = first;
  uint16_t passed_over = 0;
  // Filled where it will stay: written piece by piece elsewhere and copied from there, the copy
  // would wait for each piece.
  const auto list = [&]() -> ScannedEvent& {
    ScannedEvent& event = found.emplace_back();
    event.run_begin = static_cast<uint32_t>(run_begin);
    event.begin = static_cast<uint32_t>(at);
    event.passed_over = passed_over;
    run_begin = at;
    passed_over = 0;
    return event;
  };
  const auto end_run = [&] {
    if (passed_over != 0) list();
  };
  while (at < buffer.size() && buffer.size() - at >= block_header_size) {
    const Bytes rest = buffer.subspan(at);
    const auto total = load<uint32_t>(rest.data() + 4);
    if (!is_ordinary_event(rest)) [[unlikely]] {
      end_run();
      if (!is_block_size(total)) return std::nullopt;
      run_begin = at += total;
      continue;
    }
    const Use use = use_of(ordinary_event_type(rest));
    if (use == Use::pass_over) {
      at += total;
      if (++passed_over == ScannedEvent::longest_run) [[unlikely]]
        list();
      continue;
    }
    ScannedEvent& event = list();
    if (use == Use::by_thread) {
      list_run(rest, event);
    } else if (measure_ordinary_event(rest, event.extent) == nullptr) [[likely]] {
      event.block_size = total;
    } else {
      if (event.passed_over == 0) found.pop_back();  // else what is in front of it stays
      return std::nullopt;
    }
    run_begin = at += event.block_size;
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
