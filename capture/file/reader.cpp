#include "capture/file/reader.hpp"

#include <fmt/format.h>

#include "capture/file/event_block.hpp"
#include "capture/file/metadata.hpp"

namespace gyr {

namespace {

constexpr uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr uint32_t byte_order_magic_swapped = 0x4D3C2B1A;
constexpr uint32_t section_type = 0x0A0D0D0A;  // reads the same in both byte orders
constexpr uint32_t section_body_size = 16;
constexpr uint16_t known_major_version = 1;
constexpr const char* not_a_trace = "not a scap trace (it does not begin with a section header)";

std::string block_title(const BlockInfo* info, uint32_t type) {
  return info != nullptr ? std::string(info->name) : fmt::format("unknown block {:#x}", type);
}

}  // namespace

TraceReader::TraceReader(std::unique_ptr<InputFile> input, std::unique_ptr<ByteStream> stream,
                         const std::optional<EventTypes>& wanted, const EventTypes& by_thread)
    : input_(std::move(input)),
      stream_(std::move(stream)),
      window_(*input_, *stream_, wanted, by_thread) {
  stats_.codec = stream_->codec();
}

Result<std::unique_ptr<TraceReader>> TraceReader::open(const std::string& path,
                                                       const std::optional<EventTypes>& wanted,
                                                       const EventTypes& by_thread) {
  auto input = open_input(path);
  if (!input) return fail(std::move(input.error()));
  auto stream = open_stream(**input);
  if (!stream) return fail(std::move(stream.error()));
  return std::make_unique<TraceReader>(std::move(*input), std::move(*stream), wanted, by_thread);
}

TraceReader::Step TraceReader::fail_at(uint64_t offset, std::string message) {
  in_events_ = false;
  error_ = Error{std::move(message), offset};
  return Step::failed;
}

TraceReader::Step TraceReader::truncated(uint64_t needed) {
  const uint64_t end = window_.offset() + window_.available();
  if (window_.failure()) return fail_at(end, window_.failure()->message);
  return fail_at(window_.offset(),
                 fmt::format("block cut short: {} bytes needed, {} left (the file "
                             "is truncated)",
                             needed, window_.available()));
}

/// Reads the next block whole. Gives a Step when there is none.
std::optional<TraceReader::Step> TraceReader::read_frame(Frame& frame) {
  const size_t got = window_.ensure(block_header_size);
  if (got < block_header_size) {
    if (got == 0 && stats_.sections == 0 && !window_.failure())
      return fail_at(0, "the file is empty");
    if (got >= 4 && stats_.sections == 0 && load<uint32_t>(window_.data()) != section_type)
      return fail_at(0, not_a_trace);
    if (got != 0 || window_.failure()) return truncated(block_header_size);
    return Step::end;
  }
  frame.type = load<uint32_t>(window_.data());
  frame.total = load<uint32_t>(window_.data() + 4);
  frame.info = find_block(frame.type);
  if (stats_.sections == 0 && frame.type != section_type) return fail_at(0, not_a_trace);
  if (frame.type == section_type && window_.ensure(block_header_size + 4) >= 12 &&
      load<uint32_t>(window_.data() + block_header_size) == byte_order_magic_swapped)
    return fail_at(window_.offset(),
                   "the trace is big-endian; read it on a machine of the kind that wrote it");
  if (frame.total < smallest_block || frame.total % 4 != 0)
    return fail_at(window_.offset(), fmt::format("{} with the impossible length {}",
                                                 block_title(frame.info, frame.type), frame.total));
  const bool ordinary_event =
      frame.info != nullptr && frame.info->kind == BlockKind::events && frame.info->version < 3;
  if (frame.total > (ordinary_event ? largest_event_block : max_block_size))
    return fail_at(window_.offset(), fmt::format("{} of {} bytes is too large",
                                                 block_title(frame.info, frame.type), frame.total));
  if (window_.ensure(frame.total) < frame.total) return truncated(frame.total);
  frame.body = block_body({window_.data(), frame.total}, frame.total);
  pending_ = frame.total;
  return std::nullopt;
}

bool TraceReader::check_trailer(const Frame& frame) {
  const auto trailer = load<uint32_t>(window_.data() + frame.total - block_trailer_size);
  if (trailer == frame.total) return true;
  fail_at(window_.offset(), fmt::format("{} says {} bytes at its start and {} at its end",
                                        block_title(frame.info, frame.type), frame.total, trailer));
  return false;
}

bool TraceReader::section(const Frame& frame, RecordSink& sink) {
  if (frame.body.size() < section_body_size) {
    fail_at(window_.offset(), "section header is too short");
    return false;
  }
  const auto magic = load<uint32_t>(frame.body.data());
  stats_.major_version = load<uint16_t>(frame.body.data() + 4);
  stats_.minor_version = load<uint16_t>(frame.body.data() + 6);
  if (magic != byte_order_magic) {
    fail_at(window_.offset(), fmt::format("section header with the wrong magic {:#x}", magic));
    return false;
  }
  if (stats_.major_version > known_major_version) {
    fail_at(window_.offset(),
            fmt::format("trace format {}.{} is newer than this gyr, which knows 1.x",
                        stats_.major_version, stats_.minor_version));
    return false;
  }
  if (++stats_.sections == 1)
    stats_.section_options = as_text(frame.body.subspan(section_body_size));
  in_records_ = true;
  sink.section();
  return true;
}

/// Any block that is not an event.
bool TraceReader::metadata(const Frame& frame, RecordSink& sink) {
  if (frame.info == nullptr) {
    const bool listed = stats_.unknown_blocks.size() < max_listed_blocks ||
                        stats_.unknown_blocks.contains(frame.type);
    ++stats_.unknown_blocks[listed ? frame.type : other_blocks];
    return check_trailer(frame);
  }
  ++stats_.blocks[frame.info->type];
  if (frame.info->kind == BlockKind::section) return section(frame, sink);
  if (!check_trailer(frame)) return false;
  Result<void> done;
  switch (frame.info->kind) {
    case BlockKind::machine:
      done = parse_machine(frame.body, sink);
      break;
    case BlockKind::interfaces:
      done = parse_interfaces(frame.body, frame.info->version, sink);
      break;
    case BlockKind::users:
      done = parse_users(frame.body, frame.info->version, sink);
      break;
    case BlockKind::processes:
      done = parse_processes(frame.body, frame.info->version, sink);
      break;
    case BlockKind::fds:
      done = parse_fds(frame.body, frame.info->version, sink);
      break;
    default:
      break;
  }
  if (done) return true;
  fail_at(window_.offset() + block_header_size + done.error().offset.value_or(0),
          std::string(frame.info->name) + ": " + done.error().message);
  return false;
}

/// The common case: an ordinary event, whole in the window. Anything else, damage too, is left to
/// next_of_any_kind.
bool TraceReader::next_ordinary() {
  const Bytes rest(window_.data(), window_.available());
  if (!is_ordinary_event(rest)) return false;
  EventExtent extent;
  if (measure_ordinary_event(rest, extent) != nullptr) return false;
  give(load<uint32_t>(rest.data() + 4), extent);
  return true;
}

TraceReader::Step TraceReader::next_of_any_kind(RecordSink& sink) {
  if (error_) return Step::failed;
  in_events_ = false;
  Frame frame;
  for (;;) {
    if (const auto stopped = read_frame(frame)) return *stopped;
    if (frame.info != nullptr && frame.info->kind == BlockKind::events) break;
    if (!metadata(frame, sink)) return Step::failed;
    if (block_sink_ != nullptr) block_sink_->block(frame.info, {window_.data(), frame.total});
    stats_.metadata_bytes += pending_;
    window_.consume(pending_);
    pending_ = 0;
  }
  if (in_records_) {
    in_records_ = false;
    sink.records_end();
  }
  event_.offset = window_.offset();
  if (const char* wrong = parse_event(*frame.info, frame.body, event_))
    return fail_at(event_.offset, wrong);
  count_event();
  in_events_ = true;
  return Step::event;
}

}  // namespace gyr
