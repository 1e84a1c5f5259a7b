// fdlist.*: the descriptors that poll and ppoll wait for, as lists joined with commas.
#include <array>

#include "base/bytes.hpp"
#include "decoder/addresses.hpp"
#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

/// The parameter of event `id` with the list; -1: it has none.
int8_t list_index(uint16_t id) {
  static const auto indexes = [] {
    std::array<int8_t, schema::event_count> all;
    all.fill(-1);
    for (uint32_t i = 0; i < schema::event_count; ++i) {
      const auto params = schema::events[i].params;
      for (size_t p = 0; p < params.size(); ++p)
        if (params[p].type == ParamType::fdlist) all[i] = static_cast<int8_t>(p);
    }
    return all;
  }();
  return indexes[id];
}

bool applies(uint16_t id) { return list_index(id) >= 0; }

/// Joins what `append` has to say of each descriptor; it appends nothing for those to be left out.
/// It gets nullptr for those that are not known.
template <class F>
bool join(const Site& site, Extraction& out, F append) {
  const int8_t index = list_index(site.event.raw().type);
  if (index < 0 || site.thread() == nullptr) return false;
  if (static_cast<uint32_t>(index) >= site.event.nparams()) return false;
  Cursor cursor(site.event.param(static_cast<uint32_t>(index)));
  const auto count = cursor.take<uint16_t>();
  Text& list = out.compose();
  for (uint16_t i = 0; i < count; ++i) {
    const auto fd = cursor.take<int64_t>();
    cursor.take<int16_t>();
    if (!cursor.ok()) break;
    const size_t before = list.size();
    if (before != 0) list.append(',');
    const size_t begin = list.size();
    append(list, fd, site.thread()->fds->find(fd));
    if (list.size() == begin) list.truncate(before);
  }
  return !list.empty();
}

void append_address(Text& to, bool ipv6, const IpAddress& address) {
  if (ipv6)
    append_ipv6(to, address.data());
  else
    append_ipv4(to, address.data());
}

bool numbers(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t fd, const Descriptor*) { to.append_dec(fd); });
}

bool names(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t, const Descriptor* d) {
    to.append(d != nullptr && !d->name.empty() ? d->name.view() : std::string_view("<NA>"));
  });
}

bool client_addresses(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t, const Descriptor* d) {
    if (d != nullptr && d->is_ip_tuple()) append_address(to, d->is_ipv6(), d->source);
  });
}

bool server_addresses(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t, const Descriptor* d) {
    if (d != nullptr && d->is_ip())
      append_address(to, d->is_ipv6(), d->is_ip_server() ? d->source : d->destination);
  });
}

bool client_ports(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t, const Descriptor* d) {
    if (d != nullptr && d->is_ip_tuple()) to.append_unsigned(d->source_port);
  });
}

bool server_ports(const Site& site, Extraction& out) {
  return join(site, out, [](Text& to, int64_t, const Descriptor* d) {
    if (d != nullptr && d->is_ip_tuple()) to.append_unsigned(d->destination_port);
  });
}

constexpr std::array fields = {
    Field{.name = "fdlist.nums",
          .applies = applies,
          .extract = numbers,
          .doc = "Numbers of the descriptors that poll waits for, joined with commas."},
    Field{.name = "fdlist.names",
          .applies = applies,
          .extract = names,
          .doc = "Names of the descriptors that poll waits for, joined with commas; <NA> for one "
                 "without."},
    Field{.name = "fdlist.cips",
          .applies = applies,
          .extract = client_addresses,
          .doc = "Clients' IP addresses of the sockets that poll waits for, joined with commas."},
    Field{.name = "fdlist.sips",
          .applies = applies,
          .extract = server_addresses,
          .doc = "Servers' IP addresses of the sockets that poll waits for, joined with commas."},
    Field{.name = "fdlist.cports",
          .applies = applies,
          .extract = client_ports,
          .doc = "Clients' ports of the sockets that poll waits for, joined with commas."},
    Field{.name = "fdlist.sports",
          .applies = applies,
          .extract = server_ports,
          .doc = "Servers' ports of the sockets that poll waits for, joined with commas."},
};

}  // namespace

FieldClass fdlist_fields() {
  return {"fdlist", "Descriptors of poll", "All file descriptors that a poll or ppoll waits for.",
          fields};
}

}  // namespace gyr::filter
