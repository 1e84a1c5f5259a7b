#include "tests/data/small_trace.hpp"

#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

namespace type = schema::type;

constexpr int64_t bash = 2001, cat = 2002, grep = 2003, curl = 2004;
constexpr int64_t at_fdcwd = -100;
constexpr uint16_t wait4 = 61, exit_group = 231;  // x86_64
constexpr size_t snaplen = 200;                   // bytes kept of each buffer
constexpr uint32_t uid = 1000;
constexpr uint32_t o_rdonly = 1, o_rdwr = 3, o_cloexec = 0x1000;
constexpr uint32_t child_settid = (1u << 23) | (1u << 24);
constexpr End client{"10.0.0.1", 45678}, server{"10.0.0.2", 80};

constexpr std::string_view passwd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "alice:x:1000:1000:Alice:/home/alice:/bin/bash\n";
constexpr std::string_view request =
    "GET / HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";
constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

/// The parameters of the generic event, which stands for calls without an event of their own.
Params syscall_id(uint16_t native) {
  const auto code = schema::syscall_by_x86_64(native) - schema::syscalls.data();
  return {u16(static_cast<uint16_t>(code)), u16(native)};
}

/// Calls as pairs of events, by the thread set with `by`.
class Story {
 public:
  TraceBuilder trace;

