#include "capture/file/event_block.hpp"

#include <algorithm>

#include "schema/schema.hpp"

namespace gyr {

namespace {

constexpr size_t header_size_v1 = 22;
constexpr size_t header_size_v2 = event_header_size;
constexpr const char* too_short = "the event block is shorter than an event header";
constexpr const char* shorter_than_header = "the event's length is shorter than its header";
constexpr const char* longer_than_block = "the event is longer than its block";

/// Nothing can be said about the parameters of a type that the schema does not know, not even how
/// wide their lengths are.
const char* parse_unknown_type(RawEvent& event) {
  event.nparams = 0;
  event.data_size = 0;
  event.wide_lengths = false;
  return nullptr;
}

/// Sum of the first n lengths. The array must be readable.
template <class Length>
uint64_t sum_lengths(const std::byte* lengths, uint32_t n) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < n; ++i) sum += load<Length>(lengths + sizeof(Length) * i);
  return sum;
}

/// Sum of four 16-bit numbers each in `a` and `b`.
uint64_t sum_of_fours(uint64_t a, uint64_t b) {
  constexpr uint64_t even = 0x0000FFFF0000FFFF;
  const uint64_t two = (a & even) + (a >> 16 & even) + (b & even) + (b >> 16 & even);
  return (two & UINT32_MAX) + (two >> 32);
}

// Eight numbers of ones and eight zeroes: read from element 8 - n on, a mask of n. Not within the
// function, where it would be built on the stack each time, and reading what was just written in
// other pieces makes the processor wait.
constexpr uint64_t ones[] = {UINT64_MAX, UINT64_MAX, 0, 0};

/// Sum of n 16-bit lengths. `readable` bytes may be read from `lengths` on. Nearly all events have
/// at most eight parameters: for them there is no loop, whose end the processor would have to
/// guess.
[[gnu::always_inline]] inline uint64_t sum_lengths16(const std::byte* lengths, uint32_t n,
                                                     size_t readable) {
  constexpr uint32_t at_once = 8;
  if (n > at_once || readable < at_once * sizeof(uint16_t)) [[unlikely]]
    return sum_lengths<uint16_t>(lengths, n);
  const auto* mask = reinterpret_cast<const std::byte*>(ones) + (at_once - n) * sizeof(uint16_t);
  return sum_of_fours(
      load<uint64_t>(lengths) & load<uint64_t>(mask),
      load<uint64_t>(lengths + sizeof(uint64_t)) & load<uint64_t>(mask + sizeof(uint64_t)));
}

/// v1 blocks: the number of parameters for which lengths and values fill the event exactly.
const char* find_param_count(Bytes after_header, RawEvent& event) {
  const schema::Event* info = schema::find_event(event.type);
  if (info == nullptr) return parse_unknown_type(event);
  for (uint32_t n = static_cast<uint32_t>(info->params.size()) + 1; n-- > 0;) {
    const size_t array_size = size_t{n} * sizeof(uint16_t);
    if (array_size > after_header.size()) continue;
    const uint64_t sum = sum_lengths<uint16_t>(after_header.data(), n);
    if (array_size + sum != after_header.size()) continue;
    event.nparams = n;
    event.lengths = after_header.data();
    event.data = after_header.data() + array_size;
    event.data_size = static_cast<uint32_t>(sum);
    return nullptr;
  }
  return "the parameter lengths of the event do not add up to its length";
}

/// Checks the parameters of an event: `size` bytes behind its header, of which its type says how
/// wide its lengths are. `readable` bytes, at least `size`, may be read.
[[gnu::always_inline]] inline const char* sum_params(const std::byte* lengths, uint32_t n,
                                                     bool wide, size_t size, size_t readable,
                                                     uint64_t& sum) {
  const uint64_t array_size = uint64_t{n} * (wide ? sizeof(uint32_t) : sizeof(uint16_t));
  if (array_size > size) return "the event claims more parameters than fit into it";
  sum = wide ? sum_lengths<uint32_t>(lengths, n) : sum_lengths16(lengths, n, readable);
  if (sum > size - array_size) return "the parameters of the event are longer than the event";
  return nullptr;
}

/// What stands behind an event of `length` bytes that begins `prefix` bytes into its block's body,
/// from the next multiple of four on: counted from the start of the body.
inline uint32_t option_bytes(size_t prefix, size_t length, size_t room) {
  const size_t padded = (prefix + length + 3) & ~size_t{3};
  return prefix + room > padded ? static_cast<uint32_t>(prefix + room - padded) : 0;
}

