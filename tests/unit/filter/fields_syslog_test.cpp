#include <doctest/doctest.h>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;
namespace type = schema::type;

namespace {

struct Daemon : World {
  Daemon() : World(one_process(7, "cron", "/")) {
    has(7, {unix_fd(3, 1, 2, "/dev/log"), named_fd(4, FdType::file_v2, "/var/log/x")});
    by(7);
  }
  void write(int64_t fd, std::string_view data, int64_t res = 1) {
    event(type::write_enter, {i64(fd), u32(9)});
    event(type::write_exit, {i64(res), blob(data), i64(fd), u32(9)});
  }
};

}  // namespace

TEST_CASE("fields: syslog.* of a message") {
  Daemon d;
  d.write(3, "<78>cron: done");
  CHECK(field(d, "syslog.facility") == "9");
  CHECK(field(d, "syslog.facility.str") == "clock");
  CHECK(field(d, "syslog.severity") == "6");
  CHECK(field(d, "syslog.severity.str") == "info");
  CHECK(field(d, "syslog.message") == "cron: done");
  CHECK(field(d, "evt.info") == "syslog sev=info msg=cron: done");
  CHECK(field(d, "evt.is_syslog") == "true");
  d.write(3, "<192>");
  CHECK(field(d, "syslog.facility.str") == "<NA>");
  CHECK(field(d, "syslog.facility") == "24");
  CHECK(field(d, "syslog.message") == "");
}

TEST_CASE("fields: what is no message has no syslog.*") {
  Daemon d;
  for (const char* data : {"", "x", "<", ">", "<>", "<a>", "<1 >x", "<-1>x", "<12", "13>x\0"}) {
    CAPTURE(data);
    d.write(3, data);
    CHECK(field(d, "syslog.severity") == (std::string_view(data) == "13>x" ? "3" : "NULL"));
  }
  d.write(4, "<13>hello");
  CHECK(field(d, "syslog.message") == "NULL");
  CHECK(field(d, "evt.is_syslog") == "false");
  d.write(3, "<13>hello", -11);
  CHECK(field(d, "syslog.message") == "NULL");
  CHECK(field(d, "evt.is_syslog") == "true");
  d.event(type::write_enter, {i64(3), u32(9)});
  CHECK(field(d, "syslog.message") == "NULL");
}
