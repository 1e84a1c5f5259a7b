#include "rules/testing/defaults.hpp"

#include <cstring>

#include "decoder/addresses.hpp"
#include "decoder/paths.hpp"
#include "decoder/sockets.hpp"
#include "rules/testing/addresses.hpp"
#include "rules/testing/state_items.hpp"
#include "rules/testing/values.hpp"

namespace gyr::rules {

namespace {

using schema::ParamType;

template <class T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string text_of(std::string_view text) { return std::string(text) + '\0'; }

/// The values of one event, by name.
class Values {
 public:
  Values(const EventKind& kind, ParamValues& values) : kind_(kind), values_(values) {}

  const std::string* find(std::string_view name) const {
    const int index = kind_.param(name);
    if (index < 0 || !values_[static_cast<size_t>(index)]) return nullptr;
    return &*values_[static_cast<size_t>(index)];
  }
  /// A text without its NUL; empty when there is none.
  std::string text(std::string_view name) const {
    const std::string* found = find(name);
    return found != nullptr ? found->substr(0, found->find('\0')) : std::string();
  }
  int64_t number(std::string_view name, int64_t otherwise) const {
    const std::string* found = find(name);
    int64_t value = 0;
    if (found == nullptr || found->size() > sizeof value) return otherwise;
    std::memcpy(&value, found->data(), found->size());
    return value;
  }
  /// Unless it is given, or there is no such parameter.
  void set(std::string_view name, std::string bytes) {
    const int index = kind_.param(name);
    if (index < 0) return;
    auto& value = values_[static_cast<size_t>(index)];
    if (!value) value = std::move(bytes);
  }
  void set_number(std::string_view name, uint64_t number) {
    const int index = kind_.param(name);
    if (index < 0) return;
    const ParamType type = kind_.info().params[static_cast<size_t>(index)].type;
    std::string bytes = bytes_of(number);
    bytes.resize(schema::param_types[static_cast<size_t>(type)].size);
    set(name, std::move(bytes));
  }

