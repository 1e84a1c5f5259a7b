// fd.*: kinds, names, ends of sockets; with and without enter events, as 0.29 and as Falco has it.
#include "filter/fields/fd_fields.hpp"
#include "filter/fields/host_names.hpp"
#include "tests/unit/filter/fields_fd_world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

ThreadRecord process(int64_t tid) {
  ThreadRecord t;
  t.tid = t.pid = tid;
  t.comm = "prog";
  t.cwd = "/home";
  return t;
}

struct Prog : FdWorld {
  Prog() : FdWorld({process(7)}) {
    InterfaceRecord eth, eth6;
    eth.address = ip("10.0.0.1");
    eth.netmask = ip("255.255.255.0");
    eth6.ipv6 = true;
    eth6.address = ip("2001:db8::1");
    records().interface(eth);
    records().interface(eth6);
    by(7);
  }
  void open(int64_t fd, std::string_view name, uint32_t flags = 1) {
    event(type::open_exit, {i64(fd), text(name), u32(flags), u32(0), u32(0x12345678), u64(42)});
  }
  void openat(int64_t fd, int64_t dirfd, std::string_view name) {
    event(type::openat_2_exit,
          {i64(fd), i64(dirfd), text(name), u32(1), u32(0), u32(0x801), u64(9)});
  }
  void socket(int64_t fd, uint32_t domain, uint32_t kind) {
    event(type::socket_exit, {i64(fd), u32(domain), u32(kind), u32(0), u32(0)});
  }
  void connect(int64_t fd, const Param& pair, int64_t res = 0, const Param& address = empty()) {
    event(type::connect_exit, {i64(res), pair, i64(fd), address});
  }
  void read(int64_t fd, int64_t res = 1) {
    event(type::read_exit, {i64(res), blob("x"), i64(fd), u32(1)});
  }
};

constexpr uint32_t inet = 2, inet6 = 10, unix_domain = 1, stream = 1, dgram = 2;
constexpr End client{"10.0.0.1", 4000}, server{"10.0.0.2", 80};

}  // namespace

TEST_CASE("fd fields: a file") {
  Prog p;
  p.open(5, "sub//../x.txt", 1 | o_upper_layer);
  CHECK(p.field("fd.num") == "5");
  CHECK(p.field("fd.type") == "file");
  CHECK(p.field("fd.typechar") == "f");
  CHECK(p.field("fd.name") == "/home/x.txt");
  CHECK(p.field("fd.nameraw") == "sub/../x.txt");
  CHECK(p.field("fd.directory") == "/home");
  CHECK(p.field("fd.filename") == "x.txt");
  CHECK(p.field("fd.uid") == "75");
  CHECK(p.field("fd.containername") == ":/home/x.txt");
  CHECK(p.field("fd.containerdirectory") == ":/home");
  CHECK(p.field("fd.dev") == std::to_string(0x12345678));
  CHECK(p.field("fd.dev.major") == std::to_string(0x456));
  CHECK(p.field("fd.dev.minor") == std::to_string(0x12378));
  CHECK(p.field("fd.ino") == "42");
  CHECK(p.field("fd.name_changed") == "true");
  CHECK(p.field("fd.is_upper_layer") == "true");
  CHECK(p.field("fd.is_lower_layer") == "false");
  CHECK(p.field("fd.l4proto") == "<NA>");
  CHECK(p.field("fd.is_server") == "false");
  for (const char* none : {"fd.sockfamily", "fd.ip", "fd.cip", "fd.port", "fd.cport", "fd.sproto"})
    CHECK(p.field(none) == "NULL");
  p.read(5);
  CHECK(p.field("fd.name") == "/home/x.txt");
  CHECK(p.field("fd.name_changed") == "false");
}

TEST_CASE("fd fields: where a path is cut") {
  Prog p;
  p.open(5, "/x");
  CHECK(p.field("fd.directory") == "/");
  p.has(7, {});
  p.open(6, "/etc", 1 | o_directory);
  CHECK(p.field("fd.type") == "directory");
  CHECK(p.field("fd.directory") == "/etc");
  CHECK(p.field("fd.filename") == "NULL");
  p.event(type::memfd_create_exit, {i64(8), text("m"), u32(0)});
  CHECK(p.field("fd.type") == "memfd");
  CHECK(p.field("fd.directory") == "NULL");
}

