#include "filter/program.hpp"

#include <doctest/doctest.h>

#include "filter/filter.hpp"
#include "filter/parser.hpp"
#include "schema_params.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::filter;
using namespace gyr::test;

namespace {

namespace type = schema::type;

Filter compiled(std::string_view text) {
  auto filter = Filter::compile(text);
  if (!filter) FAIL(text << ": " << filter.error().message);
  return std::move(*filter);
}

/// "MESSAGE @OFFSET"
std::string error_of(std::string_view text) {
  const auto filter = Filter::compile(text);
  if (filter) return "none";
  return filter.error().message + " @" + std::to_string(filter.error().offset.value_or(9999));
}

bool holds(const World& world, Filter& filter) {
  static const Settings settings;
  return filter.matches({*world.last(), world.state, settings, Stream{}});
}

bool holds(const World& world, std::string_view text) {
  Filter filter = compiled(text);
  return holds(world, filter);
}

World shell() {
  ThreadRecord parent, child;
  parent.tid = parent.pid = 7;
  parent.ptid = 1;
  parent.comm = "sh";
  parent.exe = "/bin/sh";
  parent.cwd = "/root";
  child.tid = child.pid = 8;
  child.ptid = 7;
  child.comm = child.exe = "make";
  child.cwd = "/src";
  return World({parent, child});
}

void open_file(World& world, int64_t tid, int64_t fd, const char* name) {
  world.by(tid).event(type::open_exit, {i64(fd), text(name), u32(1), u32(0)});
}

}  // namespace

TEST_CASE("a missing value makes every comparison false") {
  World world = shell();
  world.by(7).event(type::getcwd_exit, {i64(0), text("/root")});
  CHECK_FALSE(holds(world, "fd.name=/etc/passwd"));
  CHECK_FALSE(holds(world, "fd.name!=/etc/passwd"));
  CHECK_FALSE(holds(world, "fd.name contains x"));
  CHECK_FALSE(holds(world, "fd.name in (a, b)"));
  CHECK_FALSE(holds(world, "fd.name exists"));
  CHECK(holds(world, "not fd.name=/etc/passwd"));
  CHECK(holds(world, "not fd.name!=/etc/passwd"));
  CHECK_FALSE(holds(world, "proc.aname[5]!=sh"));
}

TEST_CASE("a parameter of several types is compared where the comparison suits it") {
  World mounted = shell(), opened = shell();
  mounted.by(7).event(type::mount_exit, {i64(0), text("none"), text("/mnt"), text("proc")});
  opened.by(7).event(type::openat_2_exit,
                     {i64(3), i64(-100), text("x"), u32(1), u32(0), u32(5), u64(42)});
  CHECK(holds(mounted, "evt.type=mount and evt.rawarg.dev=none"));
  CHECK(holds(mounted, "evt.rawarg.dev startswith no"));
  CHECK(holds(mounted, "evt.rawarg.dev != 5"));
  CHECK_FALSE(holds(opened, "evt.rawarg.dev=none"));
  CHECK(holds(opened, "evt.rawarg.dev = 5"));
  CHECK_FALSE(holds(opened, "evt.rawarg.dev != 5"));
  CHECK(holds(opened, "not evt.rawarg.dev startswith no"));
  for (const World* world : {&mounted, &opened}) {
    CHECK(holds(*world, "evt.rawarg.dev exists"));
    CHECK(holds(*world, "evt.rawarg.dev in (5, none)"));
    CHECK(holds(*world, "evt.rawarg.dev = 5 or evt.rawarg.dev = none"));
  }
  const Filter text_only = compiled("evt.rawarg.dev startswith x");
  CHECK(text_only.types()[type::mount_exit]);
  CHECK_FALSE(text_only.types()[type::openat_2_exit]);
  CHECK(error_of("evt.rawarg.addr contains x").starts_with("evt.rawarg.addr is a composite value"));
  CHECK(error_of("evt.rawarg.addr = x") != "none");
  CHECK(error_of("evt.rawarg.addr in (5, x)") != "none");
}

