#include "rules/testing/state_items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "filter/wording.hpp"
#include "rules/testing/fd_items.hpp"
#include "rules/testing/item_keys.hpp"
#include "rules/testing/local_addresses.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;
using schema::ParamType;

constexpr std::array<std::string_view, 5> item_names = {"process", "fd", "user", "group",
                                                        "interface"};

constexpr std::array<std::string_view, 34> process_keys = {"tid",
                                                           "pid",
                                                           "parent",
                                                           "comm",
                                                           "exe",
                                                           "exepath",
                                                           "args",
                                                           "env",
                                                           "cwd",
                                                           "root",
                                                           "uid",
                                                           "gid",
                                                           "loginuid",
                                                           "tty",
                                                           "cgroups",
                                                           "container",
                                                           "vtid",
                                                           "vpid",
                                                           "sid",
                                                           "pgid",
                                                           "vpgid",
                                                           "fdlimit",
                                                           "flags",
                                                           "cap_effective",
                                                           "cap_permitted",
                                                           "cap_inheritable",
                                                           "exe_writable",
                                                           "exe_upper_layer",
                                                           "exe_lower_layer",
                                                           "exe_from_memfd",
                                                           "exe_ino",
                                                           "exe_ino_ctime",
                                                           "exe_ino_mtime",
                                                           "vm_size"};
constexpr std::array<std::string_view, 5> user_keys = {"uid", "name", "gid", "home", "shell"};
constexpr std::array<std::string_view, 2> group_keys = {"gid", "name"};

/// A process, with the texts that its record only points to.
struct ProcessItem {
  ThreadRecord record;
  std::string comm, exe, exepath, cwd, root, args, env, cgroups, container;
};

