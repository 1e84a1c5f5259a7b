#include <doctest/doctest.h>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

struct Shell : World {
  Shell() : World(one_process(7, "sh", "/root")) {
    has(7, {named_fd(3, FdType::directory, "/etc"), named_fd(4, FdType::file_v2, "/etc/motd")});
    state.users.set("", 33, "www-data");
    by(7);
  }
};

Params openat(int64_t fd, int64_t directory, const char* name, uint32_t flags = 1,
              uint32_t mode = 0) {
  return {i64(fd), i64(directory), text(name), u32(flags), u32(mode), u32(0), u64(0)};
}

}  // namespace

TEST_CASE("fields: evt.arg is what a value stands for, or else the value") {
  Shell s;
  s.event(type::openat_2_exit, openat(5, 3, "hosts", 1 | 4096));
  CHECK(field(s, "evt.arg.fd") == "<f>/etc/hosts");
  CHECK(field(s, "evt.arg.dirfd") == "<d>/etc");
  CHECK(field(s, "evt.arg.name") == "/etc/hosts");
  CHECK(field(s, "evt.arg.flags") == "O_RDONLY|O_CLOEXEC");
  CHECK(field(s, "evt.arg.mode") == "0");
  CHECK(field(s, "evt.arg[0]") == "<f>/etc/hosts");
  CHECK(field(s, "evt.arg[2]") == "/etc/hosts");
  CHECK(field(s, "evt.arg[20]") == "NULL");
  CHECK(field(s, "evt.arg.res") == "NULL");
  s.event(type::openat_2_exit, openat(-2, -100, "/no(ne"));
  CHECK(field(s, "evt.arg.fd") == "ENOENT");
  CHECK(field(s, "evt.arg.dirfd") == "AT_FDCWD");
  CHECK(field(s, "evt.arg.name") == "/no(ne");
}

TEST_CASE("fields: evt.arg finds a parameter wherever an event has it") {
  Shell s;
  s.event(type::read_enter, {i64(4), u32(100)});
  CHECK(field(s, "evt.arg.size") == "100");
  CHECK(field(s, "evt.arg.fd") == "<f>/etc/motd");
  s.event(type::read_exit, {i64(3), blob("a\nb"), i64(4), u32(200)});
  CHECK(field(s, "evt.arg.size") == "200");
  CHECK(field(s, "evt.arg.data") == "a.b");
  s.event(type::setuid_enter, {u32(33)});
  CHECK(field(s, "evt.arg.uid") == "www-data");
  s.event(type::setuid_enter, {u32(34)});
  CHECK(field(s, "evt.arg.uid") == "<NA>");
}

TEST_CASE("fields: in sysdig 0.29's dialect an event has the parameters that it knew") {
  Shell s;
  s.event(type::read_exit, {i64(3), blob("abc"), i64(4), u32(200)});
  for (const char* known : {"evt.arg.res", "evt.arg.data", "evt.arg[1]", "evt.rawarg.res"})
    CHECK(as_0_29(s, known) == field(s, known));
  for (const char* appended : {"evt.arg.fd", "evt.arg.size", "evt.arg[2]", "evt.rawarg.fd"}) {
    CHECK(field(s, appended) != "NULL");
    CHECK(as_0_29(s, appended) == "NULL");
  }
}

namespace {

std::string falco_value(const World& world, std::string_view written) {
  FieldProbe probe(written);
  probe.settings.as_falco = true;
  return probe.at(world);
}

}  // namespace

TEST_CASE(
    "fields: as Falco sees them, old exit events have the parameters of their enter event, by "
    "name") {
  Shell s;
  s.decoder.keep_enter_events();
  s.event(type::lseek_enter, {i64(4), u64(17), u8(0)});
  s.event(type::lseek_exit, {i64(17)});
  CHECK(falco_value(s, "evt.arg.fd") == "<f>/etc/motd");
  CHECK(falco_value(s, "evt.arg.offset") == "17");
  CHECK(falco_value(s, "evt.arg[1]") == "NULL");
  CHECK(field(s, "evt.arg.fd") == "NULL");
  CHECK(falco_value(s, "evt.rawarg.offset") == "17");
  s.event(type::lseek_exit, {i64(17)});  // without an enter event nothing is known
  CHECK(falco_value(s, "evt.arg.fd") == "NULL");
  CHECK(falco_value(s, "evt.rawarg.offset") == "NULL");
  s.event(type::unlinkat_enter, {i64(3), text("motd")});
  s.event(type::unlinkat_exit, {i64(0)});
  CHECK(falco_value(s, "evt.arg.name") == "/etc/motd");
}

TEST_CASE("fields: enter events are kept for those only who ask") {
  Shell s;
  s.event(type::lseek_enter, {i64(4), u64(17), u8(0)});
  s.event(type::lseek_exit, {i64(17)});
  CHECK(field(s, "evt.arg.offset") == "NULL");
}