TEST_CASE("and, or, not") {
  World world = shell();
  open_file(world, 8, 3, "/etc/passwd");
  CHECK(holds(world, "proc.name=make and fd.num=3"));
  CHECK_FALSE(holds(world, "proc.name=make and fd.num=4"));
  CHECK(holds(world, "proc.name=sh or fd.num=3"));
  CHECK(holds(world, "not proc.name=sh"));
  CHECK(holds(world, "proc.name=sh and fd.num=4 or fd.num=3"));
  CHECK_FALSE(holds(world, "proc.name=sh and (fd.num=4 or fd.num=3)"));
  CHECK(holds(world, "not (proc.name=sh or fd.num=4) and proc.pname=sh"));
}

TEST_CASE("several ancestors are asked, and both ends of a connection") {
  World world = shell();
  open_file(world, 8, 3, "/etc/passwd");
  CHECK(holds(world, "proc.aname=sh"));
  CHECK_FALSE(holds(world, "proc.aname=make"));
  CHECK(holds(world, "proc.aname[0]=make"));
  CHECK(holds(world, "proc.aname in (bash, sh)"));
}

TEST_CASE("modifiers") {
  World world = shell();
  open_file(world, 8, 3, "/etc/passwd");
  CHECK(holds(world, "fd.name contains oneof (etc, shadow)"));
  CHECK_FALSE(holds(world, "fd.name contains oneof (etc, passwd)"));
  CHECK(holds(world, "fd.name contains anyof (etc, passwd)"));
  CHECK(holds(world, "fd.name contains allof (etc, passwd)"));
  CHECK_FALSE(holds(world, "fd.name contains allof (etc, shadow)"));
  CHECK_FALSE(holds(world, "fd.name contains anyof ()"));
  CHECK_FALSE(holds(world, "fd.name contains allof ()"));
}

TEST_CASE("two fields are compared") {
  World world = shell();
  open_file(world, 8, 3, "/etc/passwd");
  CHECK_FALSE(holds(world, "proc.pid=val(proc.ppid)"));
  CHECK(holds(world, "proc.pid!=val(proc.ppid)"));
  CHECK(holds(world, "proc.pid>val(proc.ppid)"));
  CHECK(holds(world, "proc.name=val(proc.exe)"));
  CHECK(holds(world, "proc.name=tolower(proc.exe)"));
  CHECK_FALSE(holds(world, "fd.name startswith val(proc.cwd)"));
}

TEST_CASE("what a thread is kept with changes when the thread does") {
  World world = shell();
  Filter own = compiled("proc.name=cc1 and evt.num>0"), parents = compiled("proc.pname=sh");
  open_file(world, 8, 3, "/a");
  CHECK_FALSE(holds(world, own));
  CHECK(holds(world, parents));
  world.by(8).event(type::execve_19_exit,
                    exec_params({.tid = 8, .pid = 8, .ptid = 7, .exe = "cc1", .comm = "cc1"}));
  CHECK(holds(world, own));
  world.by(7).event(type::execve_19_exit,
                    exec_params({.tid = 7, .pid = 7, .ptid = 1, .exe = "zsh", .comm = "zsh"}));
  open_file(world, 8, 3, "/b");
  CHECK_FALSE(holds(world, parents));
}

TEST_CASE("terms are put together and kept per thread") {
  CHECK(compiled("proc.name=a or proc.name=b or proc.name in (c, d)").describe() ==
        "thread:proc.name in*4");
  CHECK(compiled("not proc.name=a and not proc.name=b").describe() == "thread:not(proc.name in*2)");
  CHECK(compiled("fd.name contains a or fd.name contains b or fd.name startswith c").describe() ==
        "any(fd.name startswith*1, fd.name contains*2)");
  CHECK(compiled("fd.name contains a and fd.name contains b").describe() ==
        "all(fd.name contains*1, fd.name contains*1)");
  CHECK(compiled("fd.name contains x and evt.type=openat").describe() ==
        "all(type:evt.type =*1, fd.name contains*1)");
  CHECK(compiled("proc.name in ()").describe() == "never");
}

