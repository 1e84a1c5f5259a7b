// How a call ended, and how much data it moved.
#include "decoder/event_fd.hpp"
#include "decoder/render/values.hpp"
#include "filter/fields/event_parts.hpp"

namespace gyr::filter {

namespace {

using schema::Category;
using schema::ParamType;

bool result_text(const Site& site, Extraction& out) {
  const Event& event = site.event;
  const auto result = result_of(event);
  if (!result) return false;
  if (*result >= 0) return out.set_text("SUCCESS");
  const RenderOptions& options = site.settings.render;
  const uint16_t id = event.raw().type;
  const auto index = static_cast<uint32_t>(result_index(id));
  const auto shown = shown_params(id, options.dialect);
  const schema::Param& param = index < shown.size() ? shown[index] : event.info().params[index];
  append_resolved_or_raw(out.compose(), {event, site.state, options}, param, event.param(index));
  return true;
}

bool raw_result(const Site& site, Extraction& out) {
  const auto result = result_of(site.event);
  return result && out.set_signed(*result);
}

/// Not NULL where there is no result, as in sysdig 0.29.
bool failed(const Site& site, Extraction& out) {
  return out.set_number(result_of(site.event).value_or(0) < 0 ? 1 : 0);
}

// ---- evt.buflen ----

enum class Moved : uint8_t { in, out, both };
enum class Through : uint8_t { anything, file, net };

bool moves(Category category, Moved direction) {
  switch (direction) {
    case Moved::in:
      return category == Category::io_read;
    case Moved::out:
      return category == Category::io_write;
    case Moved::both:
      break;
  }
  // Also calls that move no data: of fcntl, for one, it is what it returned, as in sysdig.
  return category == Category::io_read || category == Category::io_write ||
         category == Category::io_other;
}

bool goes_through(const Descriptor& descriptor, Through what) {
  switch (what) {
    case Through::file:
      return descriptor.type == FdType::file || descriptor.type == FdType::file_v2;
    case Through::net:
      return descriptor.is_ip();
    case Through::anything:
      break;
  }
  return true;
}

template <Moved direction>
bool has_length(uint16_t id) {
  return is_exit(id) && moves(schema::events[id].category, direction) && has_result(id);
}

template <Moved direction, Through what>
bool length(const Site& site, Extraction& out) {
  const Event& event = site.event;
  if (!has_length<direction>(event.raw().type)) return false;
  const auto bytes = result_of(event);
  if (!bytes || *bytes < 0) return false;
  const Descriptor* descriptor = event_descriptor(event);
  if (descriptor == nullptr || !goes_through(*descriptor, what)) return false;
  return out.set_signed(*bytes);
}

constexpr Field rows[] = {
    {.name = "evt.res",
     .applies = has_result,
     .extract = result_text,
     .doc = "'SUCCESS', or the name of the error that the call ended with: 'ENOENT'."},
    {.name = "evt.rawres",
     .type = ParamType::int64,
     .applies = has_result,
     .extract = raw_result,
     .doc = "What the call returned, as a number; errors are negative."},
    {.name = "evt.failed",
     .type = ParamType::boolean,
     .extract = failed,
     .doc = "Whether the call ended with an error."},
    {.name = "evt.buflen",
     .type = ParamType::uint64,
     .applies = has_length<Moved::both>,
     .extract = length<Moved::both, Through::anything>,
     .doc = "Bytes that the call read or wrote, however many of them were recorded; of other calls "
            "on descriptors what they returned."},
    {.name = "evt.buflen.in",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::in>,
     .extract = length<Moved::in, Through::anything>,
     .doc = "Bytes that the call read."},
    {.name = "evt.buflen.out",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::out>,
     .extract = length<Moved::out, Through::anything>,
     .doc = "Bytes that the call wrote."},
    {.name = "evt.buflen.file",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::both>,
     .extract = length<Moved::both, Through::file>,
     .doc = "Bytes that the call read from or wrote to a file."},
    {.name = "evt.buflen.file.in",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::in>,
     .extract = length<Moved::in, Through::file>,
     .doc = "Bytes that the call read from a file."},
    {.name = "evt.buflen.file.out",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::out>,
     .extract = length<Moved::out, Through::file>,
     .doc = "Bytes that the call wrote to a file."},
    {.name = "evt.buflen.net",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::both>,
     .extract = length<Moved::both, Through::net>,
     .doc = "Bytes that the call received from or sent to the network."},
    {.name = "evt.buflen.net.in",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::in>,
     .extract = length<Moved::in, Through::net>,
     .doc = "Bytes that the call received from the network."},
    {.name = "evt.buflen.net.out",
     .type = ParamType::uint64,
     .flags = hidden,
     .applies = has_length<Moved::out>,
     .extract = length<Moved::out, Through::net>,
     .doc = "Bytes that the call sent to the network."},
};

}  // namespace

std::span<const Field> event_result_fields() { return rows; }

}  // namespace gyr::filter