/// The header of an event with a parameter count, and what follows it. It begins `prefix` bytes
/// into the body.
const char* parse_counted(Bytes body, size_t prefix, RawEvent& event) {
  const std::byte* at = body.data() + prefix;
  const size_t room = body.size() - prefix;
  event.ts = load<uint64_t>(at);
  event.tid = load<int64_t>(at + 8);
  const auto length = load<uint32_t>(at + 16);
  event.type = schema::id_from_file(load<uint16_t>(at + 20));
  event.nparams = load<uint32_t>(at + 22);
  if (length < header_size_v2) return shorter_than_header;
  if (length > room) return longer_than_block;
  event.option_bytes = option_bytes(prefix, length, room);
  event.options = body.data() + body.size() - event.option_bytes;
  const schema::Event* info = schema::find_event(event.type);
  if (info == nullptr) return parse_unknown_type(event);
  event.wide_lengths = (info->flags & schema::large_payload) != 0;
  event.lengths = at + header_size_v2;
  event.data = event.lengths +
               size_t{event.nparams} * (event.wide_lengths ? sizeof(uint32_t) : sizeof(uint16_t));
  const size_t size = length - header_size_v2;
  uint64_t sum = 0;
  const char* wrong = sum_params(event.lengths, event.nparams, event.wide_lengths, size, size, sum);
  event.data_size = static_cast<uint32_t>(sum);
  return wrong;
}

/// Two event types were once written with a length that is too big by this.
uint32_t length_excess_v1(uint16_t type) {
  constexpr uint32_t excess = 3;
  const bool affected =
      type == schema::type::notification_enter || type == schema::type::infrastructure_event_enter;
  return affected ? excess : 0;
}

const char* parse_uncounted(Bytes body, size_t prefix, RawEvent& event) {
  const std::byte* at = body.data() + prefix;
  const size_t room = body.size() - prefix;
  event.ts = load<uint64_t>(at);
  event.tid = load<int64_t>(at + 8);
  event.type = schema::id_from_file(load<uint16_t>(at + 20));
  event.nparams = 0;
  event.data_size = 0;
  event.wide_lengths = false;
  const auto claimed = load<uint32_t>(at + 16);
  const uint32_t length = claimed - std::min(claimed, length_excess_v1(event.type));
  if (length < header_size_v1) return shorter_than_header;
  if (length > room) return longer_than_block;
  event.option_bytes = option_bytes(prefix, length, room);
  event.options = body.data() + body.size() - event.option_bytes;
  return find_param_count({at + header_size_v1, length - header_size_v1}, event);
}

}  // namespace

const char* parse_event(const BlockInfo& block, Bytes body, RawEvent& event) {
  const bool counted = block.version >= 2;
  const size_t prefix = sizeof(uint16_t) + (block.has_flags ? sizeof(uint32_t) : 0);
  const size_t header_size = counted ? header_size_v2 : header_size_v1;
  if (body.size() < prefix + header_size) return too_short;
  const std::byte* at = body.data();
  event.cpu = load<uint16_t>(at);
  event.flags = block.has_flags ? load<uint32_t>(at + sizeof(uint16_t)) : 0;
  return counted ? parse_counted(body, prefix, event) : parse_uncounted(body, prefix, event);
}

const char* measure_ordinary_event(Bytes rest, EventExtent& extent) {
  constexpr size_t prefix = sizeof(uint16_t), before = block_header_size + prefix;
  const std::byte* at = rest.data() + before;
  const size_t room = load<uint32_t>(rest.data() + 4) - smallest_block - prefix;
  const auto length = load<uint32_t>(at + 16);
  const auto n = load<uint32_t>(at + 22);
  if (length < header_size_v2) return shorter_than_header;
  if (length > room) return longer_than_block;
  extent.option_bytes = static_cast<uint16_t>(option_bytes(prefix, length, room));
  const schema::Event* info = schema::find_event(ordinary_event_type(rest));
  extent.nparams = extent.data_size = 0;
  extent.wide_lengths = false;
  if (info == nullptr) return nullptr;
  extent.wide_lengths = (info->flags & schema::large_payload) != 0;
  uint64_t sum = 0;
  if (const char* wrong =
          sum_params(at + header_size_v2, n, extent.wide_lengths, length - header_size_v2,
                     rest.size() - before - header_size_v2, sum))
    return wrong;
  extent.nparams = static_cast<uint16_t>(n);
  extent.data_size = static_cast<uint16_t>(sum);
  return nullptr;
}

}  // namespace gyr