/// Cgroups as docker makes them, from an id that may be as short as it is shown.
std::string cgroups_of_container(std::string id) {
  constexpr size_t full = 64;
  id.resize(full, '0');
  return "cpu=/docker/" + id + '\0' + "memory=/docker/" + id + '\0';
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void read_ids(const ItemKeys& keys, ThreadRecord& r) {
  keys.read("tid", ParamType::pid, r.tid);
  r.pid = r.tid;
  keys.read("pid", ParamType::pid, r.pid);
  r.ptid = r.tid == 1 ? 0 : 1;
  keys.read("parent", ParamType::pid, r.ptid);
  r.vtid = r.tid;
  keys.read("vtid", ParamType::pid, r.vtid);
  r.vpid = r.pid;
  keys.read("vpid", ParamType::pid, r.vpid);
  r.sid = r.pgid = r.vpgid = r.pid;
  keys.read("sid", ParamType::pid, r.sid);
  keys.read("pgid", ParamType::pid, r.pgid);
  keys.read("vpgid", ParamType::pid, r.vpgid);
  keys.read("uid", ParamType::uid, r.uid);
  keys.read("gid", ParamType::gid, r.gid);
  keys.read("loginuid", ParamType::uid, r.loginuid);
  keys.read("tty", ParamType::uint32, r.tty);
  if (r.tid != r.pid) r.flags |= clone_thread | clone_files;
}

void read_image(const ItemKeys& keys, ThreadRecord& r) {
  static const schema::FlagTable* const clone_flags = keys.flag_table("clone_flags");
  r.fdlimit = 1024;
  keys.read("fdlimit", ParamType::int64, r.fdlimit);
  keys.read("flags", ParamType::flags32, r.flags, clone_flags);
  keys.read("cap_effective", ParamType::uint64, r.cap_effective);
  keys.read("cap_permitted", ParamType::uint64, r.cap_permitted);
  keys.read("cap_inheritable", ParamType::uint64, r.cap_inheritable);
  keys.read("exe_writable", r.exe_writable);
  keys.read("exe_upper_layer", r.exe_upper_layer);
  keys.read("exe_lower_layer", r.exe_lower_layer);
  keys.read("exe_from_memfd", r.exe_from_memfd);
  keys.read("exe_ino", ParamType::uint64, r.exe_ino);
  keys.read("exe_ino_ctime", ParamType::uint64, r.exe_ino_ctime);
  keys.read("exe_ino_mtime", ParamType::uint64, r.exe_ino_mtime);
  keys.read("vm_size", ParamType::uint32, r.vmsize_kb);
}

void read_texts(const ItemKeys& keys, ProcessItem& p) {
  for (const auto& [name, to] : {std::pair{"comm", &p.comm},
                                 {"exe", &p.exe},
                                 {"exepath", &p.exepath},
                                 {"cwd", &p.cwd},
                                 {"root", &p.root},
                                 {"container", &p.container}})
    keys.read_text(name, *to);
  for (const auto& [name, to] :
       {std::pair{"args", &p.args}, {"env", &p.env}, {"cgroups", &p.cgroups}})
    keys.read_texts(name, *to);
  // A process without any name is one whose program nobody cares about.
  const std::string& program = !p.exepath.empty() ? p.exepath : p.exe;
  if (p.comm.empty()) p.comm = program.empty() ? "program" : command_name(program);
  if (p.exepath.empty()) p.exepath = p.exe.starts_with('/') ? p.exe : "/usr/bin/" + p.comm;
  if (p.exe.empty()) p.exe = p.exepath;
  if (p.cwd.empty()) p.cwd = "/";
  if (p.root.empty()) p.root = "/";
  if (!p.container.empty() && p.cgroups.empty()) {
    if (!is_hex(p.container))
      keys.wrong("container", "the id of a container has hexadecimal digits (0-9, a-f) only");
    p.cgroups = cgroups_of_container(p.container);
  }
}

void give_process(ProcessItem& p, RecordSink& sink) {
  ThreadRecord& r = p.record;
  r.comm = p.comm;
  r.exe = p.exe;
  r.exepath = p.exepath;
  r.cwd = p.cwd;
  r.root = p.root;
  r.args = as_bytes_of(p.args);
  r.env = as_bytes_of(p.env);
  r.cgroups = as_bytes_of(p.cgroups);
  sink.thread(r);
}

class StateWriter {
 public:
  StateWriter(const State& state, RecordSink& sink, Findings& findings)
      : encoder_(state, findings), sink_(sink) {}

  void users(const std::vector<NamedItem>& items);
  void processes(const std::vector<NamedItem>& items);
  void fds(const std::vector<NamedItem>& items);

 private:
  void process(const NamedItem& item);

  ValueEncoder encoder_;
  RecordSink& sink_;
  std::set<int64_t> tids_;
  bool init_wanted_ = false;
};

void StateWriter::users(const std::vector<NamedItem>& items) {
  sink_.users_begin();
  for (const NamedItem& item : items) {
    const bool is_group = item.name == "group";
    if (!is_group && item.name != "user") continue;
    const ItemKeys keys(item, encoder_);
    if (!keys.check(is_group ? std::span<const std::string_view>(group_keys) : user_keys)) continue;
    keys.need(is_group ? "gid" : "uid");
    keys.need("name");
    std::string name, home = "/", shell = "/bin/sh";
    UserRecord record;
    record.is_group = is_group;
    keys.read("uid", ParamType::uint32, record.uid);
    record.gid = record.uid;
    keys.read("gid", ParamType::uint32, record.gid);
    keys.read_text("name", name);
    keys.read_text("home", home);
    keys.read_text("shell", shell);
    record.name = name;
    record.home = home;
    record.shell = shell;
    sink_.user(record);
  }
}

void StateWriter::process(const NamedItem& item) {
  const ItemKeys keys(item, encoder_);
  if (!keys.check(process_keys)) return;
  ProcessItem p;
  if (!keys.need("tid")) return;
  read_ids(keys, p.record);
  if (p.record.tid <= 0 || p.record.pid <= 0) {
    keys.wrong("tid", "a process has a tid above 0");
    return;
  }
  read_image(keys, p.record);
  read_texts(keys, p);
  if (!tids_.insert(p.record.tid).second) {
    keys.wrong("tid", fmt::format("there is a thread {} already", p.record.tid));
    return;
  }
  init_wanted_ = init_wanted_ || p.record.ptid == 1;
  give_process(p, sink_);
}

void StateWriter::processes(const std::vector<NamedItem>& items) {
  for (const NamedItem& item : items)
    if (item.name == "process") process(item);
  if (!init_wanted_ || tids_.contains(1)) return;
  ProcessItem init;
  init.comm = "systemd";
  init.exe = "/sbin/init";
  init.exepath = "/usr/lib/systemd/systemd";
  init.cwd = init.root = "/";
  ThreadRecord& r = init.record;
  r.tid = r.pid = r.vtid = r.vpid = r.sid = r.pgid = r.vpgid = 1;
  r.ptid = 0;
  tids_.insert(1);
  give_process(init, sink_);
}

void StateWriter::fds(const std::vector<NamedItem>& items) {
  // Those of a thread together, as they are written.
  std::vector<FdItem> all;
  int64_t latest = -1;
  for (const NamedItem& item : items) {
    const ItemKeys keys(item, encoder_);
    if (item.name == "process") keys.read("tid", ParamType::pid, latest);
    if (item.name != "fd") continue;
    auto fd = read_fd_item(keys, latest);
    if (!fd) continue;
    if (tids_.contains(fd->tid))
      all.push_back(std::move(*fd));
    else
      keys.wrong("tid", fmt::format("no process of the case has a thread {}", fd->tid));
  }
  std::ranges::stable_sort(all, {}, &FdItem::tid);
  for (const FdItem& each : all) sink_.fd(each.tid, each.as_record());
}

}  // namespace

bool is_state_item(std::string_view name) {
  return std::ranges::find(item_names, name) != item_names.end();
}

std::vector<std::string_view> state_item_names() { return {item_names.begin(), item_names.end()}; }

std::string unknown_key(std::string_view item, std::string_view key,
                        const std::vector<std::string_view>& known) {
  return fmt::format("'{}' has no {}{}", item, filter::shown(key),
                     filter::did_you_mean(key, known));
}

std::string command_name(std::string_view path) {
  constexpr size_t longest = 15;
  return std::string(path.substr(path.rfind('/') + 1).substr(0, longest));
}

void write_state(const std::vector<NamedItem>& items, uint64_t ts, const State& state,
                 RecordSink& sink, Findings& findings) {
  constexpr uint64_t uptime = 3'600'000'000'000;
  sink.section();
  sink.machine(
      {.cpus = 1, .memory_bytes = uint64_t{1} << 30, .boot_ts = ts - uptime, .hostname = "test"});
  write_interfaces(items, ValueEncoder(state, findings), sink);
  StateWriter writer(state, sink, findings);
  writer.users(items);
  writer.processes(items);
  writer.fds(items);
  sink.records_end();
}

}  // namespace gyr::rules
