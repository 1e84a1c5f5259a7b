// Parameter values as text: every type, empty, of the wrong size, and what names they resolve to.
#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

#include "decoder/render/buffers.hpp"
#include "decoder/render/composites.hpp"
#include "decoder/render/names.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Shell : World {
  Shell() : World(threads()) {
    has(7, {named_fd(3, FdType::directory, "/etc"), named_fd(4, FdType::fifo, "pipe:[9]"),
            named_fd(5, FdType::file_v2, "/a\nb")});
    by(7);
  }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord t;
    t.tid = t.pid = 7;
    t.comm = "sh";
    t.cwd = "/home";
    return {t};
  }
};

/// The text of one parameter: what follows "name=" up to the next parameter.
std::string value_of(const std::string& args, const std::string& name) {
  const std::string all = " " + args + " ";
  const size_t at = all.find(" " + name + "=");
  if (at == std::string::npos) return "absent";
  const size_t begin = at + name.size() + 2;
  return all.substr(begin, all.find(' ', begin) - begin);
}

std::string buffer(std::string_view bytes, BufferMode mode, size_t limit = 80) {
  Text text;
  append_buffer(text, as_bytes_of(bytes), mode, limit);
  return std::string(text.view());
}

struct TimeZone {
  explicit TimeZone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~TimeZone() {
    ::unsetenv("TZ");
    ::tzset();
  }
};

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

}  // namespace

TEST_CASE("integers in their formats") {
  Shell s;
  // semop: int32 dec, uint16, int16; mmap: hex; brk: hex; mode: oct.
  CHECK(s.event(type::semop_exit,
                {i64(0), u32(2), u16(65535), i16(-1), u16(0), u16(1), i16(3), u16(0), i32(-5)}) ==
        "res=0 nsops=2 sem_num_0=65535 sem_op_0=-1 sem_flg_0=0 sem_num_1=1 sem_op_1=3 sem_flg_1=0 "
        "semid=-5");
  CHECK(s.event(type::futex_exit, {i64(0), u64(0xABCDEF0123), u16(0), u64(UINT64_MAX)}) ==
        "res=0 addr=ABCDEF0123 op=0(FUTEX_WAIT) val=-1");
  CHECK(s.event(type::munmap_enter, {u64(0), u64(4096)}) == "addr=0 length=4096");
  CHECK(s.event(type::brk_4_exit, {u64(0), u32(0x80000000), u32(1), u32(2)}) ==
        "res=0 vm_size=-2147483648 vm_rss=1 vm_swap=2");
  CHECK(s.event(type::open_enter, {text("/x"), u32(0), u32(0)}) ==
        "name=/x flags=0(O_NONE) mode=0");
  CHECK(s.event(type::open_enter, {text("/x"), u32(0), u32(07777)}) ==
        "name=/x flags=0(O_NONE) mode=07777");
}

TEST_CASE("errno: the number, and the name of an error") {
  Shell s;
  const auto res = [&](int64_t value) { return s.event(type::close_exit, {i64(value)}); };
  CHECK(res(0) == "res=0");
  CHECK(res(35) == "res=35");
  CHECK(res(-1) == "res=-1(EPERM)");
  CHECK(res(-11) == "res=-11(EAGAIN)");
  CHECK(res(-35) == "res=-35(EDEADLK)");
  CHECK(res(-95) == "res=-95(EOPNOTSUPP)");
  CHECK(res(-125) == "res=-125(ECANCELED)");
  CHECK(res(-126) == "res=-126");
  CHECK(res(-512) == "res=-512(ERESTARTSYS)");
  CHECK(res(-530) == "res=-530(EIOCBRETRY)");
  CHECK(res(-531) == "res=-531");
  CHECK(res(INT64_MIN) == "res=-9223372036854775808");
}

