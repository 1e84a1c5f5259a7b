// The two ends of IP sockets: client and server, local and remote; addresses, ports, names.
#include <algorithm>

#include "decoder/addresses.hpp"
#include "filter/fields/fd_fields.hpp"
#include "filter/fields/host_names.hpp"

namespace gyr::filter::fd {

namespace {

struct End {
  const IpAddress* address = nullptr;
  uint16_t port = 0;
};

std::string_view address_text(const IpAddress& address, bool ipv6) {
  return {reinterpret_cast<const char*>(address.data()), ipv6 ? size_t{16} : size_t{4}};
}

/// Whether an address is one of the machine that was recorded.
bool is_local(const State& state, bool ipv6, const IpAddress& address) {
  if (ipv6 && is_v4_mapped(address) && !is_unset(address))
    return is_local(state, false, unmapped(address));
  // Of IPv6 the network is enough: hosts change the other half of their addresses.
  const size_t compared = ipv6 ? 8 : 4;
  for (const Interface& interface : state.interfaces) {
    if (interface.ipv6 == ipv6 &&
        std::equal(address.begin(), address.begin() + compared, interface.address.begin()))
      return true;
  }
  return false;
}

/// The socket of an event if it is a connection whose ends are known to be client and server.
const Descriptor* connection(const Site& site) {
  const Descriptor* d = descriptor(site);
  return d != nullptr && d->is_ip_tuple() && d->role != SocketRole::none ? d : nullptr;
}

End source(const Descriptor& d) { return {&d.source, d.source_port}; }
End destination(const Descriptor& d) { return {&d.destination, d.destination_port}; }

bool source_is_local(const Site& site, const Descriptor& d) {
  return is_local(site.state, d.is_ipv6(), d.source);
}
End local_end(const Site& site, const Descriptor& d) {
  return source_is_local(site, d) ? source(d) : destination(d);
}
End remote_end(const Site& site, const Descriptor& d) {
  return source_is_local(site, d) ? destination(d) : source(d);
}

bool set_address(Extraction& out, const Descriptor& d, End end) {
  return out.set_text(address_text(*end.address, d.is_ipv6()));
}

bool set_service(const Site& site, Extraction& out, const Descriptor& d, uint16_t port) {
  if (site.settings.resolve_ports) {
    const std::string_view name = service_name(port, d.l4);
    if (!name.empty()) return out.set_text(name);
  }
  out.compose().append_unsigned(port);
  return true;
}

/// Replaces an address by its name.
bool set_host(Extraction& out, bool found) {
  if (!found) return false;
  const std::string_view name = host_name(out.first().text);
  return !name.empty() && out.set_text(name);
}

}  // namespace

bool addresses(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || !d->is_ip()) return false;
  out.add({0, address_text(d->source, d->is_ipv6())});
  if (d->is_ip_tuple()) out.add({0, address_text(d->destination, d->is_ipv6())});
  return true;
}

bool client_address(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && set_address(out, *d, source(*d));
}

bool server_address(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || !d->is_ip() || d->role == SocketRole::none) return false;
  return set_address(out, *d, d->is_ip_server() ? source(*d) : destination(*d));
}

bool local_address(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && set_address(out, *d, local_end(site, *d));
}

bool remote_address(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && set_address(out, *d, remote_end(site, *d));
}

bool ports(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || !d->is_ip()) return false;
  out.add({d->source_port, {}});
  if (d->is_ip_tuple()) out.add({d->destination_port, {}});
  return true;
}

/// What has a role but is no connection has port 0.
bool client_port(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || d->role == SocketRole::none) return false;
  return out.set_number(d->is_ip_tuple() ? d->source_port : 0);
}

bool server_port(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  if (d->is_ip_server()) return out.set_number(d->source_port);
  return d->is_ip_tuple() && d->role != SocketRole::none && out.set_number(d->destination_port);
}

bool local_port(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && out.set_number(local_end(site, *d).port);
}

bool remote_port(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && out.set_number(remote_end(site, *d).port);
}

bool client_service(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr || d->role == SocketRole::none) return false;
  return d->is_ip_tuple() ? set_service(site, out, *d, d->source_port) : out.set_text("");
}

bool server_service(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  if (d->is_ip_server()) return out.set_text("");
  return d->is_ip_tuple() && d->role != SocketRole::none &&
         set_service(site, out, *d, d->destination_port);
}

bool local_service(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && set_service(site, out, *d, local_end(site, *d).port);
}

bool remote_service(const Site& site, Extraction& out) {
  const Descriptor* d = connection(site);
  return d != nullptr && set_service(site, out, *d, remote_end(site, *d).port);
}

bool is_server(const Site& site, Extraction& out) {
  const Descriptor* d = descriptor(site);
  if (d == nullptr) return false;
  const bool serves =
      d->is_ip_server() || (d->is_ip_tuple() && is_local(site.state, d->is_ipv6(), d->destination));
  return out.set_number(serves);
}

bool client_host(const Site& site, Extraction& out) {
  return set_host(out, client_address(site, out));
}
bool server_host(const Site& site, Extraction& out) {
  return set_host(out, server_address(site, out));
}
bool local_host(const Site& site, Extraction& out) {
  return set_host(out, local_address(site, out));
}
bool remote_host(const Site& site, Extraction& out) {
  return set_host(out, remote_address(site, out));
}

}  // namespace gyr::filter::fd
