// Ones, to be summed up by chisels and views; no value where there is nothing to count.
#include "decoder/event_fd.hpp"
#include "filter/fields/event_parts.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

/// What an error is about.
enum class Subject : uint8_t { file, net, memory, other };

bool opens_file(uint16_t id) {
  namespace type = schema::type;
  return id == type::open_exit || id == type::openat_exit || id == type::openat_2_exit ||
         id == type::openat2_exit || id == type::creat_exit || id == type::open_by_handle_at_exit;
}

bool makes_connection(std::string_view name) { return name == "accept" || name == "connect"; }

Subject subject_without_descriptor(const Event& event) {
  if (event.info().category == schema::Category::memory) return Subject::memory;
  if (opens_file(event.raw().type)) return Subject::file;
  if (makes_connection(event.info().name)) return Subject::net;
  return Subject::other;
}

Subject subject_of(const Event& event) {
  if (event.info().category == schema::Category::memory) return Subject::memory;
  const Descriptor* descriptor = event_descriptor(event);
  if (descriptor == nullptr) return subject_without_descriptor(event);
  switch (descriptor->type) {
    case FdType::file:
    case FdType::file_v2:
    case FdType::directory:
      return Subject::file;
    case FdType::ipv4_socket:
    case FdType::ipv6_socket:
    case FdType::ipv4_server:
    case FdType::ipv6_server:
    case FdType::unix_socket:
      return Subject::net;
    default:
      return Subject::other;
  }
}

bool has_failed(const Event& event) { return result_of(event).value_or(0) < 0; }

bool one(const Site&, Extraction& out) { return out.set_number(1); }

bool error(const Site& site, Extraction& out) {
  return has_failed(site.event) && out.set_number(1);
}

template <Subject subject>
bool error_about(const Site& site, Extraction& out) {
  return has_failed(site.event) && subject_of(site.event) == subject && out.set_number(1);
}

bool exit_event(const Site& site, Extraction& out) {
  return !site.event.is_enter() && out.set_number(1);
}

bool is_procinfo(uint16_t id) { return id == schema::type::procinfo_enter; }

bool thread_info(const Site& site, Extraction& out) {
  return is_procinfo(site.event.raw().type) && out.set_number(1);
}

bool process_info(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && thread->is_main() && thread_info(site, out);
}

constexpr Field rows[] = {
    {.name = "evt.count",
     .type = ParamType::uint32,
     .depends = Depends::type,
     .extract = one,
     .doc = "Always 1."},
    {.name = "evt.count.error",
     .type = ParamType::uint32,
     .applies = has_result,
     .extract = error,
     .doc = "1 for calls that ended with an error."},
    {.name = "evt.count.error.file",
     .type = ParamType::uint32,
     .applies = has_result,
     .extract = error_about<Subject::file>,
     .doc = "1 for calls on files that ended with an error."},
    {.name = "evt.count.error.net",
     .type = ParamType::uint32,
     .applies = has_result,
     .extract = error_about<Subject::net>,
     .doc = "1 for calls on sockets that ended with an error."},
    {.name = "evt.count.error.memory",
     .type = ParamType::uint32,
     .applies = has_result,
     .extract = error_about<Subject::memory>,
     .doc = "1 for calls about memory that ended with an error."},
    {.name = "evt.count.error.other",
     .type = ParamType::uint32,
     .applies = has_result,
     .extract = error_about<Subject::other>,
     .doc = "1 for calls about anything else that ended with an error."},
    {.name = "evt.count.exit",
     .type = ParamType::uint32,
     .depends = Depends::type,
     .applies = is_exit,
     .extract = exit_event,
     .doc = "1 for exit events."},
    {.name = "evt.count.procinfo",
     .type = ParamType::uint32,
     .flags = hidden,
     .applies = is_procinfo,
     .extract = process_info,
     .doc = "1 for procinfo events of a process."},
    {.name = "evt.count.threadinfo",
     .type = ParamType::uint32,
     .flags = hidden,
     .applies = is_procinfo,
     .extract = thread_info,
     .doc = "1 for procinfo events."},
};

}  // namespace

std::span<const Field> event_count_fields() { return rows; }

}  // namespace gyr::filter
