// The path that an event works on, how it was opened, and what Docker told the recorder.
#include <fmt/format.h>

#include "decoder/paths.hpp"
#include "filter/fields/event_parts.hpp"
#include "filter/wording.hpp"
#include "schema_params.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;
namespace type = schema::type;

// ---- evt.abspath ----

enum class End : uint8_t { source, destination };

/// The names of the parameters with a directory and a path from there.
struct PathNames {
  std::string_view event, directory, path;
  End end = End::source;
};

constexpr PathNames path_names[] = {
    {"openat", "dirfd", "name"},
    {"openat2", "dirfd", "name"},
    {"unlinkat", "dirfd", "name"},
    {"mkdirat", "dirfd", "path"},
    {"fchmodat", "dirfd", "filename"},
    {"fchownat", "dirfd", "pathname"},
    {"symlinkat", "linkdirfd", "linkpath"},
    {"renameat", "olddirfd", "oldpath"},
    {"renameat", "newdirfd", "newpath", End::destination},
    {"renameat2", "olddirfd", "oldpath"},
    {"renameat2", "newdirfd", "newpath", End::destination},
    {"linkat", "olddir", "oldpath"},
    {"linkat", "newdir", "newpath", End::destination},
};

struct PathParams {
  int8_t directory = -1, path = -1;
};

/// Of an id's parameters; where there is one path only, it is both ends. The enter events of today
/// repeat what their exit events say.
PathParams find_path_params(uint16_t id, End end) {
  const schema::Event& info = schema::events[id];
  if (schema::is_enter(id) && (info.flags & schema::old_version) == 0) return {};
  PathParams params;
  for (const PathNames& names : path_names) {
    if (names.event != info.name || (names.end != end && params.path >= 0)) continue;
    const int directory = find_param(id, names.directory), path = find_param(id, names.path);
    if (directory >= 0 && path >= 0)
      params = {static_cast<int8_t>(directory), static_cast<int8_t>(path)};
  }
  return params;
}

template <End end>
PathParams path_params(uint16_t id) {
  static const auto table = [] {
    std::array<PathParams, schema::event_count> all;
    for (uint32_t i = 0; i < schema::event_count; ++i)
      all[i] = find_path_params(static_cast<uint16_t>(i), end);
    return all;
  }();
  return table[id];
}

PathParams path_params(uint16_t id, End end) {
  return end == End::source ? path_params<End::source>(id) : path_params<End::destination>(id);
}

/// Makes the table's only entry the end that is asked for.
Result<void> prepare_abspath(Argument& argument) {
  const bool destination = argument.text == "dst";
  if (!destination && argument.given && argument.text != "src")
    return fail(
        fmt::format("the argument of evt.abspath is src or dst, not {}", shown(argument.text)));
  argument.table = {static_cast<int32_t>(destination ? End::destination : End::source)};
  return {};
}

End end_of(const Argument& argument) { return static_cast<End>(argument.table.front()); }

bool has_abspath(const Argument& argument, uint16_t id) {
  return id == type::open_by_handle_at_exit || path_params(id, end_of(argument)).path >= 0;
}

std::string_view own_text(const Event& event, int8_t index) {
  const auto i = static_cast<uint32_t>(index);
  return i < event.nparams() ? text_value(event.param(i)) : std::string_view();
}

bool handle_path(const Site& site, Extraction& out) {
  namespace by_handle = schema::param::open_by_handle_at_exit;
  const bool source = end_of(site.argument) == End::source;
  const std::string_view path = site.event.get(by_handle::path);
  if (!source || site.event.get(by_handle::fd) <= 0 || path.empty()) return false;
  append_joined(out.compose(), "", path);
  return true;
}

bool abspath(const Site& site, Extraction& out) {
  const Event& event = site.event;
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  if (event.raw().type == type::open_by_handle_at_exit) return handle_path(site, out);
  const PathParams params = path_params(event.raw().type, end_of(site.argument));
  if (params.path < 0) return false;
  const std::string_view path = own_text(event, params.path);
  const auto i = static_cast<uint32_t>(params.directory);
  if (path.empty() || i >= event.nparams() || event.param(i).empty()) return false;
  const auto fd = Event::value<int64_t>(event.param(i));
  if (path.front() == '/' || fd == at_fdcwd) {
    append_joined(out.compose(), thread->cwd(), path);
    return true;
  }
  const Descriptor* directory = fd >= 0 ? thread->fds->find(fd) : nullptr;
  append_joined(out.compose(), directory != nullptr ? directory->name.view() : unknown_directory,
                path);
  return true;
}

// ---- how a file was opened ----

/// Bits of the flags and the mode, as stored in traces (gyr-scap(5), "Open flags").
enum OpenFlag : uint32_t {
  for_reading = 1u << 0,
  for_writing = 1u << 1,
  may_create = 1u << 2,
  temporary = 1u << 13,
  created = 1u << 14,
};
constexpr uint32_t any_execute = 0111;

struct Opening {
  uint32_t flags = 0, mode = 0;
  bool by_handle = false, by_creat = false;
  bool succeeded = false;
};

