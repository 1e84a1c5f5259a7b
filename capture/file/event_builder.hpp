// Event blocks that gyr makes itself: of gaps, of CPU times.
//
// Contract: appends one whole ordinary block with parameters that are all of fixed size, in the
// types that the schema has for them. Layout: gyr-scap(5), "Events".
//
// Example:
//   append_event(to, {.ts = ts, .tid = 17, .type = schema::type::procinfo_enter}, user, system);
#pragma once

#include <cstring>
#include <vector>

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"

namespace gyr {

struct EventHead {
  uint64_t ts = 0;
  int64_t tid = -1;
  uint16_t cpu = 0;
  uint16_t type = 0;
};

template <class T>
void put_value(std::vector<std::byte>& to, T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), raw, raw + sizeof value);
}

template <class... T>
void append_event(std::vector<std::byte>& to, const EventHead& head, T... values) {
  const auto store = [&to](size_t at, size_t value) {
    const auto stored = static_cast<uint32_t>(value);
    std::memcpy(to.data() + at, &stored, sizeof stored);
  };
  const size_t start = to.size();
  put_value(to, ordinary_event_block);
  put_value(to, uint32_t{0});  // the length, once it is known
  put_value(to, head.cpu);
  const size_t event = to.size();
  put_value(to, head.ts);
  put_value(to, head.tid);
  const size_t length = to.size();
  put_value(to, uint32_t{0});
  put_value(to, schema::id_in_file(head.type));
  put_value(to, static_cast<uint32_t>(sizeof...(values)));
  (put_value(to, static_cast<uint16_t>(sizeof values)), ...);
  (put_value(to, values), ...);
  store(length, to.size() - event);
  while ((to.size() - start) % 4 != 0) put_value(to, uint8_t{0});
  const size_t total = to.size() - start + block_trailer_size;
  store(start + sizeof(uint32_t), total);
  put_value(to, static_cast<uint32_t>(total));
}

}  // namespace gyr
