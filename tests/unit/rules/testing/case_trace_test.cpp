// Inline events of cases: the traces that they become.
#include "rules/testing/case_trace.hpp"

#include <doctest/doctest.h>

#include "rules/testing/event_kinds.hpp"
#include "tests/unit/rules/testing/written_case.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace {

std::vector<std::string> fields_of(const std::string& yaml, const std::string& format) {
  const Written written = write_case(yaml, format);
  for (const std::string& error : written.errors) FAIL_CHECK(error);
  return written.fields;
}

std::string last_fields_of(const std::string& yaml, const std::string& format) {
  const auto fields = fields_of(yaml, format);
  return fields.empty() ? "" : fields.back();
}

}  // namespace

TEST_CASE("case events: every event can be written with nothing said") {
  for (const std::string_view name : event_kind_names()) {
    const std::string event = event_of(std::string(name) + ": {}");
    const EventKind kind = *find_event_kind(name);
    CHECK_MESSAGE(event.find("INVALID") == std::string::npos, event);
    CHECK_MESSAGE(event.starts_with("100 " + std::string(kind.info().name)), event);
    CHECK((kind.info().flags & schema::old_version) == 0);
  }
}

TEST_CASE("case events: each name of a call of today is one event") {
  for (size_t id = 3; id < schema::events.size(); id += 2) {
    const schema::Event& event = schema::events[id];
    if ((event.flags & (schema::unused | schema::old_version)) != 0) continue;
    CHECK_MESSAGE(find_event_kind(event.name)->type == id, event.name);
  }
  CHECK(find_event_kind("exit")->type == schema::type::procexit_1_enter);
  CHECK(find_event_kind("switch")->type == schema::type::schedswitch_6_enter);
  CHECK(find_event_kind("sethostname")->call->name == "sethostname");
}

TEST_CASE("case events: times, waits and latencies") {
  CHECK(fields_of("- process: {tid: 100}\n- getcwd\n- getcwd: {latency: 30us}\n- wait: 2s\n"
                  "- getcwd\n",
                  "%evt.reltime.s %evt.latency") ==
        std::vector<std::string>{"0 0", "0 30000", "2 0"});
}

TEST_CASE("case events: whose event it is, and of whom it tells") {
  CHECK(event_of("tgkill: {thread: 100, pid: 7, tid: 8, sig: SIGTERM}") ==
        "100 tgkill res=0 pid=7 tid=8 sig=15(SIGTERM)");
  CHECK(event_of("tgkill: {tid: 100, pid: 7}") == "100 tgkill res=0 pid=7 tid=0 sig=0");
  const Written written = write_case(
      "- process: {tid: 5}\n- process: {tid: 6}\n- getcwd\n"
      "- close: {tid: 6}\n- getcwd\n");
  REQUIRE(written.events.size() == 3);
  CHECK(written.events[0].starts_with("5 getcwd"));
  CHECK(written.events[2].starts_with("6 getcwd"));
}

TEST_CASE("case events: what was there before") {
  CHECK(last_fields_of("- user: {uid: 33, name: www-data, home: /var/www}\n"
                       "- group: {gid: 8, name: mail}\n"
                       "- process: {tid: 9, exe: /usr/sbin/nginx, args: [-g, daemon off], "
                       "uid: www-data, gid: mail, cwd: /srv, loginuid: 7, env: {A: b}, tty: 5}\n"
                       "- getcwd\n",
                       "%proc.name|%proc.cmdline|%proc.exepath|%proc.cwd|%user.name|%user.homedir|"
                       "%group.name|%user.loginuid|%proc.env|%proc.tty|%proc.pname|%proc.pid") ==
        "nginx|nginx -g daemon off|/usr/sbin/nginx|/srv/|www-data|/var/www|mail|7|A=b|5|systemd|9");
  CHECK(
      last_fields_of("- process: {tid: 8, comm: sshd}\n- process: {tid: 9, comm: bash, parent: 8, "
                     "container: 0123456789ab}\n- getcwd: {tid: 9}\n",
                     "%proc.pname|%proc.aname[2]|%container.id") == "sshd|systemd|0123456789ab");
}