/// How an event opens a file. The oldest openat says so where it begins.
std::optional<Opening> opening(const Event& event) {
  namespace param = schema::param;
  switch (event.raw().type) {
    case type::open_exit:
      return Opening{.flags = event.get(param::open_exit::flags),
                     .mode = event.get(param::open_exit::mode),
                     .succeeded = event.get(param::open_exit::fd) >= 0};
    case type::openat_enter:
      return Opening{.flags = event.get(param::openat_enter::flags),
                     .mode = event.get(param::openat_enter::mode)};
    case type::openat_2_exit:
      return Opening{.flags = event.get(param::openat_2_exit::flags),
                     .mode = event.get(param::openat_2_exit::mode),
                     .succeeded = event.get(param::openat_2_exit::fd) >= 0};
    case type::openat2_exit:
      return Opening{.flags = event.get(param::openat2_exit::flags),
                     .mode = event.get(param::openat2_exit::mode),
                     .succeeded = event.get(param::openat2_exit::fd) >= 0};
    case type::creat_exit:
      return Opening{.mode = event.get(param::creat_exit::mode), .by_creat = true};
    case type::open_by_handle_at_exit:
      return Opening{.flags = event.get(param::open_by_handle_at_exit::flags),
                     .by_handle = true,
                     .succeeded = event.get(param::open_by_handle_at_exit::fd) >= 0};
    default:
      return std::nullopt;
  }
}

template <uint32_t flag>
bool is_open_for(const Site& site, Extraction& out) {
  const auto how = opening(site.event);
  return out.set_number(how && !how->by_handle && (how->flags & flag) != 0 ? 1 : 0);
}

bool is_open_exec(const Site& site, Extraction& out) {
  const auto how = opening(site.event);
  const bool makes = how && (how->by_creat || (how->flags & (may_create | temporary)) != 0);
  return out.set_number(makes && (how->mode & any_execute) != 0 ? 1 : 0);
}

bool is_open_create(const Site& site, Extraction& out) {
  const auto how = opening(site.event);
  if (!how) return out.set_number(0);
  const bool makes = (how->flags & created) != 0;
  return out.set_number(makes || (how->succeeded && (how->flags & temporary) != 0) ? 1 : 0);
}

// ---- evt.infra: what a container engine told the recorder ----

bool is_infra(uint16_t id) { return id == type::infrastructure_event_enter; }

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

/// An item of "Event: start; ID: 0123...; name: ...", by how it begins; empty: there is none.
std::string_view infra_item(const Event& event, std::string_view key) {
  if (!is_infra(event.raw().type)) return {};
  std::string_view rest = event.get(schema::param::infrastructure_event_enter::description);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    if (item.starts_with(key)) return item;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string_view behind_colon(std::string_view item) {
  const size_t colon = item.find(':');
  return colon != std::string_view::npos ? item.substr(colon + 1) : std::string_view();
}

/// What stands between the first and the second colon.
std::string_view value_of(std::string_view item) {
  const std::string_view text = behind_colon(item);
  return trimmed(text.substr(0, text.find(':')));
}

bool set_if_there(std::string_view text, Extraction& out) {
  return !text.empty() && out.set_text(text);
}

bool infra_name(const Site& site, Extraction& out) {
  return set_if_there(value_of(infra_item(site.event, "Event")), out);
}

bool infra_id(const Site& site, Extraction& out) {
  constexpr size_t short_id = 12;
  return set_if_there(value_of(infra_item(site.event, "ID")).substr(0, short_id), out);
}

bool infra_container_name(const Site& site, Extraction& out) {
  return set_if_there(value_of(infra_item(site.event, "name")), out);
}

/// "nginx:1.2@sha256:0123..." is the image nginx; "sha256:0123..." has no name but its digest.
bool infra_image(const Site& site, Extraction& out) {
  const std::string_view item = infra_item(site.event, "Image");
  const std::string_view named = item.substr(0, item.find('@'));
  const bool digest = named.find("sha256") != std::string_view::npos;
  return set_if_there(digest ? trimmed(behind_colon(named)) : value_of(named), out);
}

constexpr Field rows[] = {
    {.name = "evt.abspath",
     .flags = arg_allowed | arg_dotted,
     .applies_arg = has_abspath,
     .prepare = prepare_abspath,
     .extract = abspath,
     .doc = "Whole path that a call works on which takes a directory and a path: openat, unlinkat, "
            "... Of those that take two, evt.abspath.src is the first, evt.abspath.dst the other."},
    {.name = "evt.is_open_read",
     .type = ParamType::boolean,
     .extract = is_open_for<for_reading>,
     .doc = "Whether the call opens a file to read it."},
    {.name = "evt.is_open_write",
     .type = ParamType::boolean,
     .extract = is_open_for<for_writing>,
     .doc = "Whether the call opens a file to write to it."},
    {.name = "evt.is_open_exec",
     .type = ParamType::boolean,
     .extract = is_open_exec,
     .doc = "Whether the call makes a file that may be executed."},
    {.name = "evt.is_open_create",
     .type = ParamType::boolean,
     .extract = is_open_create,
     .doc = "Whether the call opened a file that was not there before."},
    {.name = "evt.infra.docker.name",
     .flags = hidden,
     .applies = is_infra,
     .extract = infra_name,
     .doc = "Kind of an event of the container engine: 'start', 'die', ..."},
    {.name = "evt.infra.docker.container.id",
     .flags = hidden,
     .applies = is_infra,
     .extract = infra_id,
     .doc = "Id of the container that an event of the container engine is about."},
    {.name = "evt.infra.docker.container.name",
     .flags = hidden,
     .applies = is_infra,
     .extract = infra_container_name,
     .doc = "Name of the container that an event of the container engine is about."},
    {.name = "evt.infra.docker.container.image",
     .flags = hidden,
     .applies = is_infra,
     .extract = infra_image,
     .doc = "Image of the container that an event of the container engine is about."},
};

}  // namespace

std::span<const Field> event_file_fields() { return rows; }

}  // namespace gyr::filter
