// sysdig.udp_setpeername and sysdig.udp_send: datagrams to one peer, for statsd and its like.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"

namespace gyr::chisels {

namespace {

Result<int> set_peer_name(Chisel& chisel, lua_State* lua) {
  const auto host = text_argument(lua, 1, "the address");
  if (!host) return fail(host.error());
  const auto port = count_argument(lua, 2, "the port", UINT16_MAX);
  if (!port) return fail(port.error());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(*port));
  if (::inet_pton(AF_INET, std::string(*host).c_str(), &address.sin_addr) != 1)
    return fail(fmt::format("'{}' is no IPv4 address", *host));
  if (chisel.udp_socket >= 0) ::close(chisel.udp_socket);
  chisel.udp_socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (chisel.udp_socket < 0 ||
      ::connect(chisel.udp_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return fail(fmt::format("cannot reach {}: {}", *host, std::strerror(errno)));
  return 0;
}

/// That nobody listens is no error: a datagram may get lost anyway.
Result<int> send(Chisel& chisel, lua_State* lua) {
  const auto text = text_argument(lua, 1, "the message");
  if (!text) return fail(text.error());
  if (chisel.udp_socket < 0) return fail("udp_setpeername comes first");
  if (::send(chisel.udp_socket, text->data(), text->size(), MSG_NOSIGNAL) < 0 &&
      errno != ECONNREFUSED)
    return fail(fmt::format("cannot send: {}", std::strerror(errno)));
  return 0;
}

}  // namespace

void add_udp_api(lua_State* lua, Chisel& chisel) {
  add_function(lua, chisel, "udp_setpeername", enter<set_peer_name>);
  add_function(lua, chisel, "udp_send", enter<send>);
}

}  // namespace gyr::chisels