TEST_CASE("case events: descriptors that were there before") {
  const auto name_of = [](const std::string& fd) {
    return last_fields_of("- process: {tid: 9}\n- fd: {fd: 3, " + fd + "}\n- fstat: {fd: 3}\n",
                          "%fd.typechar|%fd.name|%fd.l4proto|%fd.sport|%fd.is_server");
  };
  CHECK(name_of("file: /etc/passwd") == "f|/etc/passwd|<NA>|<NA>|false");
  CHECK(name_of("directory: /etc") == "d|/etc|<NA>|<NA>|false");
  CHECK(name_of("ipv4: \"10.0.0.1:4000->10.0.0.2:80\"") ==
        "4|10.0.0.1:4000->10.0.0.2:80|tcp|80|false");
  CHECK(name_of("ipv4: \"10.0.0.1:4000->10.0.0.2:80\", proto: udp, role: server") ==
        "4|10.0.0.1:4000->10.0.0.2:80|udp|80|true");
  CHECK(name_of("ipv4: \"0.0.0.0:22\"") == "4|0.0.0.0:22|tcp|22|true");
  CHECK(name_of("ipv6: \"[fd00::1]:4000->[fd00::2]:80\", proto: udp")
            .starts_with("6|fd00::1:4000->fd00::2:80|<NA>"));
  CHECK(name_of("unix: /run/docker.sock").starts_with("u|/run/docker.sock|"));
  CHECK(name_of("memfd: payload").starts_with("m|payload|"));
}

TEST_CASE("case events: a program that starts") {
  const std::string format =
      "%proc.name|%proc.cmdline|%proc.exepath|%proc.pname|%proc.cwd|%user.uid";
  const std::string shell = "- process: {tid: 9, exe: /bin/bash, args: -i, uid: 5, cwd: /tmp}\n";
  CHECK(last_fields_of(shell + "- execve: {exe: id, args: -u}\n", format) ==
        "id|id -u|/usr/bin/id|systemd|/tmp/|5");
  CHECK(last_fields_of(shell + "- execve: {filename: ./evil}\n", format) ==
        "evil|evil|/tmp/evil|systemd|/tmp/|5");
  CHECK(last_fields_of(shell + "- execve: {exe: /bin/su, comm: su, uid: root}\n", format) ==
        "su|su|/bin/su|systemd|/tmp/|0");
  CHECK(last_fields_of("- execve: {tid: 30, exe: /bin/true, ptid: 1}\n", format) ==
        "true|true|/bin/true|<NA>||0");
}

TEST_CASE("case events: children") {
  const std::string format = "%proc.name|%proc.args|%proc.pname|%proc.ppid|%proc.pid|%proc.cwd";
  const std::string shell = "- process: {tid: 9, exe: /bin/bash, args: -i, cwd: /tmp}\n";
  CHECK(last_fields_of(shell + "- clone: {res: 10}\n- getcwd: {tid: 10}\n", format) ==
        "bash|-i|bash|9|10|/tmp/");
  CHECK(last_fields_of(shell + "- fork: {tid: 10, ptid: 9}\n- getcwd\n", format) ==
        "bash|-i|bash|9|10|/tmp/");
  CHECK(last_fields_of(shell + "- clone: {tid: 11, pid: 9, flags: CLONE_THREAD}\n- getcwd\n",
                       format) == "bash|-i|systemd|1|9|/tmp/");
  const Written gone = write_case(shell +
                                  "- clone: {res: 10}\n- exit: {tid: 10}\n"
                                  "- getcwd: {tid: 10}\n");
  CHECK(gone.errors.size() == 1);
}

TEST_CASE("case events: connections name their sockets from either parameter") {
  const std::string socket =
      "- process: {tid: 9}\n- socket: {fd: 3, domain: AF_INET, type: "
      "SOCK_STREAM}\n- connect: {fd: 3, ";
  for (const char* given : {"addr: \"10.0.0.9:443\"", "tuple: \"192.168.7.2:5->10.0.0.9:443\"",
                            "addr: \"10.0.0.9:443\", res: EINPROGRESS"})
    CHECK(last_fields_of(socket + given + "}\n", "%fd.rip|%fd.rport|%fd.l4proto") ==
          "10.0.0.9|443|tcp");
  CHECK(last_fields_of("- process: {tid: 9}\n- socket: {fd: 3, domain: AF_UNIX, type: 1}\n"
                       "- connect: {fd: 3, addr: /run/docker.sock}\n",
                       "%fd.name")
            .find("/run/docker.sock") != std::string::npos);
}

