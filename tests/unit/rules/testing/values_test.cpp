// Values of parameters: what is written in a case is what gyr prints of it.
#include "rules/testing/values.hpp"

#include <doctest/doctest.h>

#include "rules/testing/addresses.hpp"
#include "rules/testing/numbers.hpp"
#include "tests/unit/rules/testing/written_case.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

TEST_CASE("case values: numbers") {
  CHECK(parse_number("12")->bits() == 12);
  CHECK(parse_number("-1")->bits() == UINT64_MAX);
  CHECK(parse_number("0x1F")->bits() == 31);
  CHECK(parse_number("0755")->bits() == 0755);
  CHECK(parse_number("0o17")->bits() == 15);
  CHECK(parse_number("0")->bits() == 0);
  for (const char* wrong : {"", "-", "1x", "0x", "1.5", "--1", "18446744073709551616", "08"})
    CHECK_MESSAGE(!parse_number(wrong), wrong);
}

TEST_CASE("case values: durations") {
  CHECK(parse_duration("2s") == 2'000'000'000u);
  CHECK(parse_duration("0.5s") == 500'000'000u);
  CHECK(parse_duration("3us") == 3'000u);
  CHECK(parse_duration("1h") == 3'600'000'000'000u);
  for (const char* wrong : {"", "2", "s", "-1s", "nans", "infs", "1e300h", "2 s", "99999999999h"})
    CHECK_MESSAGE(!parse_duration(wrong), wrong);
}

TEST_CASE("case values: numbers fit their types or are errors") {
  using schema::ParamType;
  CHECK(number_bytes(ParamType::uint8, {false, 255}).value() == "\xff");
  CHECK(!number_bytes(ParamType::uint8, {false, 256}));
  CHECK(number_bytes(ParamType::uint8, {true, 1}).value() == "\xff");
  CHECK(number_bytes(ParamType::int8, {true, 128}).value() == "\x80");
  CHECK(!number_bytes(ParamType::int8, {false, 128}));
  CHECK(number_bytes(ParamType::uint64, {false, UINT64_MAX}));
  CHECK(!number_bytes(ParamType::int64, {false, UINT64_MAX}));
  CHECK(!number_bytes(ParamType::charbuf, {}));
}

TEST_CASE("case values: addresses") {
  CHECK(parse_end("10.0.0.1:80")->port == 80);
  CHECK(parse_end("10.0.0.1")->port == 0);
  CHECK(parse_end("[fe80::1]:80")->port == 80);
  CHECK(parse_end("fe80::1:80")->port == 80);
  CHECK(parse_end("[fe80::1]")->ipv6);
  CHECK(parse_pair("1.2.3.4:5->6.7.8.9:10")->destination.port == 10);
  for (const char* wrong :
       {"", ":", "[", "[]", "[::1", "[::1]x", "1.2.3:4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:x"})
    CHECK_MESSAGE(!parse_end(wrong), wrong);
  for (const char* wrong : {"", "->", "1.2.3.4:5", "1.2.3.4:5->[::1]:6", "1.2.3.4:5->"})
    CHECK_MESSAGE(!parse_pair(wrong), wrong);
}

TEST_CASE("case values: flags, errors, signals and modes by their names") {
  CHECK(event_of("openat: {fd: -ENOENT, name: /a, flags: O_RDWR|O_CREAT, mode: 0640}") ==
        "100 openat fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=/a flags=7(O_CREAT|O_RDWR) mode=0640 "
        "dev=0 ino=0");
  CHECK(event_of("kill: {res: EPERM, pid: 7, sig: SIGKILL}") ==
        "100 kill res=-1(EPERM) pid=7 sig=9(SIGKILL)");
  CHECK(event_of("chmod: {filename: /a, mode: S_ISUID|0700}").find("filename=/a mode=04700") !=
        std::string::npos);
  CHECK(event_of("lseek: {fd: 3, offset: 5, whence: SEEK_END}") ==
        "100 lseek res=0 fd=3(<f>/x) offset=5 whence=2(SEEK_END)");
}

TEST_CASE("case values: flags as a list") {
  CHECK(event_of("openat: {fd: 4, name: /a, flags: [O_RDWR, O_CREAT]}")
            .find("flags=7(O_CREAT|O_RDWR)") != std::string::npos);
  CHECK(error_of("openat: {name: /a, flags: [O_RDWR, [x]]}")
            .find("'flags' takes a text, found a list") != std::string::npos);
  CHECK(error_of("openat: {name: /a, flags: []}").starts_with("2:29: there is no ''"));
}

TEST_CASE("case values: descriptors by their names") {
  CHECK(event_of("read: {fd: /x, data: \"a\\nb\"}") ==
        "100 read res=3 data=a.b fd=3(<f>/x) size=3");
  CHECK(error_of("read: {fd: /nothing}") == "2:14: thread 100 has no descriptor called '/nothing'");
}

TEST_CASE("case values: addresses of sockets") {
  CHECK(event_of("bind: {fd: 3, addr: \"[::1]:53\"}") ==
        "100 bind res=0 addr=::1:53 fd=3(<6>::1:53)");
  CHECK(event_of("bind: {fd: 3, addr: /run/x.sock}") ==
        "100 bind res=0 addr=/run/x.sock fd=3(<f>/run/x.sock)");
  CHECK(event_of("sendto: {fd: 3, tuple: \"10.0.0.1:5->10.0.0.2:53\", data: q}")
            .find("tuple=10.0.0.1:5->10.0.0.2:53") != std::string::npos);
  CHECK(event_of("sendto: {fd: 3, tuple: \"a1->b2 /run/y\"}").find("tuple=a1->b2 /run/y") !=
        std::string::npos);
  CHECK(error_of("bind: {addr: 10.0.0.1:99999}").starts_with("2:16: 'addr' takes an address"));
  CHECK(error_of("sendto: {tuple: 10.0.0.1:9}").starts_with("2:19: 'tuple' takes addresses"));
}

TEST_CASE("case values: lists and bytes") {
  CHECK(event_of("poll: {res: 1, fds: [3, \"4:POLLIN|POLLHUP\"], timeout: -1}") ==
        "100 poll res=1 fds=3:f0 4:?21 timeout=-1");
  CHECK(event_of("write: {fd: 3, data: {hex: \"7f 45 4c\"}}") ==
        "100 write res=3 data=.EL fd=3(<f>/x) size=3");
  CHECK(event_of("execve: {exe: ls, args: [-l, \"a b\"]}").find("exe=ls args=-l.a b.") !=
        std::string::npos);
  CHECK(error_of("write: {data: {hex: \"7\"}}").find("pairs of hexadecimal digits") !=
        std::string::npos);
  CHECK(error_of("poll: {fds: [x]}").find("a descriptor is a number") != std::string::npos);
  CHECK(error_of("write: {fd: [1]}") == "2:15: 'fd' takes a text, found a list");
}

TEST_CASE("case values: variants") {
  CHECK(event_of("setsockopt: {fd: 3, level: SOL_SOCKET, optname: SO_RCVTIMEO, val: {reltime: 2s}}")
            .find("val=2000000000") != std::string::npos);
  CHECK(event_of("setsockopt: {fd: 3, val: text}").find("val=text") != std::string::npos);
  CHECK(event_of("keyctl: {operation: KEYCTL_JOIN_SESSION_KEYRING, arg2: name, arg3: 5}")
            .find("arg2=name arg3=5") != std::string::npos);
}

TEST_CASE("case values: a mistyped name has its place and the nearest one") {
  CHECK(error_of("openat: {name: /a, flags: O_RDONL}") ==
        "2:29: there is no 'O_RDONL' among the file_flags; did you mean 'O_RDONLY'?");
  CHECK(error_of("openat: {name: /a, flgs: O_RDONLY}") ==
        "2:22: 'openat' has no 'flgs'; did you mean 'flags'?");
  CHECK(error_of("opennat: {name: /a}") ==
        "2:3: there is no event 'opennat'; did you mean 'openat'?");
  CHECK(error_of("kill: {sig: SIGKIL}") == "2:15: 'SIGKIL' is no signal; did you mean 'SIGKILL'?");
  CHECK(error_of("close: {res: EBADFF}") ==
        "2:16: 'res' takes a number, found 'EBADFF'; did you mean 'EBADF' or 'EBADFD'?");
}
