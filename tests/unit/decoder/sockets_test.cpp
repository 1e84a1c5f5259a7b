// How sockets get their names: bind, accept, connect, and data in both directions.
#include "decoder/sockets.hpp"

#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

constexpr uint32_t inet = 2, inet6 = 10, unix_domain = 1, netlink = 16;
constexpr uint32_t stream = 1, dgram = 2, raw = 3;
constexpr End client{"10.0.0.1", 4000}, server{"10.0.0.2", 80};
constexpr End client6{"2001:db8::1", 4000}, server6{"2001:db8::2", 80};

ThreadRecord process(int64_t tid) {
  ThreadRecord t;
  t.tid = t.pid = tid;
  t.comm = "net";
  return t;
}

struct Net : World {
  Net() : World({process(7)}) {
    InterfaceRecord loopback, eth;
    loopback.address = ip("127.0.0.1");
    loopback.netmask = ip("255.0.0.0");
    eth.address = ip("10.0.0.9");
    eth.netmask = ip("255.255.255.0");
    records().interface(loopback);
    records().interface(eth);
    by(7);
  }
  std::string socket(int64_t fd, uint32_t domain, uint32_t kind, uint32_t protocol = 0) {
    return event(type::socket_exit, {i64(fd), u32(domain), u32(kind), u32(protocol), u32(0x1000)});
  }
  std::string bind(int64_t fd, const Param& address, int64_t res = 0) {
    return event(type::bind_exit, {i64(res), address, i64(fd)});
  }
  std::string connect(int64_t fd, const Param& pair, int64_t res = 0) {
    return event(type::connect_exit, {i64(res), pair, i64(fd)});
  }
  std::string sendto(int64_t fd, const Param& pair, int64_t res = 1) {
    return event(type::sendto_exit, {i64(res), blob("x"), i64(fd), u32(1), pair});
  }
  std::string recvfrom(int64_t fd, const Param& pair, int64_t res = 1) {
    return event(type::recvfrom_exit, {i64(res), blob("x"), pair, i64(fd), u32(1)});
  }
  std::string name(int64_t number) const { return fd(7, number); }
};

}  // namespace

TEST_CASE("a new socket shows its family, not yet a protocol") {
  Net n;
  CHECK(n.socket(3, inet, stream) ==
        "fd=3(<4>) domain=2(AF_INET) type=1 proto=0 "
        "flags=4096(O_CLOEXEC)");
  n.socket(4, inet6, dgram);
  n.socket(5, unix_domain, stream);
  n.socket(6, netlink, raw);
  n.socket(8, 17, raw);
  CHECK(n.name(4) == "<6>");
  CHECK(n.name(5) == "<u>");
  CHECK(n.name(6) == "<n>");
  CHECK(n.name(8) == "<o>");
  CHECK(n.thread(7)->fds->find(3)->open_flags == 0x1000);
  n.socket(-97, inet, stream);
  CHECK(n.name(-97) == "none");
}

TEST_CASE("the protocol follows from type and protocol") {
  Net n;
  const auto l4 = [&](uint32_t kind, uint32_t protocol) {
    n.socket(3, inet, kind, protocol);
    return n.thread(7)->fds->find(3)->l4;
  };
  CHECK(l4(stream, 0) == L4Protocol::tcp);
  CHECK(l4(stream | 0x800, 0) == L4Protocol::tcp);
  CHECK(l4(dgram | 0x80000, 0) == L4Protocol::udp);
  CHECK(l4(5, 0) == L4Protocol::unknown);
  CHECK(l4(stream, 6) == L4Protocol::tcp);
  CHECK(l4(raw, 6) == L4Protocol::raw);
  CHECK(l4(dgram, 17) == L4Protocol::udp);
  CHECK(l4(dgram, 1) == L4Protocol::icmp);
  CHECK(l4(raw, 1) == L4Protocol::raw);
  CHECK(l4(raw, 255) == L4Protocol::raw);
  CHECK(l4(stream, 132) == L4Protocol::unknown);
}

