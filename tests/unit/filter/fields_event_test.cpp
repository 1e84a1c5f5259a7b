#include <doctest/doctest.h>

#include <set>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

struct Shell : World {
  Shell() : World(one_process(7, "sh", "/root")) {
    has(7, {named_fd(3, FdType::directory, "/etc"), named_fd(4, FdType::file_v2, "/etc/motd"),
            ip_fd(5, L4Protocol::tcp, {"10.0.0.1", 4000}, {"10.0.0.2", 80}),
            ip_server_fd(6, L4Protocol::tcp, {"0.0.0.0", 80}), named_fd(8, FdType::fifo, "")});
    by(7);
  }
  void call(uint16_t enter, int64_t fd, Params result) {
    event(enter, {i64(fd), u32(1)});
    event(static_cast<uint16_t>(enter + 1), result);
  }
};

Params openat(int64_t fd, int64_t directory, const char* name, uint32_t flags = 1,
              uint32_t mode = 0) {
  return {i64(fd), i64(directory), text(name), u32(flags), u32(mode), u32(0), u64(0)};
}

}  // namespace

TEST_CASE("fields: every row of the event classes is complete") {
  std::set<std::string_view> names;
  for (const auto& group :
       {filter::event_stream_fields(), filter::event_fields(), filter::syslog_fields(),
        filter::util_fields(), filter::span_fields()}) {
    for (const filter::Field& field : group.fields) {
      CAPTURE(field.name);
      CHECK(names.insert(field.name).second);
      CHECK((field.extract != nullptr));
      CHECK(field.doc.ends_with('.'));
      const bool takes = (field.flags & (filter::arg_allowed | filter::arg_required)) != 0;
      CHECK((takes || (field.flags & (filter::arg_dotted | filter::arg_is_index)) == 0));
      CHECK((takes || (field.prepare == nullptr && field.applies_arg == nullptr)));
    }
  }
}

