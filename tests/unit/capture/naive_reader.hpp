// A trace reader without buffers, threads and short cuts: what TraceReader must agree with.
//
// Purpose: a slow oracle for random input, and a fast reader for tests that need no threads.
//
// Contract: `naive_read` gives the records to the sink and each event to `on_event`, in order. The
// result is the place of the first damage: where its block begins, nullopt when there is none.
#pragma once

#include <optional>
#include <string>

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"
#include "capture/file/metadata.hpp"

namespace gyr::test {

/// A metadata block as the reader takes it; false when it is damaged.
inline bool naive_metadata(const BlockInfo* info, Bytes body, bool trailer_matches,
                           RecordSink& sink) {
  if (info == nullptr) return trailer_matches;
  if (info->kind == BlockKind::section) {
    if (body.size() < 16 || load<uint32_t>(body.data()) != 0x1A2B3C4D) return false;
    if (load<uint16_t>(body.data() + 4) > 1) return false;
    sink.section();
    return true;
  }
  if (!trailer_matches) return false;
  switch (info->kind) {
    case BlockKind::machine:
      return parse_machine(body, sink).has_value();
    case BlockKind::interfaces:
      return parse_interfaces(body, info->version, sink).has_value();
    case BlockKind::users:
      return parse_users(body, info->version, sink).has_value();
    case BlockKind::processes:
      return parse_processes(body, info->version, sink).has_value();
    case BlockKind::fds:
      return parse_fds(body, info->version, sink).has_value();
    default:
      return false;
  }
}

template <class OnEvent>
std::optional<size_t> naive_read(const std::string& trace, RecordSink& sink, OnEvent on_event) {
  constexpr size_t frame = 12, largest_event_block = 65536 + 8, largest_block = 512u << 20;
  const Bytes bytes = as_bytes_of(trace);
  bool in_records = false, in_section = false;
  size_t at = 0;
  for (; bytes.size() - at >= 8; at += load<uint32_t>(bytes.data() + at + 4)) {
    const auto type = load<uint32_t>(bytes.data() + at);
    const auto total = load<uint32_t>(bytes.data() + at + 4);
    const BlockInfo* info = find_block(type);
    const bool is_section = info != nullptr && info->kind == BlockKind::section;
    const bool is_event = info != nullptr && info->kind == BlockKind::events;
    const size_t most = is_event && info->version < 3 ? largest_event_block : largest_block;
    if (!in_section && !is_section) return at;
    if (total < frame || total % 4 != 0 || total > most || total > bytes.size() - at) return at;
    const Bytes body = bytes.subspan(at + 8, total - frame);
    if (!is_event) {
      const bool trailer_matches = load<uint32_t>(bytes.data() + at + total - 4) == total;
      if (!naive_metadata(info, body, trailer_matches, sink)) return at;
      in_records = in_records || is_section;
      in_section = true;
      continue;
    }
    if (in_records) sink.records_end();
    in_records = false;
    RawEvent event;
    event.offset = at;
    if (parse_event(*info, body, event) != nullptr) return at;
    on_event(event);
  }
  if (at != bytes.size() || bytes.empty()) return at;
  return std::nullopt;
}

}  // namespace gyr::test