TEST_CASE("bind makes a server of a socket with a port") {
  Net n;
  n.socket(3, inet, stream);
  CHECK(n.bind(3, socket_address({"0.0.0.0", 8080})) ==
        "res=0 addr=0.0.0.0:8080 fd=3(<4t>0.0.0.0:8080)");
  n.socket(4, inet6, dgram);
  n.bind(4, socket_address({"::1", 53}));
  CHECK(n.name(4) == "<6u>::1:53");
  n.socket(5, inet6, stream);
  n.bind(5, socket_address({"::ffff:10.0.0.1", 53}));
  CHECK(n.name(5).starts_with("<4t>"));
  n.socket(6, inet, stream);
  n.bind(6, socket_address({"10.0.0.1", 0}));
  CHECK(n.name(6) == "<4>10.0.0.1:0");
  n.socket(8, unix_domain, stream);
  n.bind(8, unix_address("/run/s.sock"));
  CHECK(n.name(8) == "<u>/run/s.sock");
}

TEST_CASE("a bind that fails, or of something unknown, changes nothing") {
  Net n;
  n.socket(3, inet, stream);
  n.bind(3, socket_address(server), -98);
  CHECK(n.name(3) == "<4>");
  n.bind(99, socket_address(server));
  CHECK(n.name(99) == "none");
  n.bind(3, empty());
  n.bind(3, u8(2) + "abc");
  CHECK(n.name(3) == "<4>");
}

TEST_CASE("accept makes a connected server socket, named client first") {
  Net n;
  CHECK(n.event(type::accept_5_exit, {i64(5), tuple(client, server), u8(0), u32(0), u32(128)}) ==
        "fd=5(<4t>10.0.0.1:4000->10.0.0.2:80) tuple=10.0.0.1:4000->10.0.0.2:80 queuepct=0 "
        "queuelen=0 queuemax=128");
  CHECK(n.thread(7)->fds->find(5)->role == SocketRole::server);
  CHECK(n.thread(7)->fds->find(5)->connected);
  n.event(type::accept4_6_exit, {i64(6), tuple({"::ffff:10.0.0.1", 1}, {"::ffff:10.0.0.2", 2}),
                                 u8(0), u32(0), u32(0), i32(0x80000)});
  CHECK(n.name(6) == "<4t>10.0.0.1:1->10.0.0.2:2");
  CHECK(n.thread(7)->fds->find(6)->open_flags == 0x1000);
  n.event(type::accept_5_exit, {i64(8), unix_tuple(0xab, 0xcd, "/run/s")});
  CHECK(n.name(8) == "<u>ab->cd /run/s");
  n.event(type::accept_5_exit, {i64(9), empty()});
  CHECK(n.name(9) == "none");
  n.event(type::accept_5_exit, {i64(-11), empty()});
  CHECK(n.name(-11) == "none");
}

TEST_CASE("connect names a socket from here to there") {
  Net n;
  n.socket(3, inet, stream);
  CHECK(n.connect(3, tuple(client, server)) ==
        "res=0 tuple=10.0.0.1:4000->10.0.0.2:80 fd=3(<4t>10.0.0.1:4000->10.0.0.2:80)");
  CHECK(n.thread(7)->fds->find(3)->role == SocketRole::client);
  n.socket(4, inet6, dgram);
  n.connect(4, tuple(client6, server6), -115);  // in progress
  CHECK(n.name(4) == "<6u>2001:db8::1:4000->2001:db8::2:80");
  CHECK(n.thread(7)->fds->find(4)->connected);
  n.socket(5, inet6, stream);
  n.connect(5, tuple({"::ffff:10.0.0.1", 1}, {"::ffff:10.0.0.2", 2}));
  CHECK(n.name(5) == "<4t>10.0.0.1:1->10.0.0.2:2");
  n.socket(6, unix_domain, stream);
  n.connect(6, unix_tuple(0x10, 0x20, "/run/nscd"));
  CHECK(n.name(6) == "<u>10->20 /run/nscd");
}

TEST_CASE("connect again: the name follows") {
  Net n;
  n.socket(3, inet, dgram);
  n.connect(3, tuple(client, server));
  n.connect(3, tuple(client, {"10.0.0.3", 53}));
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.3:53");
}

TEST_CASE("a connect that fails changes nothing, except that a local socket keeps where it went") {
  Net n;
  n.socket(3, inet, stream);
  n.connect(3, tuple(client, server), -111);
  CHECK(n.name(3) == "<4>");
  n.socket(4, unix_domain, stream);
  CHECK(n.event(type::connect_enter, {i64(4), unix_address("/run/none")}) ==
        "fd=4(<u>/run/none) addr=/run/none");
  CHECK(n.event(type::connect_exit, {i64(-2), empty()}) == "res=-2(ENOENT) tuple=NULL");
  CHECK(n.name(4) == "<u>/run/none");
}