TEST_CASE("fields: latencies") {
  Shell s;
  const uint64_t start = s.now();
  s.event(type::read_enter, {i64(4), u32(1)});
  CHECK(field(s, "evt.latency") == "0");
  CHECK(field(s, "evt.latency.quantized") == "NULL");
  s.at(start + 2'000'003'435).event(type::read_exit, {i64(0), blob("")});
  CHECK(field(s, "evt.latency") == "2000003435");
  CHECK(field(s, "evt.latency.s") == "2");
  CHECK(field(s, "evt.latency.ns") == "3435");
  CHECK(field(s, "evt.latency.human") == "2.00s");
  CHECK(field(s, "evt.latency.quantized") == "68");
  CHECK(field(s, "evt.wait_latency") == "NULL");
  s.event(type::poll_enter, {fd_list({}), i64(5)});
  s.event(type::poll_exit, {i64(0), fd_list({})});
  CHECK(field(s, "evt.wait_latency") == "1000");
  // A switch shows the call before it, but not from before a signal.
  s.event(type::schedswitch_6_enter, {i64(1), u64(0), u64(0), u32(0), u32(0), u32(0)});
  CHECK(field(s, "evt.latency") == "1000");
  s.event(type::signaldeliver_enter, {i64(1), i64(7), u8(17)});
  s.event(type::schedswitch_6_enter, {i64(1), u64(0), u64(0), u32(0), u32(0), u32(0)});
  CHECK(field(s, "evt.latency") == "0");
}

TEST_CASE("fields: what kind of event it is") {
  Shell s;
  s.cpu(3).event(type::openat_2_enter, {i64(-100), text("x"), u32(1), u32(0)});
  CHECK(field(s, "evt.dir") == ">");
  CHECK(field(s, "evt.cpu") == "3");
  s.event(type::openat_2_exit, openat(9, -100, "x"));
  CHECK(field(s, "evt.dir") == "<");
  CHECK(field(s, "evt.type") == "openat");
  CHECK(field(s, "syscall.type") == "openat");
  CHECK(field(s, "evt.category") == "file");
  CHECK(field(s, "evt.type.is.openat") == "1");
  CHECK(field(s, "evt.type.is.open") == "0");
  CHECK(field(s, "evt.type.is[307]") == "1");
  CHECK(field(s, "evt.type.is[306]") == "0");
  CHECK(field(s, "evt.count") == "1");
  CHECK(field(s, "evt.count.exit") == "1");
  CHECK(field(s, "evt.is_wait") == "false");
  CHECK(field(s, "evt.io_dir") == "NULL");
  CHECK(field_error("evt.type.is.nosuch").starts_with("there is no event 'nosuch'"));
  CHECK(field_error("evt.type.is[60000]") == "there is no event type 60000");
}

TEST_CASE("fields: events that are not about an event of their own") {
  Shell s;
  s.event(type::generic_exit, {u16(1), u16(219)});  // restart_syscall
  CHECK(field(s, "evt.type") == "restart_syscall");
  CHECK(field(s, "syscall.type") == "restart_syscall");
  CHECK(field(s, "evt.category") == "system");
  s.event(type::schedswitch_6_enter, {i64(1), u64(0), u64(0), u32(0), u32(0), u32(0)});
  CHECK(field(s, "evt.type") == "switch");
  CHECK(field(s, "syscall.type") == "NULL");
  CHECK(field(s, "evt.category") == "scheduler");
  s.event(type::procinfo_enter, {u64(1), u64(2)});
  CHECK(field(s, "evt.count.procinfo") == "1");
  CHECK(field(s, "evt.count.threadinfo") == "1");
  CHECK(field(s, "evt.latency") == "NULL");
}

TEST_CASE("fields: the category of calls on descriptors is that of the descriptor") {
  Shell s;
  const auto category_on = [&](int64_t fd) {
    s.event(type::read_enter, {i64(fd), u32(1)});
    return field(s, "evt.category");
  };
  CHECK(category_on(3) == "file");
  CHECK(category_on(4) == "file");
  CHECK(category_on(5) == "net");
  CHECK(category_on(6) == "net");
  CHECK(category_on(8) == "ipc");
  CHECK(category_on(77) == "unknown");
}

TEST_CASE("fields: reading and writing") {
  Shell s;
  s.call(type::read_enter, 4, {i64(100), blob("x")});
  CHECK(field(s, "evt.is_io") == "true");
  CHECK(field(s, "evt.is_io_read") == "true");
  CHECK(field(s, "evt.is_io_write") == "false");
  CHECK(field(s, "evt.io_dir") == "read");
  CHECK(field(s, "evt.buflen") == "100");
  CHECK(field(s, "evt.buflen.in") == "100");
  CHECK(field(s, "evt.buflen.out") == "NULL");
  CHECK(field(s, "evt.buflen.file") == "100");
  CHECK(field(s, "evt.buflen.file.in") == "100");
  CHECK(field(s, "evt.buflen.file.out") == "NULL");
  CHECK(field(s, "evt.buflen.net") == "NULL");
  s.call(type::write_enter, 5, {i64(7), blob("x")});
  CHECK(field(s, "evt.io_dir") == "write");
  CHECK(field(s, "evt.buflen.out") == "7");
  CHECK(field(s, "evt.buflen.net") == "7");
  CHECK(field(s, "evt.buflen.net.out") == "7");
  CHECK(field(s, "evt.buflen.net.in") == "NULL");
  CHECK(field(s, "evt.buflen.file") == "NULL");
  s.call(type::write_enter, 77, {i64(7), blob("x")});
  CHECK(field(s, "evt.buflen") == "NULL");
  s.call(type::write_enter, 4, {i64(-5), blob("")});
  CHECK(field(s, "evt.buflen") == "NULL");
}

TEST_CASE("fields: how a call ended") {
  Shell s;
  s.event(type::read_enter, {i64(4), u32(1)});
  CHECK(field(s, "evt.res") == "NULL");
  CHECK(field(s, "evt.rawres") == "NULL");
  CHECK(field(s, "evt.failed") == "false");
  s.event(type::read_exit, {i64(-9), blob("")});
  CHECK(field(s, "evt.res") == "EBADF");
  CHECK(field(s, "evt.rawres") == "-9");
  CHECK(field(s, "evt.failed") == "true");
  CHECK(field(s, "evt.count.error") == "1");
  s.event(type::read_exit, {i64(9), blob("")});
  CHECK(field(s, "evt.res") == "SUCCESS");
  CHECK(field(s, "evt.count.error") == "NULL");
  s.event(type::openat_2_exit, openat(-2, -100, "x"));
  CHECK(field(s, "evt.res") == "ENOENT");
  s.event(type::read_exit, {i64(-4000), blob("")});
  CHECK(field(s, "evt.res") == "-4000");
}

TEST_CASE("fields: in sysdig 0.29's dialect some calls print under another name") {
  Shell s;
  FieldProbe type_of("evt.type"), call_of("syscall.type");
  for (FieldProbe* probe : {&type_of, &call_of}) {
    s.event(type::generic_exit, {u16(298), u16(0)});
    probe->settings.render.dialect = Dialect::today;
    CHECK(probe->printed_at(s) == "rt_sigreturn");
    probe->settings.render.dialect = Dialect::sysdig_0_29;
    CHECK(probe->printed_at(s) == "sigreturn");
    CHECK(probe->at(s) == "rt_sigreturn");  // filters know today's
    s.event(type::close_exit, {i64(0)});
    CHECK(probe->printed_at(s) == "close");
  }
}

TEST_CASE("fields: the error of mmap is a number in sysdig 0.29's dialect, as on its lines") {
  Shell s;
  s.event(type::mmap_exit, {i64(-12), u32(1), u32(1), u32(1)});
  CHECK(field(s, "evt.res") == "ENOMEM");
  FieldProbe probe("evt.res");
  probe.settings.render.dialect = Dialect::sysdig_0_29;
  CHECK(probe.at(s) == "FFFFFFFFFFFFFFF4");
}

TEST_CASE("fields: what a failed call was about") {
  Shell s;
  const auto subjects = [&] {
    std::string found;
    for (const char* subject : {"file", "net", "memory", "other"})
      if (field(s, std::string("evt.count.error.") + subject) == "1") found += subject;
    return found;
  };
  s.call(type::read_enter, 4, {i64(-5), blob("")});
  CHECK(subjects() == "file");
  s.call(type::read_enter, 5, {i64(-5), blob("")});
  CHECK(subjects() == "net");
  s.call(type::read_enter, 8, {i64(-5), blob("")});
  CHECK(subjects() == "other");
  s.event(type::openat_2_exit, openat(-2, -100, "x"));
  CHECK(subjects() == "file");
  s.event(type::munmap_exit, {i64(-12), u32(0), u32(0), u32(0)});
  CHECK(subjects() == "memory");
  s.event(type::kill_exit, {i64(-1)});
  CHECK(subjects() == "other");
  s.event(type::kill_exit, {i64(0)});
  CHECK(subjects() == "");
}

TEST_CASE("fields: evt.abspath") {
  Shell s;
  s.event(type::openat_2_exit, openat(9, 3, "../x//y"));
  CHECK(field(s, "evt.abspath") == "/x/y");
  CHECK(field(s, "evt.abspath.dst") == "/x/y");
  s.event(type::openat_2_exit, openat(9, -100, "x"));
  CHECK(field(s, "evt.abspath") == "/root/x");
  s.event(type::openat_2_exit, openat(9, 55, "/a/./b"));
  CHECK(field(s, "evt.abspath") == "/a/b");
  s.event(type::openat_2_exit, openat(9, 55, "x"));
  CHECK(field(s, "evt.abspath") == "<UNKNOWN>/x");
  s.event(type::openat_2_exit, openat(9, 3, ""));
  CHECK(field(s, "evt.abspath") == "NULL");
  s.event(type::openat_2_enter, {i64(3), text("x"), u32(1), u32(0)});
  CHECK(field(s, "evt.abspath") == "NULL");
  s.event(type::unlinkat_enter, {i64(3), text("x")});
  CHECK(field(s, "evt.abspath") == "/etc/x");
  s.event(type::renameat2_exit, {i64(0), i64(3), text("a"), i64(-100), text("b"), u32(0)});
  CHECK(field(s, "evt.abspath") == "/etc/a");
  CHECK(field(s, "evt.abspath.src") == "/etc/a");
  CHECK(field(s, "evt.abspath.dst") == "/root/b");
  CHECK(field_error("evt.abspath.other") != "");
}

TEST_CASE("fields: how a file was opened") {
  Shell s;
  const auto opened = [&](int64_t fd, uint32_t flags, uint32_t mode) {
    s.event(type::openat_2_exit, openat(fd, -100, "x", flags, mode));
    std::string how;
    for (const char* kind : {"read", "write", "exec", "create"})
      if (field(s, std::string("evt.is_open_") + kind) == "true") how += std::string(kind) + " ";
    return how;
  };
  CHECK(opened(9, 1, 0) == "read ");
  CHECK(opened(9, 3, 0) == "read write ");
  CHECK(opened(9, 2 | 4, 0644) == "write ");
  CHECK(opened(9, 2 | 4, 0755) == "write exec ");
  CHECK(opened(9, 2 | 4 | (1u << 14), 0644) == "write create ");
  CHECK(opened(9, 2 | (1u << 13), 0644) == "write create ");
  CHECK(opened(-13, 2 | (1u << 13), 0644) == "write ");
  s.event(type::creat_exit, {i64(9), text("x"), u32(0700), u32(0), u64(0), u16(0)});
  CHECK(field(s, "evt.is_open_exec") == "true");
  s.event(type::read_exit, {i64(0), blob("")});
  CHECK(field(s, "evt.is_open_read") == "false");
}

TEST_CASE("fields: events of a container engine") {
  Shell s;
  s.event(type::infrastructure_event_enter,
          {text("docker"), text("Event: start"),
           text("Event: start; ID: 0123456789abcdef; name: web; Image: nginx:1.2@sha256:ab"),
           text("scope")});
  CHECK(field(s, "evt.infra.docker.name") == "start");
  CHECK(field(s, "evt.infra.docker.container.id") == "0123456789ab");
  CHECK(field(s, "evt.infra.docker.container.name") == "web");
  CHECK(field(s, "evt.infra.docker.container.image") == "nginx");
  s.event(type::infrastructure_event_enter,
          {text("docker"), text(""), text("ID;Image: sha256:ab"), text("")});
  CHECK(field(s, "evt.infra.docker.container.image") == "sha256:ab");
  CHECK(field(s, "evt.infra.docker.container.id") == "NULL");
  CHECK(field(s, "evt.infra.docker.name") == "NULL");
}

TEST_CASE("fields: tracers are not decoded") {
  Shell s;
  s.event(type::getuid_exit, {u32(0)});
  CHECK(field(s, "span.id") == "NULL");
  CHECK(field(s, "evtin.span.p.tag[1]") == "NULL");
  CHECK(field_error("span.tag") != "");
}