TEST_CASE("fields: evt.rawarg is the value itself") {
  Shell s;
  s.event(type::openat_2_exit, openat(-2, -100, "x", 4097));
  CHECK(field(s, "evt.rawarg.fd") == "-2");
  CHECK(field(s, "evt.rawarg.dirfd") == "-100");
  CHECK(field(s, "evt.rawarg.name") == "x");
  CHECK(field(s, "evt.rawarg.flags") == "4097");
  s.event(type::mmap_exit, {u64(0x7fff12340000), u32(1), u32(2), u32(3)});
  CHECK(field(s, "evt.rawarg.res") == "140733498785792");
  s.event(type::read_exit, {i64(-9), blob("")});
  CHECK(field(s, "evt.rawarg.res") == "-9");
  CHECK(field(s, "evt.rawarg.data").empty());  // no bytes are not the same as no parameter
  CHECK(field(s, "evt.rawarg.size") == "NULL");
  s.event(type::read_exit, {i64(2), blob(std::string("\0x", 2))});
  CHECK(field(s, "evt.rawarg.data") == std::string("\0x", 2));
  // A number in most events is a text in mount's.
  s.event(type::mount_exit, {i64(0), text("/dev/sda"), text("/mnt"), text("ext4")});
  CHECK(field(s, "evt.rawarg.dev") == "/dev/sda");
}

TEST_CASE("fields: the type of evt.rawarg is that of its parameter") {
  using schema::ParamType;
  CHECK(FieldProbe("evt.rawarg.name").field().type() == ParamType::fspath);
  CHECK(FieldProbe("evt.rawarg.data").field().type() == ParamType::bytebuf);
  CHECK(FieldProbe("evt.rawarg.dirfd").field().type() == ParamType::fd);
  CHECK(FieldProbe("evt.rawarg.res").field().type() == ParamType::int64);
  CHECK(FieldProbe("evt.rawarg.dev").field().type() == ParamType::uint32);
}

TEST_CASE("fields: what is wrong with the argument of evt.arg") {
  CHECK(field_error("evt.arg") == "evt.arg needs an argument: evt.arg.NAME");
  CHECK(field_error("evt.arg.nosuch").starts_with("no event has a parameter 'nosuch'"));
  CHECK(field_error("evt.arg[99]").starts_with("no event has a parameter 99"));
  CHECK(field_error("evt.rawarg[0]").starts_with("evt.rawarg takes the name"));
}

TEST_CASE("fields: evt.arg applies to the events that can have it") {
  const FieldProbe size("evt.arg.size"), second("evt.arg[1]");
  const auto applies = [](const FieldProbe& probe, uint16_t id) {
    return probe.field().field->applies_arg(probe.field().argument, id);
  };
  CHECK(applies(size, type::read_enter));
  CHECK(applies(size, type::read_exit));
  CHECK_FALSE(applies(size, type::openat_2_exit));
  CHECK(applies(FieldProbe("evt.arg.name"), type::unlinkat_exit));
  CHECK(applies(second, type::openat_2_exit));
  CHECK_FALSE(applies(second, type::getuid_exit));
  CHECK(applies(FieldProbe("evt.arg.vpgid"), type::execve_19_exit));
}

TEST_CASE("fields: evt.args and evt.buffer") {
  Shell s;
  s.event(type::read_exit, {i64(3), blob("a\nb"), i64(4), u32(200)});
  CHECK(field(s, "evt.args") == "res=3 data=a.b fd=4(<f>/etc/motd) size=200 ");
  CHECK(field(s, "evt.info") == field(s, "evt.args"));
  FieldProbe as_falco("evt.args");
  as_falco.settings.as_falco = true;
  CHECK(as_falco.at(s) == "res=3 data=a.b fd=4(<f>/etc/motd) size=200");
  CHECK(field(s, "evt.buffer") == "a\nb");
  FieldProbe buffer("evt.buffer");
  CHECK(buffer.printed_at(s) == "a.b");
  buffer.settings.render.buffers = BufferMode::base64;
  CHECK(buffer.printed_at(s) == "YQpi");
  s.event(type::read_exit, {i64(0), blob("")});
  CHECK(field(s, "evt.buffer") == "");
  s.event(type::close_exit, {i64(0)});
  CHECK(field(s, "evt.buffer") == "NULL");
  s.event(type::generic_exit, {u16(1), u16(0)});
  CHECK(field(s, "evt.args") == "");
}

TEST_CASE("fields: control characters in evt.arg are masked where it is asked for") {
  Shell s;
  s.event(type::openat_2_exit, openat(-2, -100, "/a\nb"));
  FieldProbe name("evt.arg.name");
  CHECK(name.at(s) == "/a\nb");
  name.settings.render.safe_for_terminal = true;
  CHECK(name.at(s) == "/a.b");
}
