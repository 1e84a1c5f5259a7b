// One event as its source holds it: header fields, and pointers into the source's buffer.
//
// Purpose: the unit that every source (a trace file, the live probe) hands to the decoder. Nothing
// is copied: `lengths` and `data` point into the buffer of the source.
//
// Contract: valid until the source is asked for the next event. The source has checked that the
// length array and the parameters lie inside the event; `nparams` may be larger than the schema
// knows (a newer writer) or smaller (an older one), and `type` may be unknown to the schema. It is
// the index in schema::events; files have other ids for gyr's own events (schema::id_in_file).
// Layout: gyr-scap(5), "Events".
//
// Example:
//   while (reader.next(raw) == Step::event)
//     if (raw.type == schema::type::close_exit) ...
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace gyr {

/// Bits of RawEvent::flags (the 32 flag bits of EVF blocks).
enum RawEventFlag : uint32_t {
  state_only = 1u << 0,  // for building state, not to be shown
};

struct RawEvent {
  uint64_t ts = 0;  // ns since 1970-01-01 UTC
  int64_t tid = 0;
  uint64_t offset = 0;                 // of its block in the uncompressed input
  const std::byte* lengths = nullptr;  // nparams values, u16 or u32 (`wide_lengths`)
  const std::byte* data = nullptr;     // the parameters, back to back
  const std::byte* options = nullptr;  // behind the event in its block; stale if there are none
  uint32_t nparams = 0;
  uint32_t data_size = 0;     // bytes of all parameters together
  uint32_t option_bytes = 0;  // without the padding in front of them
  uint32_t flags = 0;
  uint16_t type = 0;
  uint16_t cpu = 0;
  bool wide_lengths = false;

  /// See capture/event_options.hpp.
  Bytes option_list() const { return option_bytes != 0 ? Bytes(options, option_bytes) : Bytes(); }

  uint32_t param_size(uint32_t index) const {
    return wide_lengths ? load<uint32_t>(lengths + size_t{4} * index)
                        : load<uint16_t>(lengths + size_t{2} * index);
  }
};

}  // namespace gyr