  Story& by(int64_t tid) {
    tid_ = tid;
    trace.by(tid).cpu(static_cast<uint16_t>(tid % 2));
    return *this;
  }
  /// An enter event and its exit event; `took` nanoseconds lie between them.
  Story& call(uint16_t enter, Params enter_params, Params exit_params, uint64_t took = 2'100) {
    begin(enter, std::move(enter_params));
    trace.at(trace.now() + took);
    return end(enter + 1, std::move(exit_params));
  }
  Story& begin(uint16_t enter, Params params = {}) {
    trace.event(enter, std::move(params));
    return *this;
  }
  Story& end(int exit, Params params = {}) {
    trace.event(static_cast<uint16_t>(exit), std::move(params));
    trace.at(trace.now() + 1'300 + trace.now() % 977);  // some work in between
    return *this;
  }
  Story& pause(uint64_t ns) { return trace.at(trace.now() + ns), *this; }

  Story& open(int64_t fd, const char* path, uint32_t flags = o_rdonly | o_cloexec) {
    const Params asked{i64(at_fdcwd), text(path), u32(flags), u32(0)};
    Params got{i64(fd)};
    got.insert(got.end(), asked.begin(), asked.end());
    got.push_back(u32(fd >= 0 ? 0xfe00 : 0));
    got.push_back(u64(fd >= 0 ? 100 * std::string_view(path).size() : 0));
    return call(type::openat_2_enter, asked, got, 7'900);
  }
  Story& close(int64_t fd) { return call(type::close_enter, {i64(fd)}, {i64(0)}, 700); }
  Story& read(int64_t fd, uint32_t size, std::string_view bytes) {
    const auto res = static_cast<int64_t>(bytes.size());
    return call(type::read_enter, {i64(fd), u32(size)}, {i64(res), blob(bytes.substr(0, snaplen))},
                1'900);
  }
  Story& write(int64_t fd, std::string_view bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    return call(type::write_enter, {i64(fd), u32(size)},
                {i64(size), blob(bytes.substr(0, snaplen))}, 5'400);
  }
  Story& dup2(int64_t from, int64_t to) {
    return call(type::dup2_enter, {i64(from)}, {i64(to), i64(from), i64(to)}, 800);
  }
  Story& exec(const char* path, const char* name, const Param& args);
  Story& load_libraries();
  /// A clone of bash: both sides.
  Story& clone(int64_t child);
  Story& exit();

 private:
  Params clone_side(int64_t res, int64_t tid, int64_t ptid) const;
  int64_t tid_ = 0;
};

Params Story::clone_side(int64_t res, int64_t tid, int64_t ptid) const {
  return {i64(res),
          text("bash"),
          empty(),
          i64(tid),
          i64(tid),
          i64(ptid),
          empty(),
          i64(1024),
          i64(0),
          i64(310),
          u32(9'120),
          u32(5'012),
          u32(0),
          text("bash"),
          texts({"cpu=/", "memory=/"}),
          u32(child_settid),
          u32(uid),
          u32(uid),
          i64(tid),
          i64(tid),
          u64(0)};
}

Story& Story::clone(int64_t child) {
  by(bash).call(type::clone_20_enter, {}, clone_side(child, bash, 1990), 118'000);
  return by(child).end(type::clone_20_exit, clone_side(0, child, bash));
}

Story& Story::exec(const char* path, const char* name, const Param& args) {
  begin(type::execve_19_enter, {text(path)}).pause(241'000);
  return end(type::execve_19_exit, {i64(0),
                                    text(name),
                                    args,
                                    i64(tid_),
                                    i64(tid_),
                                    i64(bash),
                                    empty(),
                                    u64(1024),
                                    u64(0),
                                    u64(28),
                                    u32(2'372),
                                    u32(540),
                                    u32(0),
                                    text(name),
                                    texts({"cpu=/", "memory=/"}),
                                    texts({"HOME=/home/alice", "PATH=/usr/bin:/bin"}),
                                    u32(34'816),
                                    i64(tid_),
                                    u32(uid),
                                    u32(0),
                                    u64(0),
                                    u64(0),
                                    u64(0),
                                    u64(1'057),
                                    u64(0),
                                    u64(1'690'000'000'000'000'000),
                                    u32(uid),
                                    text(path)});
}

Story& Story::load_libraries() {
  open(3, "/etc/ld.so.cache").close(3).open(3, "/lib/x86_64-linux-gnu/libc.so.6");
  std::string elf(
      "\x7f"
      "ELF\2\1\1\3\0\0\0\0\0\0\0\0\3\0>",
      19);
  elf.resize(snaplen);
  call(type::read_enter, {i64(3), u32(832)}, {i64(832), blob(elf)}, 1'900);
  return close(3);
}

Story& Story::exit() {
  begin(type::generic_enter, syscall_id(exit_group)).pause(3'000);
  return begin(type::procexit_1_enter, {i64(0), i64(0), u8(0), u8(0), i64(0)}).pause(20'000);
}

ThreadRecord process(int64_t pid, int64_t ptid, std::string_view comm, std::string_view cwd) {
  ThreadRecord t;
  t.tid = t.pid = t.vtid = t.vpid = t.vpgid = t.pgid = pid;
  t.ptid = ptid;
  t.sid = ptid == 0 ? 1 : pid;
  t.comm = t.exe = comm;
  t.cwd = cwd;
  t.root = "/";
  t.fdlimit = 1024;
  t.vmsize_kb = 9'120;
  t.vmrss_kb = 5'012;
  return t;
}

void write_records(TraceBuilder& trace) {
  trace.section().machine({2, 4'294'967'296, TraceBuilder::first_ts - 86'400'000'000'000, "demo"});
  trace.interfaces({{false, ip("127.0.0.1"), ip("255.0.0.0"), ip("127.255.255.255"), "lo"},
                    {false, ip("10.0.0.1"), ip("255.255.255.0"), ip("10.0.0.255"), "eth0"},
                    {true, ip("::1"), ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), {}, "lo"}});
  trace.users({{false, 0, 0, "root", "/root", "/bin/bash"},
               {false, uid, uid, "alice", "/home/alice", "/bin/bash"},
               {true, 0, 0, "root", {}, {}},
               {true, 0, uid, "alice", {}, {}}});
  ThreadRecord shell = process(bash, 1990, "bash", "/home/alice");
  shell.uid = shell.gid = shell.loginuid = uid;
  shell.exepath = "/usr/bin/bash";
  shell.tty = 34'816;
  trace.processes({process(1, 0, "systemd", "/"), process(1990, 1, "sshd", "/"), shell});
  std::vector<FdRecord> tty;
  for (const int64_t fd : {0, 1, 2, 255}) {
    tty.push_back(named_fd(fd, FdType::file_v2, "/dev/pts/0"));
    tty.back().open_flags = o_rdwr;
    tty.back().ino = 3;
  }
  trace.fds(1, {named_fd(0, FdType::file_v2, "/dev/null")});
  trace.fds(1990, {ip_server_fd(3, L4Protocol::tcp, {"0.0.0.0", 22}),
                   ip_fd(4, L4Protocol::tcp, {"10.0.0.1", 22}, {"10.0.0.9", 51234})});
  trace.fds(bash, tty);
}

void run_pipe(Story& story) {
  story.by(bash).read(0, 1, "\n");
  story.call(type::pipe_enter, {}, {i64(0), i64(3), i64(4), u64(31'337)}, 4'000);
  story.clone(cat).clone(grep);
  story.by(bash).close(3).close(4).begin(type::generic_enter, syscall_id(wait4));
  story.by(cat).close(3).dup2(4, 1).close(4);
  story.exec("/usr/bin/cat", "cat", texts({"/etc/passwd"})).load_libraries();
  story.by(grep).close(4).dup2(3, 0).close(3);
  story.exec("/usr/bin/grep", "grep", texts({"root"}));
  story.begin(type::read_enter, {i64(0), u32(98'304)});
  story.by(cat).open(3, "/etc/passwd", o_rdonly);
  story.read(3, 131'072, passwd).write(1, passwd);
  const auto got = static_cast<int64_t>(passwd.size());
  story.by(grep).end(type::read_exit, {i64(got), blob(passwd.substr(0, snaplen))});
  story.write(1, passwd.substr(0, passwd.find('\n') + 1));
  story.by(cat).read(3, 131'072, "").close(3).exit();
  story.by(grep).read(0, 98'304, "").exit();
  story.by(bash);
  story.begin(type::signaldeliver_enter, {i64(grep), i64(bash), u8(17)});
  story.end(type::generic_exit, syscall_id(wait4));
}

void run_curl(Story& story) {
  story.by(bash).write(2, "alice@demo:~$ ").read(0, 1, "c").pause(1'700'000'000);
  story.clone(curl).exec("/usr/bin/curl", "curl", texts({"-s", "http://10.0.0.2/"}));
  story.load_libraries().open(-2, "/home/alice/.curlrc");
  story.call(type::socket_enter, {u32(2), u32(1), u32(6)}, {i64(3)}, 3'300);
  story.call(type::connect_enter, {i64(3), socket_address(server)},
             {i64(-115), tuple(client, server)}, 61'000);
  story.call(type::poll_enter, {fd_list({{3, 4}}), i64(1'000)}, {i64(1), fd_list({{3, 4}})},
             412'000);
  const auto sent = static_cast<uint32_t>(request.size());
  story.call(type::sendto_enter, {i64(3), u32(sent), empty()},
             {i64(sent), blob(request.substr(0, snaplen))}, 18'000);
  story.call(type::recvfrom_enter, {i64(3), u32(102'400)}, {i64(-11), empty(), empty()}, 900);
  story.call(type::poll_enter, {fd_list({{3, 1}}), i64(1'000)}, {i64(1), fd_list({{3, 1}})},
             2'301'000);
  const auto received = static_cast<int64_t>(answer.size());
  story.call(type::recvfrom_enter, {i64(3), u32(102'400)},
             {i64(received), blob(answer.substr(0, snaplen)), empty()}, 2'200);
  story.write(1, "hello\n").close(3).exit();
  story.by(bash).begin(type::signaldeliver_enter, {i64(curl), i64(bash), u8(17)});
}

}  // namespace

std::string small_trace_bytes() {
  Story story;
  write_records(story.trace);
  story.trace.at(TraceBuilder::first_ts + 1'234'567);
  run_pipe(story);
  story.by(bash).trace.event(type::procinfo_enter, {u64(12), u64(3)});
  run_curl(story);
  return story.trace.bytes();
}

}  // namespace gyr::test
