#include "capture/file/state_only.hpp"

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"
#include "capture/raw_event.hpp"

namespace gyr {

namespace {

constexpr size_t cpu_size = sizeof(uint16_t);

/// The event block of a version that has flags.
const BlockInfo& with_flags(int version) {
  const BlockInfo* found = nullptr;
  for (const BlockInfo& block : block_table) {
    if (block.kind == BlockKind::events && block.version == version && block.has_flags)
      found = &block;
  }
  return *found;
}

template <class T>
void put(std::vector<std::byte>& to, T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), raw, raw + sizeof value);
}

}  // namespace

bool append_state_only(Bytes block, std::vector<std::byte>& to) {
  const BlockInfo& info = *find_block(load<uint32_t>(block.data()));
  const size_t flags_at = block_header_size + cpu_size;
  if (info.has_flags) {
    const size_t start = to.size();
    to.insert(to.end(), block.begin(), block.end());
    std::byte* flags = to.data() + start + flags_at;
    const auto marked = load<uint32_t>(flags) | RawEventFlag::state_only;
    std::memcpy(flags, &marked, sizeof marked);
    return true;
  }
  constexpr int version_for_large_events = 3;
  const auto total = static_cast<uint32_t>(block.size() + sizeof(uint32_t));
  int version = info.version;
  if (version < version_for_large_events && total > largest_event_block) {
    if (version == 1) return false;  // there is no large block without a parameter count
    version = version_for_large_events;
  }
  put(to, with_flags(version).type);
  put(to, total);
  const Bytes body = block_body(block, static_cast<uint32_t>(block.size()));
  to.insert(to.end(), body.begin(), body.begin() + cpu_size);
  put(to, uint32_t{RawEventFlag::state_only});
  to.insert(to.end(), body.begin() + cpu_size, body.end());
  put(to, total);
  return true;
}

}  // namespace gyr
