// What kind of event it is.
#include <fmt/format.h>

#include <algorithm>

#include "decoder/event_fd.hpp"
#include "decoder/render/names.hpp"
#include "filter/fields/event_parts.hpp"
#include "filter/fields/registry.hpp"
#include "filter/wording.hpp"
#include "schema_params.hpp"

namespace gyr::filter {

namespace {

using schema::Category;
using schema::ParamType;

bool direction(const Site& site, Extraction& out) {
  return out.set_text(site.event.is_enter() ? ">" : "<");
}

std::string_view type_name(const Event& event) {
  const bool named_itself = event.raw().type == schema::type::asyncevent_enter;
  return named_itself ? event.get(schema::param::asyncevent_enter::name) : event_name(event);
}

bool type(const Site& site, Extraction& out) { return out.set_text(type_name(site.event)); }

bool printed_type(const Site& site, Extraction& out) {
  const bool renamed = site.event.raw().type <= schema::type::generic_exit;
  if (!renamed) return type(site, out);
  return out.set_text(event_name(site.event, site.settings.render.dialect));
}

/// Of what a thread did, not of what happened to it.
bool is_call(uint16_t id) {
  const schema::Event& info = schema::events[id];
  const bool scheduler = info.category == Category::scheduler;
  return !scheduler && (info.flags & schema::skip_parser_reset) == 0;
}

bool syscall_type(const Site& site, Extraction& out) {
  return is_call(site.event.raw().type) && out.set_text(type_name(site.event));
}

bool printed_syscall_type(const Site& site, Extraction& out) {
  return is_call(site.event.raw().type) && printed_type(site, out);
}

std::vector<std::string_view> event_names() {
  std::vector<std::string_view> names;
  for (const schema::Event& event : schema::events)
    if ((event.flags & schema::unused) == 0) names.push_back(event.name);
  for (const schema::Syscall& call : schema::syscalls) names.push_back(call.name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<void> check_event_name(std::string_view name) {
  static const std::vector<std::string_view> names = event_names();
  if (std::ranges::binary_search(names, name)) return {};
  return fail(fmt::format("there is no event {}{}", shown(name), did_you_mean(name, names)));
}

/// Marks in `table` the event ids that the argument stands for.
Result<void> prepare_type_is(Argument& argument) {
  argument.table.assign(schema::event_count, 0);
  if (argument.index) {
    const bool in_range = *argument.index <= UINT16_MAX;
    const uint16_t id =
        in_range ? schema::id_from_file(static_cast<uint16_t>(*argument.index)) : UINT16_MAX;
    if (id >= schema::event_count)
      return fail(fmt::format("there is no event type {}", *argument.index));
    argument.table[id] = 1;
    return {};
  }
  std::vector<std::string_view> names;
  bool found = false;
  for (uint32_t id = 0; id < schema::event_count; ++id) {
    const schema::Event& info = schema::events[id];
    if ((info.flags & schema::unused) != 0) continue;
    if (std::ranges::find(names, info.name) == names.end()) names.push_back(info.name);
    argument.table[id] = info.name == argument.text ? 1 : 0;
    found = found || info.name == argument.text;
  }
  if (found) return {};
  return fail(fmt::format("there is no event {}{}", shown(argument.text),
                          did_you_mean(argument.text, names)));
}

bool type_is(const Site& site, Extraction& out) {
  return out.set_number(static_cast<uint64_t>(site.argument.table[site.event.raw().type]));
}

/// Of calls on descriptors of all kinds: what kind it is.
std::string_view io_category(const Descriptor* descriptor) {
  if (descriptor == nullptr) return "unknown";
  switch (descriptor->type) {
    case FdType::file:
    case FdType::file_v2:
    case FdType::directory:
      return "file";
    case FdType::ipv4_socket:
    case FdType::ipv6_socket:
    case FdType::ipv4_server:
    case FdType::ipv6_server:
      return "net";
    case FdType::fifo:
    case FdType::unix_socket:
    case FdType::eventfd:
    case FdType::signalfd:
    case FdType::inotify:
    case FdType::userfaultfd:
      return "ipc";
    default:
      return "unknown";
  }
}

std::string_view category_name(const Event& event) {
  static constexpr std::string_view names[] = {
      "unknown", "other", "file", "net", "IPC", "memory", "process", "sleep",     "system",
      "signal",  "user",  "time", "",    "",    "",       "wait",    "scheduler", "internal"};
  const schema::Syscall* call = generic_call(event);
  const Category category = call != nullptr ? call->category : event.info().category;
  const bool is_io = category == Category::io_read || category == Category::io_write ||
                     category == Category::io_other;
  return is_io ? io_category(event_descriptor(event)) : names[static_cast<size_t>(category)];
}

bool category(const Site& site, Extraction& out) { return out.set_text(category_name(site.event)); }

bool cpu(const Site& site, Extraction& out) {
  return out.set_signed(static_cast<int16_t>(site.event.raw().cpu));
}

template <uint32_t flags>
bool has_any(const Site& site, Extraction& out) {
  return out.set_number((site.event.info().flags & flags) != 0 ? 1 : 0);
}

bool io_direction(const Site& site, Extraction& out) {
  const uint32_t flags = site.event.info().flags;
  if ((flags & schema::writes_fd) != 0) return out.set_text("write");
  return (flags & schema::reads_fd) != 0 && out.set_text("read");
}

bool moves_data(uint16_t id) { return has_flag(id, schema::reads_fd | schema::writes_fd); }

bool is_syslog(const Site& site, Extraction& out) {
  const bool writes = (site.event.info().flags & schema::writes_fd) != 0;
  const Descriptor* descriptor = writes ? event_descriptor(site.event) : nullptr;
  const bool is =
      descriptor != nullptr && descriptor->name.view().find("/dev/log") != std::string_view::npos;
  return out.set_number(is ? 1 : 0);
}

constexpr Field rows[] = {
    {.name = "evt.dir",
     .depends = Depends::type,
     .extract = direction,
     .doc = "'>' where a system call begins, '<' where it ends and for what happens at once. "
            "Traces of today have '<' events only."},
    {.name = "evt.type",
     .depends = Depends::type,
     .check_constant = check_event_name,
     .extract = type,
     .print = printed_type,
     .doc = "Name of the event: 'openat'."},
    {.name = "evt.type.is",
     .type = ParamType::uint32,
     .flags = arg_required | arg_dotted,
     .depends = Depends::type,
     .prepare = prepare_type_is,
     .extract = type_is,
     .doc = "1 for events of the type that the argument names, else 0: 'evt.type.is.openat'. A "
            "number is an event id of gyr-scap(5)."},
    {.name = "syscall.type",
     .depends = Depends::type,
     .applies = is_call,
     .check_constant = check_event_name,
     .extract = syscall_type,
     .print = printed_syscall_type,
     .doc = "Name of the system call; no value for what is none, such as a process switch."},
    {.name = "evt.category",
     .extract = category,
     .doc = "What the event has to do with: 'file', 'net', 'memory', 'process', ..."},
    {.name = "evt.cpu",
     .type = ParamType::int16,
     .extract = cpu,
     .doc = "Number of the CPU on which it happened."},
    {.name = "evt.is_io",
     .type = ParamType::boolean,
     .depends = Depends::type,
     .extract = has_any<schema::reads_fd | schema::writes_fd>,
     .doc = "Whether the call reads or writes data: read, sendto, ..."},
    {.name = "evt.is_io_read",
     .type = ParamType::boolean,
     .depends = Depends::type,
     .extract = has_any<schema::reads_fd>,
     .doc = "Whether the call reads data."},
    {.name = "evt.is_io_write",
     .type = ParamType::boolean,
     .depends = Depends::type,
     .extract = has_any<schema::writes_fd>,
     .doc = "Whether the call writes data."},
    {.name = "evt.io_dir",
     .depends = Depends::type,
     .applies = moves_data,
     .extract = io_direction,
     .doc = "'read' or 'write' for calls that read or write data."},
    {.name = "evt.is_wait",
     .type = ParamType::boolean,
     .depends = Depends::type,
     .extract = has_any<schema::waits>,
     .doc = "Whether the call can make the thread wait: poll, nanosleep, ..."},
    {.name = "evt.is_syslog",
     .type = ParamType::boolean,
     .extract = is_syslog,
     .doc = "Whether the call writes to the system log, '/dev/log'."},
};

}  // namespace

std::span<const Field> event_type_fields() { return rows; }

}  // namespace gyr::filter
