// The block types of a .scap file: numbers, names and what differs between their versions.
// Source of the facts: gyr-scap(5), "Blocks".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace gyr {

enum class BlockKind : uint8_t {
  unknown,
  section,
  machine,
  processes,
  fds,
  events,
  interfaces,
  users,
};

struct BlockInfo {
  uint32_t type;
  uint32_t old_alias;  // number used before the first public release; 0 = none
  BlockKind kind;
  uint8_t version;  // within its kind, from 1
  bool has_flags;   // event blocks: 32 flag bits behind the CPU
  std::string_view name;
};

inline constexpr BlockInfo block_table[] = {
    {0x0A0D0D0A, 0, BlockKind::section, 1, false, "section header"},
    {0x201, 0x8002ABCD, BlockKind::machine, 1, false, "machine info"},
    {0x202, 0x8000ABCD, BlockKind::processes, 1, false, "process list v1"},
    {0x207, 0x8013ABCD, BlockKind::processes, 2, false, "process list v2"},
    {0x209, 0x8014ABCD, BlockKind::processes, 3, false, "process list v3"},
    {0x210, 0, BlockKind::processes, 4, false, "process list v4"},
    {0x211, 0, BlockKind::processes, 5, false, "process list v5"},
    {0x212, 0, BlockKind::processes, 6, false, "process list v6"},
    {0x213, 0, BlockKind::processes, 7, false, "process list v7"},
    {0x214, 0, BlockKind::processes, 8, false, "process list v8"},
    {0x215, 0, BlockKind::processes, 9, false, "process list v9"},
    {0x203, 0x8001ABCD, BlockKind::fds, 1, false, "fd list"},
    {0x218, 0, BlockKind::fds, 2, false, "fd list v2"},
    {0x204, 0x8010ABCD, BlockKind::events, 1, false, "event"},
    {0x208, 0, BlockKind::events, 1, true, "event with flags"},
    {0x216, 0, BlockKind::events, 2, false, "event v2"},
    {0x217, 0, BlockKind::events, 2, true, "event v2 with flags"},
    {0x221, 0, BlockKind::events, 3, false, "large event"},
    {0x222, 0, BlockKind::events, 3, true, "large event with flags"},
    {0x205, 0x8011ABCD, BlockKind::interfaces, 1, false, "interface list"},
    {0x219, 0, BlockKind::interfaces, 2, false, "interface list v2"},
    {0x206, 0x8012ABCD, BlockKind::users, 1, false, "user list"},
    {0x220, 0, BlockKind::users, 2, false, "user list v2"},
};

/// nullptr for a type that is not in the table.
constexpr const BlockInfo* find_block(uint32_t type) {
  for (const BlockInfo& block : block_table) {
    if (block.type == type || (block.old_alias != 0 && block.old_alias == type)) return &block;
  }
  return nullptr;
}

inline constexpr uint32_t block_header_size = 8;   // type, total length
inline constexpr uint32_t block_trailer_size = 4;  // total length again
inline constexpr uint32_t smallest_block = block_header_size + block_trailer_size;
/// A block larger than this is taken for damage.
inline constexpr uint32_t max_block_size = 256u << 20;

constexpr bool is_block_size(uint32_t total) {
  return total >= smallest_block && total % 4 == 0 && total <= max_block_size;
}

/// The body of a block that begins at `block` and has `total` bytes.
inline Bytes block_body(Bytes block, uint32_t total) {
  return block.subspan(block_header_size, total - smallest_block);
}

}  // namespace gyr