TEST_CASE("case events: containers") {
  CHECK(last_fields_of("- process: {tid: 9, container: 0123456789ab}\n"
                       "- container: {json: '{\"container\": {\"id\": \"0123456789ab\", "
                       "\"type\": 0, \"name\": \"web\", \"image\": \"nginx:1\"}}'}\n- getcwd\n",
                       "%container.id|%container.name|%container.image") ==
        "0123456789ab|web|nginx:1");
}

TEST_CASE("case events: errors") {
  const auto first_error = [](const std::string& yaml) {
    const Written written = write_case(yaml);
    return written.errors.empty() ? "" : written.errors.front();
  };
  CHECK(first_error("- getcwd\n") ==
        "1:3: whose event is it? There is no process before, and no 'tid'");
  CHECK(first_error("- getcwd: {tid: 5}\n") ==
        "1:3: nothing is known of thread 5; tell of it before with 'process', 'clone' or 'execve'");
  CHECK(first_error("- process: {tid: 5}\n- getcwd\n- fd: {fd: 1, file: x}\n") ==
        "3:3: 'fd' says what was there before the first event; put it in front");
  CHECK(first_error("- process: {tid: 5}\n- process: {tid: 5}\n") ==
        "2:18: there is a thread 5 already");
  CHECK(first_error("- process: {comm: x}\n") == "1:3: the process has no 'tid'");
  CHECK(first_error("- process: {tid: -4}\n") == "1:18: a process has a tid above 0");
  CHECK(first_error("- process: {tid: 5, uid: bob}\n") ==
        "1:26: no 'user' of the case is called 'bob'");
  CHECK(first_error("- process: 5\n") == "1:3: 'process' takes {key: value, ...}, found a text");
  CHECK(first_error("- fd: {fd: 3, file: x, ipv4: y}\n") ==
        "1:30: the fd is both 'file' and 'ipv4'");
  CHECK(first_error("- fd: {fd: 3}\n") ==
        "1:3: what is it? The fd has neither file nor ipv4 nor any other kind");
  CHECK(first_error("- fd: {tid: 4, fd: 3, file: x}\n") ==
        "1:13: no process of the case has a thread 4");
  CHECK(first_error("- wait: 2\n") == "1:9: 'wait' takes a time such as 250ms or 2s, found '2'");
  CHECK(first_error("- [a]\n") == "1:3: an item of 'events' is one event, as in - close: {fd: 3}");
  CHECK(first_error("- process: {tid: 5}\n- close: {fd: 1, fd: 2}\n") == "2:18: 'fd' stands twice");
  CHECK(first_error("- process: {tid: 5}\n- write: {data: " + std::string(70000, 'x') + "}\n") ==
        "2:3: the event is longer than any in a trace (65535 bytes)");
}

TEST_CASE("case events: any nonsense is an error and nothing worse") {
  const std::string values[] = {"x",
                                "-1",
                                "[a, b]",
                                "{a: b}",
                                "~",
                                "99999999999999999999",
                                "\"\"",
                                "[[a]]",
                                "{hex: [a]}",
                                "\"\\0\"",
                                "1.2.3.4:5->6.7.8.9:1"};
  for (const std::string_view name : event_kind_names()) {
    for (const schema::Param& param : find_event_kind(name)->info().params)
      for (const std::string& value : values)
        write_case("- process: {tid: 5}\n- " + std::string(name) + ": {thread: 5, " +
                   std::string(param.name) + ": " + value + "}\n");
  }
  for (const char* key : {"tid", "pid", "parent", "uid", "args", "env", "cgroups", "container",
                          "loginuid", "cap_effective", "exe_writable", "comm", "cwd"})
    for (const std::string& value : values)
      write_case("- process: {tid: 5, " + std::string(key) + ": " + value + "}\n- getcwd\n");
  for (const char* key : {"fd", "file", "ipv4", "ipv6", "unix", "proto", "role", "flags", "tid"})
    for (const std::string& value : values)
      write_case("- process: {tid: 5}\n- fd: {" + std::string(key) + ": " + value +
                 "}\n- getcwd\n");
}
