#include "rules/testing/event_bytes.hpp"

#include "capture/event_options.hpp"

namespace gyr::rules {

namespace {

constexpr uint32_t large_event_block = 0x221;
constexpr size_t most = 65535;

void store(std::vector<std::byte>& to, size_t at, size_t value) {
  const auto stored = static_cast<uint32_t>(value);
  std::memcpy(to.data() + at, &stored, sizeof stored);
}

void pad(std::vector<std::byte>& to) {
  while (to.size() % 4 != 0) put_value(to, uint8_t{0});
}

}  // namespace

bool append_event(std::vector<std::byte>& to, const EventHead& head, const ParamValues& values,
                  std::optional<uint64_t> latency) {
  const bool large = (schema::events[head.type].flags & schema::large_payload) != 0;
  std::vector<std::byte> block;
  put_value(block, large ? large_event_block : ordinary_event_block);
  put_value(block, uint32_t{0});  // the length, once it is known
  put_value(block, head.cpu);
  const size_t event = block.size();
  put_value(block, head.ts);
  put_value(block, head.tid);
  const size_t length = block.size();
  put_value(block, uint32_t{0});
  put_value(block, schema::id_in_file(head.type));
  put_value(block, static_cast<uint32_t>(values.size()));
  for (const auto& value : values) {
    if (large)
      put_value(block, static_cast<uint32_t>(value->size()));
    else
      put_value(block, static_cast<uint16_t>(std::min(value->size(), most)));
  }
  for (const auto& value : values) {
    const Bytes bytes = as_bytes_of(*value);
    block.insert(block.end(), bytes.begin(), bytes.end());
  }
  store(block, length, block.size() - event);
  if (block.size() - event > most) return false;
  if (latency) append_latency(block, *latency);
  pad(block);
  const size_t total = block.size() + block_trailer_size;
  store(block, sizeof(uint32_t), total);
  put_value(block, static_cast<uint32_t>(total));
  to.insert(to.end(), block.begin(), block.end());
  return true;
}

}  // namespace gyr::rules