TEST_CASE("fd: the number, and what it stands for") {
  Shell s;
  const auto fd = [&](int64_t value) { return s.event(type::close_enter, {i64(value)}); };
  CHECK(fd(3) == "fd=3(<d>/etc)");
  CHECK(fd(4) == "fd=4(<p>pipe:[9])");
  CHECK(fd(77) == "fd=77");
  CHECK(fd(-1) == "fd=-1(EPERM)");
  CHECK(fd(-100) == "fd=-100(AT_FDCWD)");
  CHECK(fd(INT64_MIN) == "fd=-9223372036854775808");
  CHECK(s.by(99).event(type::close_enter, {i64(3)}) == "fd=3");
}

TEST_CASE("one parameter alone: the value, or what it stands for") {
  Shell s;
  const auto rendered = [&](auto append, uint32_t index) {
    Text to;
    to.append("before(");
    append(to, Rendering{*s.last(), s.state, s.render}, s.last()->info().params[index],
           s.last()->param(index));
    return std::string(to.view());
  };
  s.event(type::openat_2_exit, {i64(-2), i64(-100), text("a(b)"), u32(1), u32(0), u32(0), u64(0)});
  CHECK(rendered(append_raw_text, 0) == "before(-2");
  CHECK(rendered(append_resolved_or_raw, 0) == "before(ENOENT");
  CHECK(rendered(append_raw_text, 2) == "before(a(b)");
  CHECK(rendered(append_resolved_or_raw, 2).ends_with("/a(b)"));
  CHECK(rendered(append_raw_text, 4) == "before(0");
  CHECK(rendered(append_resolved_or_raw, 4) == "before(0");
}

TEST_CASE("pid: the number, and the thread's name") {
  Shell s;
  CHECK(s.event(type::kill_exit, {i64(0), i64(7), u8(15)}) == "res=0 pid=7(sh) sig=15(SIGTERM)");
  CHECK(s.event(type::kill_exit, {i64(0), i64(-1), u8(0)}) == "res=0 pid=-1 sig=0");
  CHECK(s.event(type::kill_exit, {i64(0), i64(88), u8(32)}) == "res=0 pid=88 sig=32");
}

TEST_CASE("texts: unknown, empty, old NULL") {
  Shell s;
  const auto path = [&](const Param& value) { return s.event(type::chdir_exit, {i64(-1), value}); };
  CHECK(path(text("dir")) == "res=-1(EPERM) path=dir");
  CHECK(path(text("")) == "res=-1(EPERM) path=");
  CHECK(path(empty()) == "res=-1(EPERM) path=<NA>");
  CHECK(path(text("(NULL)")) == "res=-1(EPERM) path=<NA>");
  CHECK(path(blob("no NUL at the end")) == "res=-1(EPERM) path=no NUL at the end");
  CHECK(path(text("two\0parts")) == "res=-1(EPERM) path=two");
}

TEST_CASE("paths: relative ones are completed") {
  Shell s;
  const auto path = [&](const Param& value) { return s.event(type::stat_exit, {i64(0), value}); };
  CHECK(path(text("/abs/../x")) == "res=0 path=/abs/../x");
  CHECK(path(text("../x")) == "res=0 path=../x(/x)");
  CHECK(path(text("")) == "res=0 path=");
  CHECK(path(empty()) == "res=0 path=<NA>");
  CHECK(path(text("(NULL)")) == "res=0 path=<NA>");
  CHECK(s.by(99).event(type::stat_exit, {i64(0), text("x")}) == "res=0 path=x(x)");
}

TEST_CASE("paths relative to a descriptor") {
  Shell s;
  const auto unlinked = [&](const Param& dirfd, const Param& name) {
    return value_of(s.event(type::unlinkat_2_exit, {i64(0), dirfd, name, u32(0)}), "name");
  };
  CHECK(unlinked(i64(-100), text("x")) == "x(/home/x)");
  CHECK(unlinked(i64(3), text("x")) == "x(/etc/x)");
  CHECK(unlinked(i64(3), text("/x")) == "/x");
  CHECK(unlinked(i64(77), text("x")) == "x(x)");
  CHECK(s.event(type::renameat_exit, {i64(0), i64(3), text("a"), i64(-100), text("b")}) ==
        "res=0 olddirfd=3(<d>/etc) oldpath=a(/etc/a) newdirfd=-100(AT_FDCWD) newpath=b(/home/b)");
}

