// Texts of network addresses and sockets.
//
// Contract: addresses in network order, ports in host order, as everywhere in traces. A pair of
// v4-mapped IPv6 addresses (or unset ones) prints as IPv4.
//
// Example:
//   append_tuple(text, family::ipv4, source, 1234, destination, 80);  // 10.0.0.1:1234->10.0.0.2:80
#pragma once

#include <cstdint>

#include "base/text.hpp"
#include "capture/records.hpp"
#include "decoder/descriptor.hpp"

namespace gyr {

/// Address families, the kernel's AF_* numbers.
namespace family {
inline constexpr uint8_t unix_domain = 1, ipv4 = 2, ipv6 = 10, netlink = 16;
}

void append_ipv4(Text& to, const uint8_t* address);
void append_ipv6(Text& to, const uint8_t* address);

/// `::ffff:a.b.c.d`, or all zeroes.
bool is_v4_mapped(const IpAddress& address);
bool is_unset(const IpAddress& address);
/// The IPv4 address inside a v4-mapped one.
IpAddress unmapped(const IpAddress& address);

void append_ip_port(Text& to, bool ipv6, const IpAddress& address, uint16_t port);
void append_tuple(Text& to, bool ipv6, const IpAddress& source, uint16_t source_port,
                  const IpAddress& destination, uint16_t destination_port);
/// The name of an IP socket, from its addresses and protocol.
void append_socket_name(Text& to, const Descriptor& socket);

}  // namespace gyr
