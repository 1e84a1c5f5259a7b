#include "decoder/enter_keeper.hpp"

namespace gyr {

void EnterKeeper::remember(int64_t tid, Bytes block, bool copied) {
  if (block.size() > max_block) {
    forget(tid);
    return;
  }
  if (entries_.size() >= max_threads && !entries_.contains(tid)) entries_.clear();
  Entry& entry = entries_[tid];
  entry.block.assign(block.begin(), block.end());
  entry.copied_in = copied ? copy_ : 0;
}

Bytes EnterKeeper::missing(int64_t tid) {
  const auto found = entries_.find(tid);
  if (found == entries_.end() || found->second.copied_in == copy_) return {};
  found->second.copied_in = copy_;
  return found->second.block;
}

}  // namespace gyr