TEST_CASE("without a tuple the address of the enter event is where a connect went") {
  Net n;
  n.socket(3, inet, stream);
  n.event(type::connect_enter, {i64(3), socket_address(server)});
  n.event(type::connect_exit, {i64(0), empty()});
  CHECK(n.thread(7)->fds->find(3)->destination == ip("10.0.0.2"));
  CHECK(n.thread(7)->fds->find(3)->destination_port == 80);
}

TEST_CASE("an address that another thread swapped during the connect is not believed") {
  Net n;
  n.socket(3, inet, stream);
  n.event(type::connect_enter, {i64(3), socket_address(server)});
  n.event(type::connect_exit,
          {i64(0), tuple(client, {"6.6.6.6", 6}), i64(3), socket_address({"6.6.6.6", 6})});
  CHECK(n.name(3) == "<4t>10.0.0.1:4000->10.0.0.2:80");
  // Where the exit's address is not the tuple's, the tuple comes from the kernel.
  n.event(type::connect_enter, {i64(3), socket_address(server)});
  n.event(type::connect_exit,
          {i64(0), tuple(client, {"6.6.6.6", 6}), i64(3), socket_address({"7.7.7.7", 7})});
  CHECK(n.name(3) == "<4t>10.0.0.1:4000->6.6.6.6:6");
}

TEST_CASE("old connect events name the socket on entry only") {
  Net n;
  n.socket(3, inet, stream);
  n.event(type::connect_enter, {i64(3), socket_address(server)});
  n.event(type::connect_exit, {i64(0), tuple(client, server)});
  CHECK(n.name(3) == "<4t>10.0.0.1:4000->10.0.0.2:80");
}

TEST_CASE("sendto on an unconnected UDP socket names it, client first") {
  Net n;
  n.socket(3, inet, dgram);
  CHECK(n.sendto(3, tuple(client, server)) ==
        "res=1 data=x fd=3(<4u>10.0.0.1:4000->10.0.0.2:80) size=1 "
        "tuple=10.0.0.1:4000->10.0.0.2:80");
  n.sendto(3, tuple(client, {"10.0.0.3", 53}));
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.3:53");
  n.recvfrom(3, tuple({"10.0.0.3", 53}, client));  // the answer, the other way round
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.3:53");
}

TEST_CASE("a missing source address is filled from the interfaces") {
  Net n;
  n.socket(3, inet, dgram);
  n.sendto(3, tuple({"0.0.0.0", 4000}, {"10.0.0.55", 53}));
  CHECK(n.name(3) == "<4u>10.0.0.9:4000->10.0.0.55:53");  // same subnet
  n.socket(4, inet, dgram);
  n.sendto(4, tuple({"0.0.0.0", 4000}, {"127.0.0.1", 53}));
  CHECK(n.name(4) == "<4u>127.0.0.1:4000->127.0.0.1:53");
  n.socket(5, inet, dgram);
  n.sendto(5, tuple({"0.0.0.0", 4000}, {"8.8.8.8", 53}));
  CHECK(n.name(5) == "<4u>10.0.0.9:4000->8.8.8.8:53");  // the first that is not loopback
}

TEST_CASE("a server that receives names the socket client first") {
  Net n;
  n.socket(3, inet, dgram);
  n.bind(3, socket_address({"10.0.0.2", 80}));
  n.recvfrom(3, tuple(client, server));
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.2:80");
  n.sendto(3, tuple(server, client));
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.2:80");
  n.recvfrom(3, tuple({"10.0.0.7", 7}, server));
  CHECK(n.name(3) == "<4u>10.0.0.7:7->10.0.0.2:80");
}

TEST_CASE("whoever receives first is the server") {
  Net n;
  n.socket(3, inet, dgram);
  n.recvfrom(3, tuple(client, server));
  CHECK(n.thread(7)->fds->find(3)->role == SocketRole::server);
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.2:80");
}

TEST_CASE("a connected IPv4 TCP socket keeps its name") {
  Net n;
  n.socket(3, inet, stream);
  n.connect(3, tuple(client, server));
  n.sendto(3, tuple({"1.1.1.1", 1}, {"2.2.2.2", 2}));
  n.recvfrom(3, tuple({"1.1.1.1", 1}, {"2.2.2.2", 2}));
  CHECK(n.name(3) == "<4t>10.0.0.1:4000->10.0.0.2:80");
}

