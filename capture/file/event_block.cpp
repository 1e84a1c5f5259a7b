#include "capture/file/event_block.hpp"

#include "schema/schema.hpp"

namespace gyr {

namespace {

constexpr size_t header_size_v1 = 22;
constexpr size_t header_size_v2 = 26;

bool has_wide_lengths(uint16_t type) {
  const schema::Event* info = schema::find_event(type);
  return info != nullptr && (info->flags & schema::large_payload) != 0;
}

/// Sum of the first n lengths. The array must be readable.
template <class Length>
uint64_t sum_lengths(const std::byte* lengths, uint32_t n) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < n; ++i) sum += load<Length>(lengths + sizeof(Length) * i);
  return sum;
}

uint64_t params_size(const RawEvent& event) {
  return event.wide_lengths ? sum_lengths<uint32_t>(event.lengths, event.nparams)
                            : sum_lengths<uint16_t>(event.lengths, event.nparams);
}

/// v1 blocks: the number of parameters for which lengths and values fill the event exactly.
const char* find_param_count(Bytes after_header, RawEvent& event) {
  const schema::Event* info = schema::find_event(event.type);
  const uint32_t known = info != nullptr ? static_cast<uint32_t>(info->params.size()) : 0;
  for (uint32_t n = known + 1; n-- > 0;) {
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
  // A type that the schema does not know: nothing can be said about its parameters.
  if (info == nullptr) return nullptr;
  return "the parameter lengths of the event do not add up to its length";
}

const char* take_params(Bytes after_header, RawEvent& event) {
  const size_t length_size = event.wide_lengths ? sizeof(uint32_t) : sizeof(uint16_t);
  const uint64_t array_size = uint64_t{event.nparams} * length_size;
  if (array_size > after_header.size()) return "the event claims more parameters than fit into it";
  event.lengths = after_header.data();
  event.data = after_header.data() + array_size;
  const uint64_t sum = params_size(event);
  if (sum > after_header.size() - array_size)
    return "the parameters of the event are longer than the event";
  event.data_size = static_cast<uint32_t>(sum);
  return nullptr;
}

/// Two event types were once written with a length that is too big by this.
uint32_t length_excess_v1(uint16_t type) {
  constexpr uint32_t excess = 3;
  const bool affected =
      type == schema::type::notification_enter || type == schema::type::infrastructure_event_enter;
  return affected ? excess : 0;
}

}  // namespace

const char* parse_event(const BlockInfo& block, Bytes body, RawEvent& event) {
  const bool counted = block.version >= 2;
  const size_t prefix = sizeof(uint16_t) + (block.has_flags ? sizeof(uint32_t) : 0);
  const size_t header_size = counted ? header_size_v2 : header_size_v1;
  if (body.size() < prefix + header_size) return "the event block is shorter than an event header";
  const std::byte* at = body.data();
  event.cpu = load<uint16_t>(at);
  event.flags = block.has_flags ? load<uint32_t>(at + sizeof(uint16_t)) : 0;
  at += prefix;
  event.ts = load<uint64_t>(at);
  event.tid = load<int64_t>(at + 8);
  uint32_t length = load<uint32_t>(at + 16);
  event.type = load<uint16_t>(at + 20);
  event.nparams = 0;
  event.data_size = 0;
  event.wide_lengths = has_wide_lengths(event.type);
  const size_t room = body.size() - prefix;
  if (!counted) {
    const uint32_t excess = length_excess_v1(event.type);
    length = length >= excess ? length - excess : 0;
  }
  if (length < header_size) return "the event's length is shorter than its header";
  if (length > room) return "the event is longer than its block";
  const Bytes after_header(at + header_size, length - header_size);
  if (!counted) return find_param_count(after_header, event);
  event.nparams = load<uint32_t>(at + 22);
  return take_params(after_header, event);
}

}  // namespace gyr
