#include "decoder/sockets.hpp"

#include <algorithm>

#include "decoder/addresses.hpp"

namespace gyr::sockets {

namespace {

constexpr size_t ipv4_size = 4, ipv6_size = 16;

std::string_view take_path(Cursor& cursor) {
  const std::string_view rest = as_text(cursor.take_bytes(cursor.left()));
  return rest.substr(0, rest.find('\0'));
}

bool same_addresses(const Descriptor& socket, const Tuple& tuple) {
  return socket.source == tuple.source && socket.source_port == tuple.source_port &&
         socket.destination == tuple.destination &&
         socket.destination_port == tuple.destination_port;
}

bool same_addresses_swapped(const Descriptor& socket, const Tuple& tuple) {
  return socket.source == tuple.destination && socket.source_port == tuple.destination_port &&
         socket.destination == tuple.source && socket.destination_port == tuple.source_port;
}

void set_addresses(Descriptor& socket, const Tuple& tuple) {
  socket.type = tuple.family == family::ipv6 ? FdType::ipv6_socket : FdType::ipv4_socket;
  socket.source = tuple.source;
  socket.source_port = tuple.source_port;
  socket.destination = tuple.destination;
  socket.destination_port = tuple.destination_port;
  as_ipv4_if_mapped(socket);
}

void rename_unix(Descriptor& socket, const Tuple& tuple) {
  socket.type = FdType::unix_socket;
  socket.unix_source = tuple.unix_source;
  socket.unix_destination = tuple.unix_destination;
  Text name;
  name.append_hex(tuple.unix_source, false).append("->").append_hex(tuple.unix_destination, false);
  name.append(' ').append(tuple.path);
  socket.name = descriptor_name(name.view());
}

/// Only one end of a local connection has a path, and a tuple has that of its destination: data
/// that come back to a client do not name it.
bool tells_less(const Descriptor& socket, const Tuple& tuple) {
  if (!tuple.path.empty() || socket.name.empty()) return false;
  const bool same =
      socket.unix_source == tuple.unix_source && socket.unix_destination == tuple.unix_destination;
  const bool swapped =
      socket.unix_source == tuple.unix_destination && socket.unix_destination == tuple.unix_source;
  return same || swapped;
}

/// The socket of the process that listens on `port`; nullptr when there is none.
const Descriptor* listener_on(const FdTable& fds, bool ipv6, uint16_t port,
                              std::optional<L4Protocol> l4) {
  const Descriptor* listener = nullptr;
  const FdType type = ipv6 ? FdType::ipv6_server : FdType::ipv4_server;
  fds.for_each([&](int64_t, const Descriptor& d) {
    if (d.type == type && d.source_port == port && (!l4 || d.l4 == *l4)) listener = &d;
  });
  return listener;
}

/// Decides who is the client of a socket whose creation was missed: not us where we listen on the
/// local port, else whoever sends the first data.
void guess_role(const FdTable& fds, Descriptor& socket, Direction direction, bool invented) {
  const bool v6 = socket.type == FdType::ipv6_socket;
  const bool sending = direction == Direction::send;
  const uint16_t local_port = sending ? socket.source_port : socket.destination_port;
  const Descriptor* listener =
      listener_on(fds, v6, local_port, invented ? std::nullopt : std::optional(socket.l4));
  if (listener != nullptr) socket.l4 = listener->l4;
  const bool server = listener != nullptr || !sending;
  socket.role = server ? SocketRole::server : SocketRole::client;
}

bool same_subnet(const Interface& interface, const IpAddress& address) {
  if (interface.ipv6)
    return std::equal(address.begin(), address.begin() + 8, interface.address.begin());
  for (size_t i = 0; i < ipv4_size; ++i) {
    if ((address[i] & interface.netmask[i]) != (interface.address[i] & interface.netmask[i]))
      return false;
  }
  return true;
}

bool is_loopback(const Interface& interface) {
  static constexpr IpAddress v4 = {127, 0, 0, 1};
  static constexpr IpAddress v6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return interface.address == (interface.ipv6 ? v6 : v4);
}

/// The machine's own address towards `other`: the same one, one of its subnet, any but loopback.
IpAddress local_address_towards(const State& state, bool ipv6, const IpAddress& other) {
  const auto find = [&](auto accept) -> const Interface* {
    for (const Interface& i : state.interfaces) {
      if (i.ipv6 == ipv6 && accept(i)) return &i;
    }
    return nullptr;
  };
  const Interface* found = find([&](const Interface& i) { return i.address == other; });
  if (found == nullptr) found = find([&](const Interface& i) { return same_subnet(i, other); });
  if (found == nullptr) found = find([](const Interface& i) { return !is_loopback(i); });
  return found != nullptr ? found->address : IpAddress{};
}

}  // namespace

bool Tuple::is_ip() const { return family == family::ipv4 || family == family::ipv6; }

std::optional<Tuple> parse_tuple(Bytes param) {
  if (param.empty()) return std::nullopt;
  Cursor cursor(param);
  Tuple tuple;
  tuple.family = cursor.take<uint8_t>();
  if (tuple.family == family::unix_domain) {
    tuple.unix_source = cursor.take<uint64_t>();
    tuple.unix_destination = cursor.take<uint64_t>();
    tuple.path = take_path(cursor);
  } else if (tuple.is_ip()) {
    const size_t size = tuple.family == family::ipv6 ? ipv6_size : ipv4_size;
    tuple.source = take_address(cursor, size);
    tuple.source_port = cursor.take<uint16_t>();
    tuple.destination = take_address(cursor, size);
    tuple.destination_port = cursor.take<uint16_t>();
  } else {
    return std::nullopt;
  }
  if (!cursor.ok() || cursor.left() != 0) return std::nullopt;
  return tuple;
}

std::optional<Tuple> parse_address(Bytes param) {
  if (param.empty()) return std::nullopt;
  Cursor cursor(param);
  Tuple tuple;
  tuple.family = cursor.take<uint8_t>();
  if (tuple.family == family::unix_domain) {
    tuple.path = take_path(cursor);
  } else if (tuple.is_ip()) {
    tuple.destination = take_address(cursor, tuple.family == family::ipv6 ? ipv6_size : ipv4_size);
    tuple.destination_port = cursor.take<uint16_t>();
  } else {
    return std::nullopt;
  }
  if (!cursor.ok() || cursor.left() != 0) return std::nullopt;
  return tuple;
}

void as_ipv4_if_mapped(Descriptor& socket) {
  if (socket.type != FdType::ipv6_socket) return;
  if (!is_v4_mapped(socket.source) || !is_v4_mapped(socket.destination)) return;
  socket.type = FdType::ipv4_socket;
  socket.source = unmapped(socket.source);
  socket.destination = unmapped(socket.destination);
}

void swap_ends(Descriptor& socket) {
  std::swap(socket.source, socket.destination);
  std::swap(socket.source_port, socket.destination_port);
}

void fill_missing_address(const State& state, Descriptor& socket) {
  const bool no_source = is_unset(socket.source), no_destination = is_unset(socket.destination);
  if (no_source == no_destination) return;
  const IpAddress& known = no_source ? socket.destination : socket.source;
  const IpAddress local = local_address_towards(state, socket.type == FdType::ipv6_socket, known);
  if (local == known && socket.source_port == socket.destination_port) return;
  (no_source ? socket.source : socket.destination) = local;
}

void rename(Descriptor& socket) {
  Text name;
  append_socket_name(name, socket);
  socket.name = descriptor_name(name.view());
}

void connected(Descriptor& socket, const Tuple& tuple) {
  if (tuple.family == family::unix_domain) {
    rename_unix(socket, tuple);
  } else if (tuple.is_ip()) {
    const bool changed = !same_addresses(socket, tuple);
    set_addresses(socket, tuple);
    if (changed && socket.role == SocketRole::server && socket.l4 == L4Protocol::udp &&
        socket.type == FdType::ipv4_socket)
      swap_ends(socket);
    rename(socket);
  }
  if (socket.role == SocketRole::none) socket.role = SocketRole::client;
}

void bound(Descriptor& socket, const Tuple& address) {
  Text name;
  if (address.family == family::unix_domain) {
    name.append(address.path);
  } else if (address.is_ip()) {
    const bool v6 = address.family == family::ipv6;
    append_ip_port(name, v6, address.destination, address.destination_port);
    if (address.destination_port != 0) {
      const bool mapped = v6 && is_v4_mapped(address.destination) && !is_unset(address.destination);
      socket.type = v6 && !mapped ? FdType::ipv6_server : FdType::ipv4_server;
      socket.source = mapped ? unmapped(address.destination) : address.destination;
      socket.source_port = address.destination_port;
      socket.role = SocketRole::server;
    }
  }
  socket.name = descriptor_name(name.view());
}

Ref<Descriptor> accepted(const Tuple& tuple) {
  auto socket = make_ref<Descriptor>();
  if (tuple.family == family::unix_domain) {
    rename_unix(*socket, tuple);
  } else {
    socket->l4 = L4Protocol::tcp;
    set_addresses(*socket, tuple);
    rename(*socket);
  }
  socket->role = SocketRole::server;
  socket->connected = true;
  return socket;
}

void transferred(const State& state, const FdTable& fds, Descriptor& socket, const Tuple& tuple,
                 Direction direction, bool invented) {
  if (tuple.family == family::unix_domain) {
    if (!tells_less(socket, tuple)) rename_unix(socket, tuple);
    return;
  }
  const bool known = same_addresses(socket, tuple) || same_addresses_swapped(socket, tuple);
  if (known && socket.is_ip_tuple() && !socket.name.empty()) return;
  if (socket.l4 == L4Protocol::unknown || socket.l4 == L4Protocol::not_applicable)
    socket.l4 = L4Protocol::udp;
  set_addresses(socket, tuple);
  fill_missing_address(state, socket);
  if (socket.role == SocketRole::none) guess_role(fds, socket, direction, invented);
  // A received tuple is remote -> local, a sent one local -> remote; kept is client -> server.
  const SocketRole to_swap =
      direction == Direction::receive ? SocketRole::client : SocketRole::server;
  if (socket.role == to_swap) swap_ends(socket);
  rename(socket);
}

}  // namespace gyr::sockets