TEST_CASE("fd fields: a call that failed still says what it was about") {
  Prog p;
  p.open(3, "/dir", 1 | o_directory);
  p.open(-2, "missing/x");
  CHECK(p.field("fd.num") == "-1");
  CHECK(p.field("fd.type") == "NULL");
  CHECK(p.field("fd.typechar") == "f");
  CHECK(p.field("fd.name") == "/home/missing/x");
  CHECK(p.field("fd.nameraw") == "missing/x");
  CHECK(p.field("fd.directory") == "/home/missing");
  CHECK(p.field("fd.filename") == "NULL");
  p.openat(-2, 3, "y");
  CHECK(p.field("fd.name") == "/dir/y");
  p.openat(-2, 9, "y");
  CHECK(p.field("fd.name") == "<UNKNOWN>/y");
  p.openat(-2, 3, "");
  CHECK(p.field("fd.name") == "NULL");
  p.event(type::accept4_6_exit, {i64(-11), empty(), u8(0), u32(0), u32(0), i32(0)});
  CHECK(p.field("fd.name") == "NULL");  // the text, which an empty tuple prints as
  CHECK(p.field("fd.containername") == ":NULL");
  CHECK(p.field("fd.typechar") == "4");
  p.event(type::eventfd2_exit, {i64(-24), u16(0), u64(0)});
  CHECK(p.field("fd.name") == "");
  CHECK(p.field("fd.directory") == "/");
  p.event(type::openat_2_enter, {i64(-100), text("/x"), u32(0), u32(0)});
  CHECK(p.field("fd.num") == "-1");
  CHECK(p.field("fd.name") == "NULL");
  CHECK(p.field("fd.typechar") == "f");
}

TEST_CASE("fd fields: an old open names its file in the enter event") {
  Prog p;
  p.event(type::openat_enter, {i64(-100), text("old"), u32(0), u32(0)});
  p.event(type::openat_exit, {i64(-2)});
  CHECK(p.field("fd.name") == "/home/old");
}

TEST_CASE("fd fields: other events have none") {
  Prog p;
  p.open(5, "/x");
  p.event(type::brk_4_exit, {u64(0), u32(0), u32(0), u32(0), u64(0)});
  for (const char* none : {"fd.num", "fd.type", "fd.typechar", "fd.name", "fd.uid", "fd.types"})
    CHECK(p.field(none) == "NULL");
  CHECK_FALSE(filter::fd::applies(type::brk_4_exit));
}

TEST_CASE("fd fields: calls on directories and mappings are fd events for Falco only") {
  Prog p;
  p.open(3, "/dir", 1 | o_directory);
  p.event(type::fchmod_exit, {i64(0), i64(3), u32(0)});
  CHECK(p.field("fd.name") == "NULL");
  p.settings.as_falco = true;
  CHECK(p.field("fd.name") == "/dir");
}

TEST_CASE("fd fields: the ends of a connection") {
  Prog p;
  p.socket(3, inet, stream);
  CHECK(p.field("fd.type") == "ipv4");
  CHECK(p.field("fd.name") == "");
  CHECK(p.field("fd.name_changed") == "false");
  CHECK(p.field("fd.l4proto") == "<NA>");
  CHECK(p.field("fd.cip") == "NULL");
  CHECK(p.field("fd.connected") == "false");
  p.connect(3, tuple(client, server));
  CHECK(p.field("fd.name") == "10.0.0.1:4000->10.0.0.2:80");
  CHECK(p.field("fd.name_changed") == "true");
  CHECK(p.field("fd.connected") == "true");
  CHECK(p.field("fd.sockfamily") == "ip");
  CHECK(p.field("fd.l4proto") == "tcp");
  CHECK(p.field("fd.ip") == "10.0.0.1 | 10.0.0.2");
  CHECK(p.field("fd.net") == "10.0.0.1 | 10.0.0.2");
  CHECK(p.field("fd.port") == "4000 | 80");
  CHECK(p.field("fd.cip") == "10.0.0.1");
  CHECK(p.field("fd.sip") == "10.0.0.2");
  CHECK(p.field("fd.snet") == "10.0.0.2");
  CHECK(p.field("fd.lip") == "10.0.0.1");
  CHECK(p.field("fd.rip") == "10.0.0.2");
  CHECK(p.field("fd.cport") == "4000");
  CHECK(p.field("fd.sport") == "80");
  CHECK(p.field("fd.lport") == "4000");
  CHECK(p.field("fd.rport") == "80");
  CHECK(p.field("fd.cproto") == "4000");
  CHECK(p.field("fd.sproto") == "80");
  CHECK(p.field("fd.is_server") == "false");
}

TEST_CASE("fd fields: the server's end is the local one of what it accepts") {
  Prog p;
  p.event(type::accept4_6_exit,
          {i64(4), tuple({"10.0.0.2", 5000}, {"10.0.0.1", 22}), u8(0), u32(0), u32(0), i32(0)});
  CHECK(p.field("fd.is_server") == "true");
  CHECK(p.field("fd.lip") == "10.0.0.1");
  CHECK(p.field("fd.lport") == "22");
  CHECK(p.field("fd.rip") == "10.0.0.2");
  CHECK(p.field("fd.name_changed") == "true");
}

