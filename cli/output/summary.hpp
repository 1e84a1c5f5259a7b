// -S: how often each type of event came.
#pragma once

#include <cstdint>
#include <map>
#include <string>
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

  // Generic events count by system call: the second part of the key.
  std::map<std::pair<uint16_t, std::string_view>, uint64_t> calls_;
};

}  // namespace gyr
