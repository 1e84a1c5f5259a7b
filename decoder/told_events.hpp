// What a trace's writer has told of containers and their users, to be told again.
//
// Purpose: a snapshot has no place for containers; in traces they come as events. A file that
// begins later repeats these.
//
// Contract: `add` takes event blocks, `append_to` gives them all in order; those that cannot lead a
// trace are marked as being there for the state only. Bounded: the oldest go first.
//
// Example:
//   told.add(reader.block(), /*leads=*/true);
//   told.append_to(head_of_the_next_file);
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "base/bytes.hpp"

namespace gyr {

class ToldEvents {
 public:
  static constexpr size_t max_bytes = 32u << 20;

  void add(Bytes block, bool leads);
  void append_to(std::vector<std::byte>& out) const;
  void clear();

 private:
  std::deque<std::vector<std::byte>> blocks_;
  size_t bytes_ = 0;
};

}  // namespace gyr
