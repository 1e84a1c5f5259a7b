#include "capture/file/event_builder.hpp"

#include <algorithm>

#include "capture/event_options.hpp"
#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"

namespace gyr {

namespace {

constexpr uint32_t large_event_block = 0x221;
constexpr size_t most = 65535;  // bytes of an event, and of a parameter

template <class T>
void put_value(std::vector<std::byte>& to, T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), raw, raw + sizeof value);
}

void store(std::vector<std::byte>& to, size_t at, size_t value) {
  const auto stored = static_cast<uint32_t>(value);
  std::memcpy(to.data() + at, &stored, sizeof stored);
}

}  // namespace

bool append_event_block(std::vector<std::byte>& to, const EventHead& head,
                        std::span<const Bytes> values, std::optional<uint64_t> latency) {
  const bool large = (schema::events[head.type].flags & schema::large_payload) != 0;
  const size_t start = to.size();
  put_value(to, large ? large_event_block : ordinary_event_block);
  put_value(to, uint32_t{0});  // the length, once it is known
  put_value(to, head.cpu);
  const size_t event = to.size();
  put_value(to, head.ts);
  put_value(to, head.tid);
  const size_t length = to.size();
  put_value(to, uint32_t{0});
  put_value(to, schema::id_in_file(head.type));
  put_value(to, static_cast<uint32_t>(values.size()));
  for (const Bytes value : values) {
    if (large)
      put_value(to, static_cast<uint32_t>(value.size()));
    else
      put_value(to, static_cast<uint16_t>(std::min(value.size(), most)));
  }
  for (const Bytes value : values) to.insert(to.end(), value.begin(), value.end());
  if (to.size() - event > most) {
    to.resize(start);
    return false;
  }
  store(to, length, to.size() - event);
  if (latency) append_latency(to, *latency);
  while ((to.size() - start) % 4 != 0) put_value(to, uint8_t{0});
  const size_t total = to.size() - start + block_trailer_size;
  store(to, start + sizeof(uint32_t), total);
  put_value(to, static_cast<uint32_t>(total));
  return true;
}

}  // namespace gyr
