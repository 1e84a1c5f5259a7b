// Event blocks that gyr makes itself: of gaps, of CPU times, of cases of rules.
//
// Contract: appends one whole block, behind blocks or nothing: an ordinary one, or a large one for
// types whose lengths are wide. The values are parameters in the types that the schema has for
// them, or their bytes. False, and nothing is appended: the event would be longer than any in a
// trace. Layout: gyr-scap(5), "Events".
//
// Example:
//   append_event(to, {.ts = ts, .tid = 17, .type = schema::type::procinfo_enter}, user, system);
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "schema/schema.hpp"

namespace gyr {

struct EventHead {
  uint64_t ts = 0;
  int64_t tid = -1;
  uint16_t cpu = 0;
  uint16_t type = 0;
};

bool append_event_block(std::vector<std::byte>& to, const EventHead& head,
                        std::span<const Bytes> values,
                        std::optional<uint64_t> latency = std::nullopt);

template <class... T>
void append_event(std::vector<std::byte>& to, const EventHead& head, T... values) {
  const std::array<Bytes, sizeof...(T)> bytes = {std::as_bytes(std::span(&values, 1))...};
  append_event_block(to, head, bytes);
}

}  // namespace gyr
