// What socket calls do to a socket's descriptor: ends, role, name.
//
// Purpose: the rules by which a socket gets the name "client:port->server:port".
//
// Contract: `source` is the client once a role is known. Facts: gyr(8), "Sockets".
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "decoder/descriptor.hpp"
#include "decoder/state.hpp"

namespace gyr::sockets {

/// Both ends of a connection, or one address, as a parameter holds them.
struct Tuple {
  uint8_t family = 0;
  IpAddress source{}, destination{};
  uint16_t source_port = 0, destination_port = 0;
  uint64_t unix_source = 0, unix_destination = 0;
  std::string_view path;

  bool is_ip() const;
};

/// nullopt: empty, malformed, or a family without addresses.
std::optional<Tuple> parse_tuple(Bytes param);
/// A sockaddr parameter; its address becomes the destination.
std::optional<Tuple> parse_address(Bytes param);

void as_ipv4_if_mapped(Descriptor& socket);
void swap_ends(Descriptor& socket);
/// Sets an end that is still 0.0.0.0 from the machine's interfaces.
void fill_missing_address(const State& state, Descriptor& socket);
/// Sets the name from the addresses.
void rename(Descriptor& socket);

/// connect() that succeeded or is in progress.
void connected(Descriptor& socket, const Tuple& tuple);
/// bind() to an address.
void bound(Descriptor& socket, const Tuple& address);
/// A socket that accept() returned.
Ref<Descriptor> accepted(const Tuple& tuple);
enum class Direction : uint8_t { send, receive };
/// Data to or from a socket that is not connected TCP. `invented`: nothing was known of it before,
/// not even its protocol.
void transferred(const State& state, const FdTable& fds, Descriptor& socket, const Tuple& tuple,
                 Direction direction, bool invented);

}  // namespace gyr::sockets
