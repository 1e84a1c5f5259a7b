#include "decoder/held_events.hpp"

namespace gyr {

void HeldEvents::hold(int64_t process, Bytes blocks, std::vector<std::byte>& out) {
  std::vector<std::byte>& held = held_[process];
  held.insert(held.end(), blocks.begin(), blocks.end());
  together_ += blocks.size();
  if (held.size() > max_of_process)
    release(process, out);
  else if (together_ > max_together)
    release_all(out);
}

void HeldEvents::release(int64_t process, std::vector<std::byte>& out) {
  const auto found = held_.find(process);
  if (found == held_.end()) return;
  std::vector<std::byte>& held = found->second;
  out.insert(out.end(), held.begin(), held.end());
  together_ -= held.size();
  held.clear();  // its memory is kept: the process goes on
}

void HeldEvents::release_all(std::vector<std::byte>& out) {
  for (const auto& [process, held] : held_) out.insert(out.end(), held.begin(), held.end());
  clear();
}

void HeldEvents::drop(int64_t process) {
  const auto found = held_.find(process);
  if (found == held_.end()) return;
  together_ -= found->second.size();
  held_.erase(found);
}

void HeldEvents::clear() {
  held_.clear();
  together_ = 0;
}

}  // namespace gyr