 private:
  const EventKind& kind_;
  ParamValues& values_;
};

std::string directory_of(const Thread& thread) {
  std::string cwd(thread.cwd());
  if (cwd.size() > 1) cwd.pop_back();
  return cwd;
}

/// What both execve and clone tell of a process: what is known of `from`.
void set_process(Values& values, const Thread& from) {
  values.set("args", std::string(from.args.view()));
  values.set("cgroups", std::string(from.cgroups.view()));
  values.set_number("uid", from.uid);
  values.set_number("gid", from.gid);
  values.set_number("tty", from.tty);
  values.set_number("loginuid", from.loginuid);
  values.set_number("vpgid", static_cast<uint64_t>(from.vpgid));
  values.set_number("pgid", static_cast<uint64_t>(from.pgid));
  values.set_number("cap_inheritable", from.cap_inheritable);
  values.set_number("cap_permitted", from.cap_permitted);
  values.set_number("cap_effective", from.cap_effective);
  values.set("cwd", text_of(directory_of(from)));
  if (!from.process) return;
  values.set("env", std::string(from.process->env.view()));
  values.set_number("fdlimit", static_cast<uint64_t>(from.process->fdlimit));
  values.set_number("vm_size", from.process->vmsize_kb);
}

void set_ids(Values& values, const Thread* thread, int64_t tid) {
  values.set_number("tid", static_cast<uint64_t>(tid));
  values.set_number("pid", static_cast<uint64_t>(thread != nullptr ? thread->pid : tid));
  values.set_number("ptid", static_cast<uint64_t>(thread != nullptr ? thread->ptid : 1));
}

std::string program_path(const std::string& exe, const Thread* thread) {
  if (exe.starts_with('/')) return exe;
  if (exe.find('/') == std::string::npos) return "/usr/bin/" + exe;
  Text path;
  append_joined(path, thread != nullptr ? thread->cwd() : "/", exe);
  return std::string(path.view());
}

/// The program is known by any of its names; the others follow.
void set_program(Values& values, const Thread* thread) {
  std::string path = values.text("trusted_exepath");
  if (path.empty()) path = values.text("filename");
  if (path.empty()) path = values.text("pathname");
  std::string exe = values.text("exe");
  if (exe.empty()) exe = path;
  if (exe.empty() && thread != nullptr) exe = thread->exe.view();
  if (path.empty()) path = program_path(exe, thread);
  values.set("exe", text_of(exe));
  values.set("comm", text_of(command_name(path)));
  values.set("trusted_exepath", text_of(program_path(path, thread)));
  values.set("filename", text_of(path));
}

void fill_exec(Values& values, const Thread* thread, int64_t tid) {
  set_ids(values, thread, tid);
  set_program(values, thread);
  values.set("args", {});  // those of the program before are not this one's
  if (thread != nullptr) set_process(values, *thread);
}

/// Both sides of a clone tell of the process as it is behind the call: a child is its parent.
void fill_clone(Values& values, const Thread* thread, int64_t tid, const State& state) {
  constexpr uint64_t init = 1;
  const bool is_child = values.number("res", 0) == 0;
  const bool is_thread = (values.number("flags", 0) & clone_thread) != 0;
  const Thread* from = thread;
  if (is_child && thread == nullptr) {
    const int64_t parent = is_thread ? values.number("pid", -1) : values.number("ptid", -1);
    from = state.threads.find(parent);
    if (is_thread && from != nullptr) values.set_number("ptid", static_cast<uint64_t>(from->ptid));
    values.set_number("tid", static_cast<uint64_t>(tid));
    values.set_number("pid", static_cast<uint64_t>(tid));
    values.set_number("ptid", init);
  }
  set_ids(values, thread, tid);
  values.set_number("vtid", static_cast<uint64_t>(tid));
  values.set_number("vpid", static_cast<uint64_t>(values.number("pid", tid)));
  if (from == nullptr) return;
  values.set("exe", text_of(from->exe.view()));
  values.set("comm", text_of(from->comm));
  set_process(values, *from);
}

bool moves_data(const EventKind& kind) {
  const int data = kind.param("data");
  return data >= 0 && kind.info().params[static_cast<size_t>(data)].type == ParamType::bytebuf;
}

/// Bytes that were read or written are as many as were given.
void fill_transfer(Values& values) {
  const std::string* data = values.find("data");
  if (data == nullptr) return;
  values.set_number("res", data->size());
  const int64_t res = values.number("res", 0);
  const uint64_t moved = res > 0 ? static_cast<uint64_t>(res) : 0;
  values.set_number("size", std::max<uint64_t>(moved, data->size()));
}

/// The end of a connection that the machine would have chosen.
IpEnd local_end(const State& state, const sockets::Tuple& to) {
  constexpr uint16_t some_port = 40000;
  constexpr uint8_t loopback = 127;
  const bool ipv6 = to.family == family::ipv6;
  const bool to_itself = !ipv6 && to.destination[0] == loopback;
  IpEnd end{.ipv6 = ipv6, .port = some_port};
  for (const Interface& each : state.interfaces)
    if (each.ipv6 == ipv6 && (each.name == "lo") == to_itself) {
      end.address = each.address;
      break;
    }
  return end;
}

/// A connection is told of by the address that was asked for, or by the pair that it became.
void fill_connection(Values& values, const State& state) {
  const std::string* pair = values.find("tuple");
  const std::string* address = values.find("addr");
  if (pair != nullptr && address == nullptr) {
    const auto ends = sockets::parse_tuple(as_bytes_of(*pair));
    if (!ends) return;
    const bool ipv6 = ends->family == family::ipv6;
    values.set("addr", ends->is_ip() ? end_bytes({ipv6, ends->destination, ends->destination_port})
                                     : unix_end_bytes(ends->path));
  } else if (address != nullptr && pair == nullptr) {
    const auto end = sockets::parse_address(as_bytes_of(*address));
    constexpr int64_t in_progress = -115;
    const int64_t res = values.number("res", 0);
    if (!end || (res < 0 && res != in_progress)) return;
    const bool ipv6 = end->family == family::ipv6;
    const IpPair ends{local_end(state, *end), {ipv6, end->destination, end->destination_port}};
    values.set("tuple", end->is_ip() ? pair_bytes(ends) : unix_pair_bytes(0, 0, end->path));
  }
}

}  // namespace

void fill_defaults(const EventKind& kind, int64_t tid, const State& state, ParamValues& values) {
  Values named(kind, values);
  const Thread* thread = state.threads.find(tid);
  if (thread != nullptr && thread->is_placeholder()) thread = nullptr;
  if (is_clone(kind))
    fill_clone(named, thread, tid, state);
  else if (says_program(kind))
    fill_exec(named, thread, tid);
  else if (moves_data(kind))
    fill_transfer(named);
  else if (kind.info().name == "connect")
    fill_connection(named, state);
  else if (kind.info().name == "getcwd" && thread != nullptr)
    named.set("path", text_of(directory_of(*thread)));
  if (kind.call != nullptr) {
    const auto number = static_cast<uint64_t>(kind.call - schema::syscalls.data());
    named.set_number("ID", number);
    named.set_number("nativeID", static_cast<uint64_t>(std::max<int16_t>(kind.call->x86_64, 0)));
  }
  const auto& params = kind.info().params;
  for (const schema::Param& param : params)
    if (param.dirfd >= 0)
      named.set_number(params[static_cast<size_t>(param.dirfd)].name,
                       static_cast<uint64_t>(at_fdcwd));
  for (size_t i = 0; i < params.size(); ++i)
    if (!values[i]) values[i] = zero_value(params[i]);
}

}  // namespace gyr::rules