TEST_CASE("data that failed to go, and empty tuples, name nothing") {
  Net n;
  n.socket(3, inet, dgram);
  n.sendto(3, tuple(client, server), -11);
  n.sendto(3, empty());
  n.sendto(3, u8(2) + "short");
  n.recvfrom(3, u8(16));
  CHECK(n.name(3) == "<4>");
}

TEST_CASE("a send on an unknown number invents a UDP socket, a receive does not") {
  Net n;
  n.recvfrom(30, tuple(client, server));
  CHECK(n.name(30) == "none");
  n.sendto(30, tuple(client, server));
  CHECK(n.name(30) == "<4u>10.0.0.1:4000->10.0.0.2:80");
  n.sendto(31, unix_tuple(1, 2, "/x"));
  CHECK(n.name(31) == "none");
}

TEST_CASE("local sockets are named by their data") {
  Net n;
  n.socket(3, unix_domain, dgram);
  n.sendto(3, unix_tuple(0xa, 0xb, "/dev/log"));
  CHECK(n.name(3) == "<u>a->b /dev/log");
  n.event(type::recvmsg_exit,
          {i64(1), u32(1), blob("x"), unix_tuple(0xc, 0xd, "/y"), empty(), i64(3)});
  CHECK(n.name(3) == "<u>c->d /y");
}

TEST_CASE("what comes back to a local client does not take its path away") {
  Net n;
  n.socket(3, unix_domain, stream);
  n.connect(3, unix_tuple(0xa, 0xb, "/run/x"));
  n.recvfrom(3, unix_tuple(0xb, 0xa, ""));
  CHECK(n.name(3) == "<u>a->b /run/x");
  n.recvfrom(3, unix_tuple(0xc, 0xa, ""));
  CHECK(n.name(3) == "<u>c->a ");
}

TEST_CASE("old send and receive events take the socket from their enter event") {
  Net n;
  n.socket(3, inet, dgram);
  n.event(type::sendto_enter, {i64(3), u32(1), tuple(client, server)});
  CHECK(n.name(3) == "<4>");
  n.event(type::sendto_exit, {i64(1), blob("x")});
  CHECK(n.name(3) == "<4u>10.0.0.1:4000->10.0.0.2:80");
  n.socket(4, inet, dgram);
  n.event(type::recvfrom_enter, {i64(4), u32(1)});
  n.event(type::recvfrom_exit, {i64(1), blob("x"), tuple(client, server)});
  CHECK(n.name(4) == "<4u>10.0.0.1:4000->10.0.0.2:80");
}

TEST_CASE("socketpair") {
  Net n;
  n.event(type::socketpair_exit, {i64(0), i64(3), i64(4), u64(0xaa), u64(0xbb)});
  CHECK(n.name(3) == "<u>");
  CHECK(n.thread(7)->fds->find(4)->unix_source == 0xaa);
  n.event(type::socketpair_exit, {i64(-24), i64(5), i64(6), u64(0), u64(0)});
  CHECK(n.name(5) == "none");
}

TEST_CASE("tuples and addresses that are malformed are none") {
  const auto bytes = [](const Param& param) { return as_bytes_of(param); };
  for (const Param& whole : {tuple(client, server), tuple(client6, server6)}) {
    CHECK(sockets::parse_tuple(bytes(whole)));
    for (size_t n = 0; n < whole.size(); ++n)
      CHECK_FALSE(sockets::parse_tuple(bytes(whole.substr(0, n))));
    CHECK_FALSE(sockets::parse_tuple(bytes(whole + "x")));
  }
  for (const Param& whole : {socket_address(client), socket_address(client6)}) {
    CHECK(sockets::parse_address(bytes(whole)));
    for (size_t n = 0; n < whole.size(); ++n)
      CHECK_FALSE(sockets::parse_address(bytes(whole.substr(0, n))));
    CHECK_FALSE(sockets::parse_address(bytes(whole + "x")));
  }
  CHECK_FALSE(sockets::parse_tuple(bytes(u8(16) + std::string(20, 'x'))));
  CHECK(sockets::parse_tuple(bytes(unix_tuple(1, 2, "/p")))->path == "/p");
  CHECK_FALSE(sockets::parse_tuple(bytes(unix_tuple(1, 2, "").substr(0, 10))));
}