TEST_CASE("fd fields: of IPv6 the network makes an address local") {
  Prog p;
  p.socket(3, inet6, stream);
  p.connect(3, tuple({"2001:db8:1::7", 1}, {"2001:db8::77", 2}));
  CHECK(p.field("fd.lip") == "2001:db8::77");
  CHECK(p.field("fd.is_server") == "true");
  p.socket(4, inet6, stream);
  for (const auto& [address, local] :
       {std::pair("::ffff:10.0.0.1", "true"), std::pair("::ffff:10.0.0.2", "false")}) {
    p.event(type::connect_enter, {i64(4), socket_address({address, 80})});
    CHECK(p.field("fd.is_server") == local);
  }
}

TEST_CASE("fd fields: a socket that listens") {
  Prog p;
  p.has(7, {ip_server_fd(9, L4Protocol::tcp, {"10.0.0.1", 22})});
  p.read(9);
  CHECK(p.field("fd.ip") == "10.0.0.1");
  CHECK(p.field("fd.port") == "22");
  CHECK(p.field("fd.sport") == "22");
  CHECK(p.field("fd.sip") == "NULL");  // nobody saw it bound
  CHECK(p.field("fd.sproto") == "");
  CHECK(p.field("fd.is_server") == "true");
  p.socket(3, inet, stream);
  p.event(type::bind_exit, {i64(0), socket_address({"10.0.0.1", 80}), i64(3)});
  CHECK(p.field("fd.name_changed") == "true");
  CHECK(p.field("fd.sip") == "10.0.0.1");
  CHECK(p.field("fd.cip") == "NULL");
  CHECK(p.field("fd.cport") == "0");
  CHECK(p.field("fd.lport") == "NULL");
}

TEST_CASE("fd fields: a connect that fails") {
  Prog p;
  p.socket(3, inet, stream);
  p.connect(3, tuple(client, server), -111, socket_address(server));
  CHECK(p.field("fd.name") == "10.0.0.1:4000->10.0.0.2:80");  // of the event
  CHECK(p.field("fd.port") == "0 | 80");
  CHECK(p.field("fd.connected") == "false");
  p.settings.as_falco = true;
  CHECK(p.field("fd.name") == "");
  p.settings.as_falco = false;
  p.socket(4, unix_domain, stream);
  p.event(type::connect_enter, {i64(4), unix_address("/run/s")});
  CHECK(p.field("fd.name") == "/run/s");
  CHECK(p.field("fd.name_changed") == "true");
  p.connect(4, empty(), -2);
  CHECK(p.field("fd.num") == "4");
  CHECK(p.field("fd.name") == "NULL");
  CHECK(p.field("fd.sockfamily") == "unix");
}

TEST_CASE("fd fields: data makes a socket connected") {
  Prog p;
  p.socket(3, inet, dgram);
  p.event(type::sendto_exit, {i64(1), blob("x"), i64(3), u32(1), tuple(client, server)});
  CHECK(p.field("fd.connected") == "true");
  CHECK(p.field("fd.l4proto") == "udp");
  p.socket(4, inet, dgram);
  p.read(4, -11);
  CHECK(p.field("fd.connected") == "false");
  p.read(4, 1);
  CHECK(p.field("fd.connected") == "true");
}

TEST_CASE("fd fields: ports and hosts have names on request") {
  Prog p;
  p.socket(3, inet, stream);
  p.connect(3, tuple(client, {"127.0.0.1", 80}));
  p.settings.resolve_ports = true;
  const auto http = filter::service_name(80, L4Protocol::tcp);
  CHECK(p.field("fd.sproto") == (http.empty() ? "80" : std::string(http)));
  CHECK(p.field("fd.cproto") == "4000");
  CHECK(p.field("fd.sip.name") == "127.0.0.1");  // what is compared with the host's addresses
  CHECK(p.printed("fd.cip.name") == "NULL");
  const auto addresses = filter::resolve_host("127.0.0.1");
  REQUIRE(addresses == std::vector<std::string>{{"\x7f\0\0\1", 4}});
  CHECK(p.printed("fd.sip.name") == "127.0.0.1");
  CHECK(filter::resolve_host("no such host").empty());
}

TEST_CASE("fd.types") {
  Prog p;
  p.event(type::pipe2_exit, {i64(0), i64(3), i64(4), u64(1), u32(0)});
  p.socket(5, inet, stream);
  p.open(6, "/x");
  CHECK(p.field("fd.types") == "ipv4 | pipe | file");
  CHECK(p.field("fd.types[4]") == "pipe");
  CHECK(p.field("fd.types[9]") == "NULL");
  CHECK_FALSE(filter::resolve("fd.types", "x"));
}