TEST_CASE("a filter knows the types of events that it can match") {
  const EventTypes open = compiled("evt.type=openat").types();
  CHECK(open[type::openat_2_exit]);
  CHECK(open[type::openat_2_enter]);
  CHECK_FALSE(open[type::read_exit]);
  CHECK(open[type::generic_exit]);  // of old traces
  const EventTypes generic = compiled("evt.type=sysinfo").types();
  CHECK(generic[type::generic_exit]);
  CHECK_FALSE(generic[type::openat_2_exit]);
  CHECK_FALSE(compiled("not evt.type=openat").types()[type::openat_2_exit]);
  CHECK(compiled("not evt.type=openat").types()[type::read_exit]);
  CHECK(compiled("evt.type=openat or proc.name=a").types()[type::read_exit]);
  CHECK_FALSE(compiled("evt.type=openat and evt.dir=<").types()[type::openat_2_enter]);
  CHECK(compiled("evt.type=openat and evt.dir=<").types_to_decode()[type::openat_2_enter]);
  CHECK(compiled("not (evt.type=openat and proc.name=a)").types()[type::openat_2_exit]);
  CHECK_FALSE(compiled("fd.name=a").types()[type::getcwd_exit]);
  CHECK(compiled("not fd.name=a").types()[type::getcwd_exit]);
  // Asynchronous events have names of their own.
  CHECK(compiled("evt.type=openat and evt.type=read").types().count() == 3);
}

TEST_CASE("what counts is asked in the order in which it is written") {
  World world = shell();
  Filter filter = compiled("util.cnt>0 and util.cnt<=2");
  int matches = 0;
  for (int i = 0; i < 5; ++i) {
    open_file(world, 7, 3, "/a");
    matches += holds(world, filter) ? 1 : 0;
  }
  CHECK(matches == 2);
}

TEST_CASE("a value has a NUL byte in it only where it is compared with bytes") {
  World world = shell();
  world.by(7).event(type::read_exit, {i64(3), blob(std::string_view("a\0b", 3)), i64(4), u32(9)});
  CHECK(holds(world, "evt.buffer = \"a\\x00b\" and evt.buffer contains '\\x00'"));
  CHECK(holds(world, "evt.rawarg.data startswith 'a\\x00' and not evt.buffer endswith \"\\x00\""));
  const std::string refusal =
      "a value cannot have a NUL byte (\\x00) in it, unless it is compared with a data buffer";
  CHECK(error_of("proc.name = \"\\x00\"") == refusal + " @12");
  CHECK(error_of("evt.buffer = a or fd.name in (b, '\\x00')") == refusal + " @33");
}

TEST_CASE("errors say what is wrong, and where") {
  CHECK(error_of("proc.nam=x") == "there is no field 'proc.nam'; did you mean 'proc.name'? @0");
  CHECK(error_of("evt.num=1 and proc.pid=abc") == "'abc' is not a whole number @23");
  CHECK(error_of("proc.pid contains 3") ==
        "proc.pid is a number, which has no operator contains; there are =, !=, <, <=, >, >=, in, "
        "intersects, exists @9");
  CHECK(error_of("evt.type=opena").starts_with("there is no event 'opena'; did you mean 'open"));
  CHECK(error_of("evt.failed=1") == "'1' is neither true nor false @11");
  CHECK(error_of("fd.ip=10.0.0") == "'10.0.0' is not an IP address @6");
  CHECK(error_of("fd.net=10.0.0.0").ends_with("there is no /LENGTH behind the address @7"));
  CHECK(error_of("fd.name regex '['").starts_with("bad regular expression: "));
  CHECK(error_of("evt.buffer bcontains xyz") ==
        "'xyz' is not an even number of hexadecimal digits @21");
  CHECK(error_of("proc.args[x]=a").ends_with("@0"));
  CHECK(error_of("proc.pid=val(proc.name)") ==
        "these cannot be compared: proc.pid is a number, and proc.name is a text @13");
  CHECK(error_of("fd.ip=val(fd.cip)") == "fd.ip cannot be compared with another field @0");
  CHECK(error_of("nginx") ==
        "'nginx' alone says nothing; a condition reads FIELD OPERATOR VALUE, like "
        "proc.name=nginx @0");
  CHECK(error_of("evt.outputtime=1") == "evt.outputtime is for output only @0");
}