TEST_CASE("flags: all names whose bits are there, in the table's order") {
  Shell s;
  const auto flags = [&](uint32_t value) {
    return value_of(s.event(type::open_enter, {text("/x"), u32(value), u32(0)}), "flags");
  };
  CHECK(flags(0) == "0(O_NONE)");
  CHECK(flags(1) == "1(O_RDONLY)");
  CHECK(flags(2) == "2(O_WRONLY)");
  CHECK(flags(3) == "3(O_RDWR)");
  CHECK(flags(0x1001) == "4097(O_RDONLY|O_CLOEXEC)");
  CHECK(flags(0x0107) == "263(O_TRUNC|O_CREAT|O_RDWR)");
  CHECK(flags(0x40000000) == "1073741824");
  CHECK(flags(0x40000001) == "1073741825(O_RDONLY)");
  CHECK(flags(0x80000001) == "2147483649(O_RDONLY)");
}

TEST_CASE("enumerations: every name of exactly this value, of old just the first") {
  Shell s;
  const auto domain = [&](uint32_t value) {
    return value_of(s.event(type::socket_enter, {u32(value), u32(1), u32(0)}), "domain");
  };
  CHECK(domain(1) == "1(AF_LOCAL|AF_UNIX)");
  CHECK(domain(2) == "2(AF_INET)");
  CHECK(domain(99) == "99");
  s.render.dialect = Dialect::sysdig_0_29;
  CHECK(domain(1) == "1(AF_LOCAL)");
}

TEST_CASE("modes") {
  Shell s;
  const auto mode = [&](uint32_t value) {
    return value_of(s.event(type::chmod_exit, {i64(0), text("/x"), u32(value)}), "mode");
  };
  CHECK(mode(0) == "0");
  CHECK(mode(0644) == "0644(S_IROTH|S_IRGRP|S_IWUSR|S_IRUSR)");
  CHECK(mode(04755) == "04755(S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR|S_ISUID)");
  CHECK(mode(0400) == "0400(S_IRUSR)");
}

TEST_CASE("signal sets") {
  Shell s;
  const auto set = [&](uint32_t bits) {
    const std::string args = s.event(type::ppoll_enter, {fd_list({}), u64(0), number(bits)});
    return args.substr(args.find("sigmask="));
  };
  CHECK(set(0) == "sigmask=");
  CHECK(set(1) == "sigmask=SIGHUP");
  CHECK(set(0x4002) == "sigmask=SIGINT SIGTERM");
  CHECK(set(1u << 30) == "sigmask=SIGSYS");
  CHECK(set(1u << 31) == "sigmask=");
}

