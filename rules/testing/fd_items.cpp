#include "rules/testing/fd_items.hpp"

#include <fmt/format.h>

#include <array>

#include "decoder/addresses.hpp"
#include "rules/testing/addresses.hpp"
#include "rules/testing/numbers.hpp"

namespace gyr::rules {

namespace {

using schema::ParamType;

struct FdKind {
  std::string_view key;
  FdType type;
};

constexpr FdKind kinds[] = {
    {"file", FdType::file_v2},      {"directory", FdType::directory},
    {"pipe", FdType::fifo},         {"ipv4", FdType::ipv4_socket},
    {"ipv6", FdType::ipv6_socket},  {"unix", FdType::unix_socket},
    {"netlink", FdType::netlink},   {"eventfd", FdType::eventfd},
    {"signalfd", FdType::signalfd}, {"eventpoll", FdType::eventpoll},
    {"inotify", FdType::inotify},   {"timerfd", FdType::timerfd},
    {"bpf", FdType::bpf},           {"userfaultfd", FdType::userfaultfd},
    {"io_uring", FdType::io_uring}, {"memfd", FdType::memfd},
    {"pidfd", FdType::pidfd},
};
constexpr std::array<std::string_view, 7> other_keys = {"tid",   "fd",  "proto", "role",
                                                        "flags", "dev", "ino"};
constexpr schema::FlagName protocols[] = {{"tcp", static_cast<uint32_t>(L4Protocol::tcp)},
                                          {"udp", static_cast<uint32_t>(L4Protocol::udp)},
                                          {"icmp", static_cast<uint32_t>(L4Protocol::icmp)},
                                          {"raw", static_cast<uint32_t>(L4Protocol::raw)}};
constexpr schema::FlagTable protocol_table = {"protocols", protocols};
constexpr schema::FlagName roles[] = {{"client", 1}, {"server", 2}};
constexpr schema::FlagTable role_table = {"roles", roles};

std::vector<std::string_view> all_keys() {
  std::vector<std::string_view> keys(other_keys.begin(), other_keys.end());
  for (const FdKind& kind : kinds) keys.push_back(kind.key);
  return keys;
}

const FdKind* find_kind(const ItemKeys& keys) {
  const FdKind* found = nullptr;
  for (const FdKind& kind : kinds) {
    if (keys.find(kind.key) == nullptr) continue;
    if (found != nullptr) {
      keys.wrong(kind.key, fmt::format("the fd is both '{}' and '{}'", found->key, kind.key));
      return nullptr;
    }
    found = &kind;
  }
  if (found == nullptr)
    keys.wrong("", "what is it? The fd has neither file nor ipv4 nor any other kind");
  return found;
}

void set_source(FdRecord& record, const IpEnd& end) {
  record.source = end.address;
  record.source_port = end.port;
}

/// A pair of addresses, or one that it listens on.
bool read_ip(const ItemKeys& keys, const FdKind& kind, FdItem& item) {
  FdRecord& r = item.record;
  const bool ipv6 = kind.type == FdType::ipv6_socket;
  const auto pair = parse_pair(item.name);
  const auto end = parse_end(item.name);
  if ((!pair && !end) || (pair ? pair->source.ipv6 : end->ipv6) != ipv6) {
    keys.wrong(kind.key, fmt::format("'{}' takes {}", kind.key,
                                     ipv6 ? "[fd00::1]:4000->[fd00::2]:80, or [::]:80 to listen"
                                          : "10.0.0.1:4000->10.0.0.2:80, or 0.0.0.0:80 to listen"));
    return false;
  }
  r.l4 = L4Protocol::tcp;
  uint8_t role = 0;
  keys.read("proto", ParamType::uint8, r.l4, &protocol_table);
  keys.read("role", ParamType::uint8, role, &role_table);
  if (end) {
    set_source(r, *end);
    r.type = ipv6 ? FdType::ipv6_server : FdType::ipv4_server;
    return true;
  }
  set_source(r, pair->source);
  r.destination = pair->destination.address;
  r.destination_port = pair->destination.port;
  if (role == 0) return true;
  r.own.emplace().role = role;
  if (r.l4 == L4Protocol::tcp) r.own->bits = OwnFdFields::connected;
  Text name;
  append_tuple(name, ipv6, r.source, r.source_port, r.destination, r.destination_port);
  item.name = name.view();
  return true;
}

}  // namespace

FdRecord FdItem::as_record() const {
  FdRecord to = record;
  to.name = name;
  if (to.own) to.own->name = name;
  return to;
}

std::optional<FdItem> read_fd_item(const ItemKeys& keys, int64_t tid) {
  static const schema::FlagTable* const file_flags = find_flag_table("file_flags");
  if (!keys.check(all_keys()) || !keys.need("fd")) return std::nullopt;
  const FdKind* kind = find_kind(keys);
  if (kind == nullptr) return std::nullopt;
  FdItem item{.tid = tid, .record = {}, .name = {}};
  FdRecord& r = item.record;
  keys.read("tid", ParamType::pid, item.tid);
  keys.read("fd", ParamType::int64, r.fd);
  keys.read("ino", ParamType::uint64, r.ino);
  keys.read("dev", ParamType::uint32, r.dev);
  keys.read("flags", ParamType::flags32, r.open_flags, file_flags);
  keys.read_text(kind->key, item.name);
  r.type = kind->type;
  const bool is_ip = kind->type == FdType::ipv4_socket || kind->type == FdType::ipv6_socket;
  if (is_ip && !read_ip(keys, *kind, item)) return std::nullopt;
  // The format itself knows neither the newer kinds nor the flags of what is no file.
  const bool newer = r.type > FdType::file_v2;
  if (newer) {
    OwnFdFields& own = r.own.emplace();
    own.open_flags = r.open_flags;
    own.dev = r.dev;
  }
  return item;
}

}  // namespace gyr::rules
