#include "decoder/render/names.hpp"

#include <algorithm>
#include <array>

namespace gyr {

namespace {

/// The names of a flag table by value, for tables of small dense numbers.
template <size_t N>
std::array<std::string_view, N> names_by_value(std::string_view table_name) {
  std::array<std::string_view, N> names{};
  const auto table = std::find_if(schema::flag_tables.begin(), schema::flag_tables.end(),
                                  [&](const auto& t) { return t.name == table_name; });
  for (const schema::FlagName& flag : table->names) {
    if (flag.value < N) names[flag.value] = flag.name;
  }
  return names;
}

void append_joined_name(Text& to, size_t start, std::string_view name) {
  if (to.size() != start) to.append('|');
  to.append(name);
}

}  // namespace

std::string_view errno_name(uint64_t number) {
  static const auto names = names_by_value<531>("errno");
  return number < names.size() ? names[number] : std::string_view();
}

std::string_view signal_name(uint32_t number) {
  static const auto names = names_by_value<32>("signal");
  return number < names.size() ? names[number] : std::string_view();
}

void append_flags(Text& to, const schema::FlagTable& table, uint32_t value) {
  const size_t start = to.size();
  uint32_t left = value;
  for (const schema::FlagName& flag : table.names) {
    const bool whole = flag.value == value;
    const bool part = flag.value != 0 && (left & flag.value) == flag.value;
    if (!whole && !part) continue;
    append_joined_name(to, start, flag.name);
    left &= ~flag.value;
    if (whole) break;
  }
}

void append_mode(Text& to, const schema::FlagTable& table, uint32_t value) {
  const size_t start = to.size();
  uint32_t left = value;
  for (const schema::FlagName& flag : table.names) {
    if (flag.value == value) {
      append_joined_name(to, start, flag.name);
      break;
    }
    if (flag.value == 0 || (left & flag.value) != flag.value) continue;
    append_joined_name(to, start, flag.name);
    left &= ~flag.value;
  }
}

void append_enum(Text& to, const schema::FlagTable& table, uint32_t value) {
  const size_t start = to.size();
  for (const schema::FlagName& flag : table.names) {
    if (flag.value != value) continue;
    append_joined_name(to, start, flag.name);
  }
}

std::string_view type_name(FdType type) {
  static constexpr std::array<std::string_view, 22> names = {
      "",        "file",    "directory", "ipv4", "ipv6",        "ipv4",      "ipv6",
      "pipe",    "unix",    "event",     "",     "signalfd",    "eventpoll", "inotify",
      "timerfd", "netlink", "file",      "bpf",  "userfaultfd", "io_uring",  "memfd",
      "pidfd"};
  const auto index = static_cast<size_t>(type);
  return index < names.size() ? names[index] : std::string_view();
}

char type_letter(FdType type) {
  static constexpr std::string_view letters = "ofd4646pueXslitnfburmP";
  const auto index = static_cast<size_t>(type);
  return index < letters.size() ? letters[index] : '?';
}

char protocol_letter(const Descriptor& d) {
  if (!d.is_ip()) return 0;
  const bool decided = d.is_ip_server() || d.role != SocketRole::none || d.l4 == L4Protocol::raw;
  if (!decided) return 0;
  switch (d.l4) {
    case L4Protocol::tcp:
      return 't';
    case L4Protocol::udp:
      return 'u';
    case L4Protocol::icmp:
      return 'i';
    case L4Protocol::raw:
      return 'r';
    default:
      return 0;
  }
}

void append_descriptor(Text& to, const Descriptor& descriptor) {
  to.append('<').append(type_letter(descriptor.type));
  if (const char letter = protocol_letter(descriptor)) to.append(letter);
  to.append('>').append(descriptor.name.view());
}

namespace {

struct Renamed {
  std::string_view today, then;
};

/// Of these x86-64 makes rt_sigreturn only.
constexpr auto names_of_0_29 = std::to_array<Renamed>({{"rt_sigreturn", "sigreturn"},
                                                       {"_newselect", "newselect"},
                                                       {"_llseek", "llseek"},
                                                       {"setuid32", "setuid"},
                                                       {"getuid32", "getuid"},
                                                       {"setgid32", "setgid"},
                                                       {"geteuid32", "geteuid"},
                                                       {"getgid32", "getgid"},
                                                       {"setresuid32", "setresuid"},
                                                       {"setresgid32", "setresgid"},
                                                       {"getresuid32", "getresuid"},
                                                       {"getresgid32", "getresgid"}});

}  // namespace

const schema::Syscall* generic_call(const Event& event) {
  if (event.raw().type > schema::type::generic_exit || event.nparams() == 0) return nullptr;
  const auto code = Event::value<uint16_t>(event.param(0));
  if (code == 0 && event.nparams() > 1) {
    const auto native = Event::value<uint16_t>(event.param(1));
    if (const schema::Syscall* call = schema::syscall_by_x86_64(native)) return call;
  }
  return code < schema::syscalls.size() ? &schema::syscalls[code] : nullptr;
}

std::string_view event_name(const Event& event) {
  if (event.raw().type > schema::type::generic_exit || event.nparams() == 0) [[likely]]
    return event.info().name;
  const schema::Syscall* call = generic_call(event);
  return call != nullptr ? call->name : "unknown";
}

std::string_view event_name(const Event& event, Dialect dialect) {
  const std::string_view name = event_name(event);
  if (dialect == Dialect::today) return name;
  if (event.raw().type > schema::type::generic_exit || event.nparams() == 0) [[likely]]
    return name;
  if (Event::value<uint16_t>(event.param(0)) == 0) return "<unknown>";
  const auto* renamed = std::ranges::find(names_of_0_29, name, &Renamed::today);
  return renamed != names_of_0_29.end() ? renamed->then : name;
}

}  // namespace gyr
