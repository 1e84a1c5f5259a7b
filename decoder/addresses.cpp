#include "decoder/addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace gyr {

void append_ipv4(Text& to, const uint8_t* address) {
  for (int i = 0; i < 4; ++i) {
    if (i != 0) to.append('.');
    to.append_unsigned(address[i]);
  }
}

void append_ipv6(Text& to, const uint8_t* address) {
  char* at = to.room(INET6_ADDRSTRLEN);
  if (::inet_ntop(AF_INET6, address, at, INET6_ADDRSTRLEN) != nullptr) to.added(std::strlen(at));
}

bool is_unset(const IpAddress& address) {
  return std::all_of(address.begin(), address.end(), [](uint8_t byte) { return byte == 0; });
}

bool is_v4_mapped(const IpAddress& address) {
  static constexpr IpAddress prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(prefix.begin(), prefix.begin() + 12, address.begin()) || is_unset(address);
}

IpAddress unmapped(const IpAddress& address) {
  IpAddress v4{};
  std::copy(address.begin() + 12, address.end(), v4.begin());
  return v4;
}

void append_ip_port(Text& to, bool ipv6, const IpAddress& address, uint16_t port) {
  if (ipv6)
    append_ipv6(to, address.data());
  else
    append_ipv4(to, address.data());
  to.append(':').append_unsigned(port);
}

void append_tuple(Text& to, bool ipv6, const IpAddress& source, uint16_t source_port,
                  const IpAddress& destination, uint16_t destination_port) {
  if (ipv6 && is_v4_mapped(source) && is_v4_mapped(destination)) {
    append_tuple(to, false, unmapped(source), source_port, unmapped(destination), destination_port);
    return;
  }
  append_ip_port(to, ipv6, source, source_port);
  to.append("->");
  append_ip_port(to, ipv6, destination, destination_port);
}

void append_socket_name(Text& to, const Descriptor& socket) {
  const bool v6 = socket.is_ipv6();
  if (socket.is_ip_server()) {
    append_ip_port(to, v6, socket.source, socket.source_port);
  } else if (socket.l4 == L4Protocol::tcp || socket.l4 == L4Protocol::udp) {
    append_tuple(to, v6, socket.source, socket.source_port, socket.destination,
                 socket.destination_port);
  } else if (socket.l4 == L4Protocol::icmp || (socket.l4 == L4Protocol::raw && !v6)) {
    if (v6)
      append_ipv6(to, socket.source.data());
    else
      append_ipv4(to, socket.source.data());
    to.append("->");
    if (v6)
      append_ipv6(to, socket.destination.data());
    else
      append_ipv4(to, socket.destination.data());
  } else {
    to.append("<unknown>");
  }
}

}  // namespace gyr
