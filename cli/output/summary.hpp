// -S: how often each type of event came.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "decoder/event.hpp"

namespace gyr {

class Summary {
 public:
  void count(const Event& event);
  /// The most frequent types first, as a table.
  void append(Text& to) const;

 private:
  struct Row {
    std::string_view name;
    bool is_enter;
    uint64_t calls;
  };
  std::vector<Row> sorted() const;

  std::array<uint64_t, schema::event_count> calls_{};  // by type
  // Generic events count by system call.
  std::array<std::unordered_map<std::string_view, uint64_t>, 2> generic_;
};

}  // namespace gyr
