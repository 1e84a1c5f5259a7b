#include "decoder/addresses.hpp"

#include <doctest/doctest.h>

#include "tests/support/trace_builder.hpp"

using namespace gyr;
using gyr::test::ip;

namespace {

std::string tuple_text(bool ipv6, const char* from, const char* to) {
  Text text;
  append_tuple(text, ipv6, ip(from), 1, ip(to), 65535);
  return std::string(text.view());
}

std::string socket_name(FdType type, L4Protocol l4) {
  Descriptor socket;
  socket.type = type;
  socket.l4 = l4;
  const bool v6 = socket.is_ipv6();
  socket.source = ip(v6 ? "2001:db8::1" : "10.0.0.1");
  socket.destination = ip(v6 ? "::1" : "10.0.0.2");
  socket.source_port = 1000;
  socket.destination_port = 80;
  Text text;
  append_socket_name(text, socket);
  return std::string(text.view());
}

}  // namespace

TEST_CASE("tuples of addresses") {
  CHECK(tuple_text(false, "10.1.2.3", "255.255.255.255") == "10.1.2.3:1->255.255.255.255:65535");
  CHECK(tuple_text(true, "2001:db8::1", "::1") == "2001:db8::1:1->::1:65535");
  CHECK(tuple_text(true, "fe80:1:2:3:4:5:6:7", "::") == "fe80:1:2:3:4:5:6:7:1->:::65535");
}

TEST_CASE("a pair of v4-mapped addresses prints as IPv4, a mixed one does not") {
  CHECK(tuple_text(true, "::ffff:10.0.0.1", "::ffff:10.0.0.2") == "10.0.0.1:1->10.0.0.2:65535");
  CHECK(tuple_text(true, "::ffff:10.0.0.1", "::") == "10.0.0.1:1->0.0.0.0:65535");
  CHECK(tuple_text(true, "::ffff:10.0.0.1", "::1") == "::ffff:10.0.0.1:1->::1:65535");
  CHECK(is_v4_mapped(ip("::ffff:1.2.3.4")));
  CHECK(is_v4_mapped(ip("::")));
  CHECK_FALSE(is_v4_mapped(ip("::1")));
  CHECK_FALSE(is_v4_mapped(ip("::fffe:1.2.3.4")));
  CHECK(unmapped(ip("::ffff:1.2.3.4")) == ip("1.2.3.4"));
  CHECK(is_unset(ip("0.0.0.0")));
  CHECK_FALSE(is_unset(ip("::1")));
}

TEST_CASE("names of sockets by kind and protocol") {
  for (const L4Protocol l4 : {L4Protocol::tcp, L4Protocol::udp}) {
    CHECK(socket_name(FdType::ipv4_socket, l4) == "10.0.0.1:1000->10.0.0.2:80");
    CHECK(socket_name(FdType::ipv6_socket, l4) == "2001:db8::1:1000->::1:80");
  }
  CHECK(socket_name(FdType::ipv4_server, L4Protocol::tcp) == "10.0.0.1:1000");
  CHECK(socket_name(FdType::ipv6_server, L4Protocol::tcp) == "2001:db8::1:1000");
  CHECK(socket_name(FdType::ipv4_socket, L4Protocol::icmp) == "10.0.0.1->10.0.0.2");
  CHECK(socket_name(FdType::ipv6_socket, L4Protocol::icmp) == "2001:db8::1->::1");
  CHECK(socket_name(FdType::ipv4_socket, L4Protocol::raw) == "10.0.0.1->10.0.0.2");
  CHECK(socket_name(FdType::ipv6_socket, L4Protocol::raw) == "<unknown>");
  CHECK(socket_name(FdType::ipv4_socket, L4Protocol::unknown) == "<unknown>");
}
