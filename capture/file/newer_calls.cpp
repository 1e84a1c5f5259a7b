#include "capture/file/newer_calls.hpp"

#include <cstring>

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

namespace generic = schema::param::generic_exit;
static_assert(generic::ID.index == 0 && generic::nativeID.index == 1);

/// Numbers from here on are no calls anywhere.
constexpr uint16_t no_number = 0xffff;

void store(std::byte* at, uint16_t value) { std::memcpy(at, &value, sizeof value); }

/// What says behind code 0 which call it was. One that x86_64 does not have must not be taken for
/// another that it has.
uint16_t telling_number(uint16_t code, uint16_t native) {
  if (code < schema::syscalls.size() && schema::syscalls[code].x86_64 >= 0)
    return static_cast<uint16_t>(schema::syscalls[code].x86_64);
  return schema::syscall_by_x86_64(native) == nullptr ? native : no_number;
}

/// The first parameters of a generic event; nullptr for anything else.
std::byte* generic_params(const BlockInfo& info, std::span<std::byte> block, RawEvent& event) {
  const Bytes body = block_body(block, static_cast<uint32_t>(block.size()));
  if (parse_event(info, body, event) != nullptr) return nullptr;
  if (event.type > schema::type::generic_exit || event.nparams == 0) return nullptr;
  if (event.param_size(0) != sizeof(uint16_t)) return nullptr;
  return block.data() + (event.data - block.data());
}

void hide_newer_call(const BlockInfo& info, std::span<std::byte> block) {
  RawEvent event;
  std::byte* params = generic_params(info, block, event);
  if (params == nullptr) return;
  const auto code = load<uint16_t>(params);
  if (code <= last_call_of_sysdig_0_29) return;
  store(params, 0);
  if (event.nparams == 1 || event.param_size(1) != sizeof(uint16_t)) return;
  std::byte* native = params + sizeof code;
  store(native, telling_number(code, load<uint16_t>(native)));
}

}  // namespace

void hide_newer_calls(std::span<std::byte> blocks) {
  while (blocks.size() >= smallest_block) {
    const auto total = load<uint32_t>(blocks.data() + sizeof(uint32_t));
    if (!is_block_size(total) || total > blocks.size()) return;
    const std::span<std::byte> block = blocks.first(total);
    const bool ordinary = is_ordinary_event(block);
    const bool generic = ordinary && ordinary_event_type(block) <= schema::type::generic_exit;
    const BlockInfo* info =
        ordinary && !generic ? nullptr : find_block(load<uint32_t>(block.data()));
    if (info != nullptr && info->kind == BlockKind::events) hide_newer_call(*info, block);
    blocks = blocks.subspan(total);
  }
}

}  // namespace gyr