TEST_CASE("durations") {
  Shell s;
  const auto interval = [&](uint64_t ns) { return s.event(type::nanosleep_enter, {u64(ns)}); };
  CHECK(interval(0) == "interval=0(0s)");
  CHECK(interval(215'000) == "interval=215000(0.000215s)");
  CHECK(interval(1'500'000'000) == "interval=1500000000(1.5s)");
  CHECK(interval(10'000'000'000'000'000) == "interval=10000000000000000(1e+07s)");
  CHECK(interval(UINT64_MAX) == "interval=none");
}

TEST_CASE("points in time are local") {
  Shell s;
  Params exec = exec_params({0, 7, 7, 1});
  exec[24] = u64(1'700'000'000'000'000'005);
  {
    const TimeZone utc("UTC");
    CHECK(s.event(type::execve_19_exit, exec)
              .find("exe_ino_ctime=2023-11-14 22:13:20.000000005 +0000 ") != std::string::npos);
  }
  const TimeZone india("IST-5:30");
  CHECK(s.event(type::execve_19_exit, exec)
            .find("exe_ino_ctime=2023-11-15 03:43:20.000000005 +0530 ") != std::string::npos);
}

TEST_CASE("users and groups: the number and the name") {
  Shell s;
  s.state.users.set("", 1000, {"alice"});
  s.state.groups.set("", 50, {"staff"});
  const auto uid = [&](uint32_t value) { return s.event(type::setuid_enter, {u32(value)}); };
  CHECK(uid(1000) == "uid=1000(alice)");
  CHECK(uid(0) == "uid=0(root)");
  CHECK(uid(77) == "uid=77(<NA>)");
  CHECK(uid(UINT32_MAX) == "uid=-1(<NONE>)");
  CHECK(s.event(type::setgid_enter, {u32(50)}) == "gid=50(staff)");
}

TEST_CASE("system call ids print as the event's name") {
  Shell s;
  s.event(type::generic_enter, {u16(3), u16(0)});
  CHECK(event_name(*s.last()) == schema::syscalls[3].name);
  s.event(type::generic_exit, {u16(0), u16(102)});
  CHECK(event_name(*s.last()) == "getuid");
  CHECK(s.event(type::generic_exit, {u16(0), u16(9999)}) == "");
  CHECK(event_name(*s.last()) == "unknown");
  s.event(type::generic_exit, {u16(60000)});
  CHECK(event_name(*s.last()) == "unknown");
  s.event(type::generic_exit, {});
  CHECK(event_name(*s.last()) == "syscall");
}

TEST_CASE("sysdig 0.29 has some system calls under other names") {
  Shell s;
  const auto name = [&](uint16_t code, uint16_t native) {
    s.event(type::generic_exit, {u16(code), u16(native)});
    return event_name(*s.last(), Dialect::sysdig_0_29);
  };
  CHECK(name(298, 0) == "sigreturn");
  CHECK(event_name(*s.last(), Dialect::today) == "rt_sigreturn");
  CHECK(name(306, 0) == "getuid");
  CHECK(name(4, 0) == "write");
  CHECK(name(0, 102) == "<unknown>");
  s.event(type::close_exit, {i64(0)});
  CHECK(event_name(*s.last(), Dialect::sysdig_0_29) == "close");
}

TEST_CASE("values that bring their type along") {
  Shell s;
  const auto option = [&](const Param& value) {
    return value_of(s.event(type::getsockopt_exit, {i64(0), i64(3), u8(0), u8(0), value, u32(4)}),
                    "val");
  };
  CHECK(option(dyn(0, blob("ab\1"))) == "ab.");
  CHECK(option(dyn(1, i64(-11))) == "-11(EAGAIN)");
  CHECK(option(dyn(2, u32(7))) == "7");
  CHECK(option(dyn(3, u64(1))) == "1");
  CHECK(option(dyn(4, u64(2'000'000'000))) == "2000000000(2s)");
  CHECK(option(dyn(2, u16(7))) == "<INVALID>");
  CHECK(option(dyn(0, empty())) == "NULL");
  CHECK(option(empty()) == "NULL");
  const std::string unknown =
      s.event(type::getsockopt_exit, {i64(0), i64(3), u8(0), u8(0), dyn(9, u32(1)), u32(4)});
  CHECK(unknown.find("val=INVALID DYNAMIC PARAMETER optlen=4") != std::string::npos);
  CHECK(s.event(type::ptrace_exit, {i64(0), dyn(0, u64(0xABC)), dyn(1, u8(9))}) ==
        "res=0 addr=ABC data=9(SIGKILL)");
}

TEST_CASE("lists of polled descriptors") {
  Shell s;
  const auto fds = [&](const Param& list) { return s.event(type::poll_exit, {i64(1), list}); };
  CHECK(fds(fd_list({})) == "res=1 fds=");
  CHECK(fds(fd_list({{3, 1}, {4, 0x41}, {77, 4}})) == "res=1 fds=3:d1 4:p41 77:?4");
  CHECK(fds(empty()) == "res=1 fds=NULL");
  CHECK(fds(u16(2) + i64(3) + i16(1)) == "res=1 fds=3:d1 INVALID FDLIST");
  CHECK(fds(u16(5)) == "res=1 fds=INVALID FDLIST");
  CHECK(fds(u8(1)) == "res=1 fds=INVALID FDLIST");
}

TEST_CASE("addresses and tuples") {
  const auto address = [](const Param& raw) {
    Text text;
    append_sockaddr(text, as_bytes_of(raw), {});
    return std::string(text.view());
  };
  CHECK(address(socket_address({"10.0.0.1", 80})) == "10.0.0.1:80");
  CHECK(address(socket_address({"2001:db8::1", 80})) == "2001:db8::1:80");
  CHECK(address(unix_address("/run/x")) == "/run/x");
  CHECK(address(u8(16) + "abc") == "family 16");
  CHECK(address(u8(2) + "abc") == "INVALID IPv4");
  CHECK(address(u8(10) + "abc") == "INVALID IPv6");
  const auto pair = [](const Param& raw) {
    Text text;
    append_socktuple(text, as_bytes_of(raw), {});
    return std::string(text.view());
  };
  CHECK(pair(tuple({"10.0.0.1", 1}, {"10.0.0.2", 2})) == "10.0.0.1:1->10.0.0.2:2");
  CHECK(pair(tuple({"::ffff:10.0.0.1", 1}, {"::ffff:10.0.0.2", 2})) == "10.0.0.1:1->10.0.0.2:2");
  CHECK(pair(unix_tuple(0xffff88003c420800, 0, "/run/x")) == "ffff88003c420800->0 /run/x");
  CHECK(pair(u8(17)) == "family 17");
  CHECK(pair(u8(2) + "abc") == "INVALID IPv4");
  CHECK(pair(u8(10) + "abc") == "INVALID IPv6");
  CHECK(pair(u8(1) + "abc") == "INVALID PATH");
}

TEST_CASE("a path that no NUL ends is taken as it is") {
  Text text;
  append_socktuple(text, as_bytes_of(u8(1) + u64(1) + u64(2) + "/run/x"), {});
  CHECK(text.view() == "1->2 /run/x");
}

TEST_CASE("empty values by type, and as 0.29 prints them") {
  Shell s;
  CHECK(s.event(type::read_exit, {empty(), empty()}) == "res=<NA> data=NULL");
  CHECK(s.event(type::connect_exit, {i64(0), empty(), empty(), empty()}) ==
        "res=0 tuple=NULL fd=<NA> addr=<NA>");
  CHECK(s.event(type::poll_exit, {i64(0), empty()}) == "res=0 fds=NULL");
  CHECK(s.event(type::setuid_enter, {empty()}) == "uid=<NA>");
  CHECK(s.event(type::nanosleep_enter, {empty()}) == "interval=<NA>");
  s.render.dialect = Dialect::sysdig_0_29;
  CHECK(s.event(type::read_exit, {i64(0), empty()}) == "res=0 data=");
  CHECK(s.event(type::chdir_exit, {i64(-1), empty()}) == "res=-1(EPERM) path=");
  CHECK(s.event(type::connect_exit, {i64(0), empty()}) == "res=0 tuple=NULL");
}

TEST_CASE("a value of the wrong size is invalid, the others print") {
  Shell s;
  for (const size_t size : {1, 2, 4, 7, 9, 16}) {
    CHECK(s.event(type::close_exit, {std::string(size, '\1'), i64(77)}) == "res=<INVALID> fd=77");
  }
  CHECK(s.event(type::setuid_enter, {u16(1)}) == "uid=<INVALID>");
  CHECK(s.event(type::open_enter, {text("/x"), u8(1), u64(1)}) ==
        "name=/x flags=<INVALID> mode=<INVALID>");
}

TEST_CASE("parameters that are not in the event are not printed, nor those beyond the schema") {
  Shell s;
  CHECK(s.event(type::close_exit, {}) == "");
  CHECK(s.event(type::read_exit, {i64(5)}) == "res=5");
  CHECK(s.event(type::close_exit, {i64(0), i64(3), i64(9), text("x")}) == "res=0 fd=3(<d>/etc)");
}

TEST_CASE("the 0.29 dialect leaves out what that version does not know") {
  Shell s;
  const Params params{i64(5), text("/x"), u32(1), u32(0), u32(0x801), u64(42)};
  CHECK(s.event(type::open_exit, params).ends_with("mode=0 dev=801 ino=42"));
  s.render.dialect = Dialect::sysdig_0_29;
  CHECK(s.event(type::open_exit, params).ends_with("mode=0 dev=801"));
}

TEST_CASE("control characters of names cannot reach a terminal") {
  Shell s;
  s.render.safe_for_terminal = true;
  CHECK(s.event(type::chdir_exit, {i64(-1), text("a\x1b[31m\x7f\n")}) ==
        "res=-1(EPERM) path=a.[31m..");
  CHECK(s.event(type::close_enter, {i64(5)}) == "fd=5(<f>/a.b)");
  s.render.safe_for_terminal = false;
  CHECK(s.event(type::close_enter, {i64(5)}) == "fd=5(<f>/a\nb)");
}

TEST_CASE("buffers as dots, cut at the limit") {
  CHECK(buffer("abc\r\n\t~\x7f\x80\xff", BufferMode::dots) == "abc...~...");
  const std::string exactly(80, 'x'), more(81, 'x');
  CHECK(buffer(exactly, BufferMode::dots) == exactly);
  CHECK(buffer(more, BufferMode::dots) == std::string(77, 'x') + "...");
  CHECK(buffer(more, BufferMode::dots, 0) == more);
  CHECK(buffer("", BufferMode::dots) == "");
}

TEST_CASE("buffers as ASCII keep line ends and drop what is unprintable") {
  CHECK(buffer("one\ntwo", BufferMode::ascii) == "\none\ntwo");
  CHECK(buffer("one\r\ntwo\rthree", BufferMode::ascii) == "\none\ntwo\nthree");
  CHECK(buffer("\nfirst", BufferMode::ascii) == "\nfirst");
  CHECK(buffer("a\x01\xff\tb", BufferMode::ascii) == "\nab");
  CHECK(buffer(std::string(200, 'x'), BufferMode::ascii) == "\n" + std::string(200, 'x'));
}

// A row's odd last byte is not padded, as in sysdig.
TEST_CASE("buffers in hexadecimal") {
  CHECK(buffer("this is a test\n", BufferMode::hex) ==
        "\n\t0x0000: 7468 6973 2069 7320 6120 7465 7374 0a\n");
  CHECK(buffer("this is a test\n", BufferMode::hex_ascii) ==
        "\n\t0x0000: 7468 6973 2069 7320 6120 7465 7374 0a  this is a test.\n");
  CHECK(buffer("0123456789abcdefg", BufferMode::hex_ascii) ==
        "\n\t0x0000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef"
        "\n\t0x0010: 67                                     g\n");
  CHECK(buffer("0123456789abcdef", BufferMode::hex) ==
        "\n\t0x0000: 3031 3233 3435 3637 3839 6162 6364 6566\n");
  const std::string large = buffer(std::string(65'552, 'x'), BufferMode::hex);
  CHECK(large.find("\n\t0xfff0: ") != std::string::npos);
  CHECK(large.find("\n\t0x00010000: 7878") != std::string::npos);
}

TEST_CASE("buffers in base64") {
  CHECK(buffer("", BufferMode::base64) == "");
  CHECK(buffer("M", BufferMode::base64) == "TQ==");
  CHECK(buffer("Ma", BufferMode::base64) == "TWE=");
  CHECK(buffer("Man", BufferMode::base64) == "TWFu");
  CHECK(buffer("\xfb\xff\xfe", BufferMode::base64) == "+//+");
  CHECK(buffer(all_bytes(), BufferMode::base64).size() == 344);
}

TEST_CASE("the buffer mode of the options reaches the event") {
  Shell s;
  const auto read = [&](BufferMode mode) {
    s.render.buffers = mode;
    return s.event(type::read_exit, {i64(2), blob("hi")});
  };
  CHECK(read(BufferMode::dots) == "res=2 data=hi");
  CHECK(read(BufferMode::ascii) == "res=2 data=\nhi");
  CHECK(read(BufferMode::hex) == "res=2 data=\n\t0x0000: 6869\n");
  CHECK(read(BufferMode::base64) == "res=2 data=aGk=");
  CHECK(read(BufferMode::hex_ascii) ==
        "res=2 data=\n\t0x0000: 6869                                     hi\n");
}
