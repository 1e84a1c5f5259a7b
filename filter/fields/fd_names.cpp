// fd.name and its parts.
//
// Where the descriptor is not known, because the call failed to make it, its exit event still says
// which name it would have had.
#include "decoder/paths.hpp"
#include "decoder/render/composites.hpp"
#include "filter/fields/fd_fields.hpp"
#include "schema_params.hpp"

namespace gyr::filter::fd {

namespace {

namespace param = schema::param;
namespace id = schema::type;

enum class Form : uint8_t { full, as_given };

/// Appends a path parameter, absolute ones as they are.
bool append_path(Text& to, const Site& site, std::string_view path, Form form) {
  if (path.empty())
    to.append(not_available);
  else if (form == Form::as_given || path.front() == '/')
    to.append(path);
  else
    append_joined(to, site.thread()->cwd(), path);
  return true;
}

bool append_path_at(Text& to, const Site& site, int64_t dirfd, std::string_view path, Form form) {
  if (path.empty()) return false;
  if (form == Form::as_given) {
    to.append(path);
    return true;
  }
  thread_local Text base;
  base.clear();
  if (path.front() != '/') append_directory(base, *site.thread(), dirfd);
  append_joined(to, base.view(), path);
  return true;
}

bool append_tuple_param(Text& to, const Site& site, Bytes tuple) {
  if (tuple.empty())
    to.append("NULL");
  else
    append_socktuple(to, tuple, site.settings.render);
  return true;
}

/// The name that an exit event itself has for its descriptor. False: none.
bool append_name_in_event(Text& to, const Site& site, Form form) {
  const Event& e = site.event;
  switch (e.today_id()) {
    case id::open_exit:
      return append_path(to, site, e.get(param::open_exit::name), form);
    case id::creat_exit:
      return append_path(to, site, e.get(param::creat_exit::name), form);
    case id::openat_2_exit:
      return append_path_at(to, site, e.get(param::openat_2_exit::dirfd),
                            e.get(param::openat_2_exit::name), form);
    case id::openat2_exit:
      return append_path_at(to, site, e.get(param::openat2_exit::dirfd),
                            e.get(param::openat2_exit::name), form);
    case id::open_by_handle_at_exit:
      return append_path(to, site, e.get(param::open_by_handle_at_exit::path), form);
    case id::accept_5_exit:
      return append_tuple_param(to, site, e.get(param::accept_5_exit::tuple));
    case id::accept4_5_exit:
      return append_tuple_param(to, site, e.get(param::accept4_5_exit::tuple));
    case id::accept4_6_exit:
      return append_tuple_param(to, site, e.get(param::accept4_6_exit::tuple));
    case id::connect_exit:
      return append_tuple_param(to, site, e.get(param::connect_exit::tuple));
    default:
      return !e.is_enter();  // an empty name
  }
}

/// Where the name comes from: 0.29 takes that of a connect() which failed, or is not done yet, from
/// the event.
const Descriptor* named_descriptor(const Site& site) {
  const Event& e = site.event;
  const bool is_connect = e.raw().type == id::connect_exit;
  if (is_connect && !site.settings.as_falco && e.get(param::connect_exit::res) < 0) return nullptr;
  return event_descriptor(e);
}

bool append_name(Text& to, const Site& site, Form form) {
  if (const Descriptor* d = named_descriptor(site)) {
    to.append(form == Form::as_given && !d->given_name.empty() ? d->given_name.view()
                                                               : d->name.view());
    return true;
  }
  return append_name_in_event(to, site, form);
}

bool is_file(const Descriptor& d) { return d.type == FdType::file || d.type == FdType::file_v2; }

/// Cuts the path behind `begin` down to its directory.
void cut_to_directory(Text& text, size_t begin) {
  const std::string_view path = text.view().substr(begin);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) {
    text.truncate(begin);
    text.append('/');
  } else if (slash + 1 != path.size()) {
    text.truncate(begin + slash);
  }
}

bool append_directory_of(Text& to, const Site& site) {
  const Descriptor* d = event_descriptor(site.event);
  const size_t begin = to.size();
  if (d == nullptr) {
    if (!append_name_in_event(to, site, Form::full)) return false;
  } else if (is_file(*d) || d->type == FdType::directory) {
    to.append(d->name.view());
  } else {
    return false;
  }
  if (d == nullptr || is_file(*d)) cut_to_directory(to, begin);
  return true;
}

/// A name that several containers can have, told apart by the container.
Text& begin_container_name(const Site& site, Extraction& out) {
  return out.compose().append(site.thread()->container_id.view()).append(':');
}

}  // namespace

bool name(const Site& site, Extraction& out) {
  if (!is_fd_event(site)) return false;
  if (const Descriptor* d = named_descriptor(site)) return out.set_text(d->name.view());
  return append_name_in_event(out.compose(), site, Form::full);
}

bool given_name(const Site& site, Extraction& out) {
  if (!is_fd_event(site)) return false;
  Text& text = out.compose();
  if (!append_name(text, site, Form::as_given)) return false;
  char* kept = text.data();
  char previous = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text.data()[i];
    if (c != '/' || previous != '/') *kept++ = c;
    previous = c;
  }
  text.truncate(static_cast<size_t>(kept - text.data()));
  return true;
}

bool directory(const Site& site, Extraction& out) {
  return is_fd_event(site) && append_directory_of(out.compose(), site);
}

bool file_name(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || !is_file(*d)) return false;
  const std::string_view path = d->name.view();
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return out.set_text("/");
  return out.set_text(slash + 1 == path.size() ? path : path.substr(slash + 1));
}

bool container_name(const Site& site, Extraction& out) {
  return is_fd_event(site) && append_name(begin_container_name(site, out), site, Form::full);
}

bool container_directory(const Site& site, Extraction& out) {
  return is_fd_event(site) && append_directory_of(begin_container_name(site, out), site);
}

}  // namespace gyr::filter::fd
