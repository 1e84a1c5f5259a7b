// Network addresses as cases write them.
//
// Contract: an end is "1.2.3.4:80", "[fe80::1]:80" or, as gyr prints it, "fe80::1:80"; without a
// port, of an IPv4 address or one in brackets, the port is 0. A pair is "END->END", both of one
// kind. What stands in no such form gives nothing.
//
// Example:
//   const auto pair = parse_pair("10.0.0.1:4000->10.0.0.2:80");
//   pair->destination.port == 80
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capture/records.hpp"

namespace gyr::rules {

struct IpEnd {
  bool ipv6 = false;
  IpAddress address{};
  uint16_t port = 0;
};

struct IpPair {
  IpEnd source, destination;
};

/// An address without a port.
std::optional<IpEnd> parse_address(std::string_view text);
std::optional<IpEnd> parse_end(std::string_view text);
std::optional<IpPair> parse_pair(std::string_view text);

/// The bytes of parameters, as gyr-scap(5) has them under "Composite parameters".
std::string end_bytes(const IpEnd& end);
std::string pair_bytes(const IpPair& pair);
std::string unix_end_bytes(std::string_view path);
std::string unix_pair_bytes(uint64_t source, uint64_t destination, std::string_view path);

}  // namespace gyr::rules
