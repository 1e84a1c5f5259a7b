#include "decoder/told_events.hpp"

#include "capture/file/state_only.hpp"

namespace gyr {

void ToldEvents::add(Bytes block, bool leads) {
  std::vector<std::byte> copy;
  if (leads)
    copy.assign(block.begin(), block.end());
  else
    append_state_only(block, copy);
  bytes_ += copy.size();
  blocks_.push_back(std::move(copy));
  while (bytes_ > max_bytes) {
    bytes_ -= blocks_.front().size();
    blocks_.pop_front();
  }
}

void ToldEvents::append_to(std::vector<std::byte>& out) const {
  for (const std::vector<std::byte>& block : blocks_)
    out.insert(out.end(), block.begin(), block.end());
}

void ToldEvents::clear() {
  blocks_.clear();
  bytes_ = 0;
}

}  // namespace gyr
