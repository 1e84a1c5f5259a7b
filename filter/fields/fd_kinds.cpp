// fd.num, fd.type and others: which descriptor an event works on, and of what kind it is.
#include <algorithm>
#include <array>

#include "decoder/render/names.hpp"
#include "filter/fields/fd_fields.hpp"

namespace gyr::filter::fd {

namespace {

namespace id = schema::type;

constexpr uint8_t today = 1, in_0_29 = 2;

/// Which fd events are so for whom: bits per event id.
const std::array<uint8_t, schema::event_count>& fd_events() {
  static const auto table = [] {
    std::array<uint8_t, schema::event_count> all{};
    constexpr uint32_t fd_flags = schema::creates_fd | schema::uses_fd | schema::destroys_fd;
    for (uint32_t i = 0; i < schema::event_count; ++i)
      all[i] = (schema::events[i].flags & fd_flags) != 0 ? today | in_0_29 : 0;
    // Since 0.29 calls were added whose descriptor is where a path starts, or one among others.
    for (const uint16_t later :
         {id::mmap_enter, id::mmap_exit, id::mmap2_enter, id::mmap2_exit, id::symlinkat_exit,
          id::unlinkat_2_exit, id::mkdirat_exit, id::fchmodat_exit, id::fchmod_exit})
      all[later] = today;
    all[id::fstat64_exit] = in_0_29;  // an old event that nobody writes any more
    return all;
  }();
  return table;
}

std::string_view kind_name(FdType type) {
  const std::string_view name = type_name(type);
  return name.empty() ? std::string_view("<NA>") : name;
}

/// What an event's name lets expect where the descriptor is not known.
char expected_kind(std::string_view event) {
  struct Expected {
    std::string_view start;
    char letter;
  };
  static constexpr Expected all[] = {
      {"openat", 'f'},  {"creat", 'f'},    {"accept", '4'},         {"pipe", 'p'},
      {"eventfd", 'e'}, {"signalfd", 's'}, {"timerfd_create", 't'}, {"inotify_init", 'i'},
  };
  if (event == "open") return 'f';
  if (event == "socket") return '4';
  for (const Expected& expected : all)
    if (event.starts_with(expected.start)) return expected.letter;
  return 'o';
}

char expected_kind(uint16_t event) {
  static const auto letters = [] {
    std::array<char, schema::event_count> all;
    for (uint32_t i = 0; i < schema::event_count; ++i)
      all[i] = expected_kind(schema::events[i].name);
    return all;
  }();
  return letters[event];
}

/// A text of one character; views need something to point to.
std::string_view one_letter(char letter) {
  static const auto letters = [] {
    std::array<char, 128> all;
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
    return all;
  }();
  return {&letters[static_cast<size_t>(letter) % letters.size()], 1};
}

/// A read or write that succeeded. The state does not follow those of sockets, they are too many.
bool moved_data(const Event& event) {
  constexpr uint32_t moves = schema::reads_fd | schema::writes_fd;
  if (event.is_enter() || (event.info().flags & moves) == 0 || event.nparams() == 0) return false;
  return Event::value<int64_t>(event.param(0)) >= 0;
}

bool has_layer(const Site& site, Extraction& out, uint32_t layer) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_number((d->open_flags & layer) != 0);
}

}  // namespace

bool applies(uint16_t id) { return fd_events()[id] != 0; }

bool is_fd_event(const Site& site) {
  const uint8_t wanted = site.settings.as_falco ? today : in_0_29;
  return (fd_events()[site.event.raw().type] & wanted) != 0 && site.thread() != nullptr;
}

bool number(const Site& site, Extraction& out) {
  return is_fd_event(site) && out.set_signed(event_fd(site.event));
}

bool type(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_text(kind_name(d->type));
}

bool type_char(const Site& site, Extraction& out) {
  if (!is_fd_event(site)) return false;
  const Descriptor* d = event_descriptor(site.event);
  return out.set_text(
      one_letter(d != nullptr ? type_letter(d->type) : expected_kind(site.event.raw().type)));
}

bool l4_protocol(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  switch (protocol_letter(*d)) {
    case 't':
      return out.set_text("tcp");
    case 'u':
      return out.set_text("udp");
    case 'i':
      return out.set_text("icmp");
    case 'r':
      return out.set_text("raw");
    default:
      return out.set_text("<NA>");
  }
}

bool socket_family(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  if (d->is_ip()) return out.set_text("ip");
  return d->type == FdType::unix_socket && out.set_text("unix");
}

bool unique_id(const Site& site, Extraction& out) {
  if (!is_fd_event(site)) return false;
  out.compose().append_dec(site.thread()->tid).append_dec(event_fd(site.event));
  return true;
}

bool connected(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  return out.set_number(d->connected || (d->is_ip_tuple() && moved_data(site.event)));
}

bool name_changed(const Site& site, Extraction& out) {
  return descriptor(site) != nullptr && out.set_number(site.event.names_fd());
}

bool device(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_number(d->dev);
}

bool device_major(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_number((d->dev & 0xfff00) >> 8);
}

bool device_minor(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_number((d->dev & 0xff) | ((d->dev >> 12) & 0xfff00));
}

bool inode(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && out.set_number(d->ino);
}

bool types(const Site& site, Extraction& out) {
  if (!is_fd_event(site)) return false;
  const FdTable& fds = *site.thread()->fds;
  if (site.argument.index) {
    const Descriptor* d = fds.find(static_cast<int64_t>(*site.argument.index));
    if (d == nullptr) return false;
    out.add({0, kind_name(d->type)});
    return true;
  }
  std::array<bool, last_fd_type + 1> open{};
  fds.for_each([&open](int64_t, const Descriptor& d) {
    const auto index = static_cast<size_t>(d.type);
    open[index < open.size() ? index : 0] = true;
  });
  for (size_t i = 0; i < open.size(); ++i) {
    if (!open[i]) continue;
    const std::string_view kind = kind_name(static_cast<FdType>(i));
    const auto said = out.values();
    const bool again = std::any_of(said.begin(), said.end(),
                                   [kind](const Value& value) { return value.text == kind; });
    if (!again) out.add({0, kind});
  }
  return true;
}

bool is_upper_layer(const Site& site, Extraction& out) {
  return has_layer(site, out, o_upper_layer);
}

bool is_lower_layer(const Site& site, Extraction& out) {
  return has_layer(site, out, o_lower_layer);
}

}  // namespace gyr::filter::fd
