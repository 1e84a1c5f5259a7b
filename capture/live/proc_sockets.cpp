#include "capture/live/proc_sockets.hpp"

#include <algorithm>
#include <cstring>

namespace gyr {

namespace {

// A machine has fewer; what lies beyond is not a table of a kernel.
constexpr size_t max_entries = 1u << 22;
constexpr size_t max_path = 1024;

struct End {
  IpAddress address{};
  uint16_t port = 0;
};

/// "0100007F:1F90": words of the address as numbers of the machine, and the port.
bool take_end(std::string_view& line, bool ipv6, End& end) {
  std::string_view word = take_word(line);
  constexpr size_t digits = 8;
  const size_t words = ipv6 ? 4 : 1;
  if (word.size() <= words * digits || word[words * digits] != ':') return false;
  for (size_t i = 0; i < words; ++i) {
    std::string_view part = word.substr(i * digits, digits);
    const auto value = take_number<uint32_t>(part, 16);
    if (!value || !part.empty()) return false;
    std::memcpy(end.address.data() + i * sizeof *value, &*value, sizeof *value);
  }
  word.remove_prefix(words * digits + 1);
  const auto port = take_number<uint16_t>(word, 16);
  if (port) end.port = *port;
  return port.has_value();
}

/// The inode in "ns/net", "net:[4026531833]".
uint64_t namespace_inode(std::string_view link) {
  link.remove_prefix(std::min(link.find('[') + 1, link.size()));
  return take_number<uint64_t>(link).value_or(0);
}

}  // namespace

void SocketTables::read_namespace(int process) {
  uint64_t inode = 0;  // the tables can be readable where the name of the namespace is not
  if (const auto link = files_.link(process, "ns/net")) inode = namespace_inode(*link);
  if (!namespaces_.insert(inode).second) return;
  if (namespaces_.size() == 1) read_at_ = std::chrono::steady_clock::now();
  struct Table {
    const char* path;
    bool ipv6;
    L4Protocol l4;
  };
  constexpr Table tables[] = {
      {"net/tcp", false, L4Protocol::tcp},   {"net/tcp6", true, L4Protocol::tcp},
      {"net/udp", false, L4Protocol::udp},   {"net/udp6", true, L4Protocol::udp},
      {"net/raw", false, L4Protocol::raw},   {"net/raw6", true, L4Protocol::raw},
      {"net/icmp", false, L4Protocol::icmp}, {"net/icmp6", true, L4Protocol::icmp},
  };
  for (const Table& table : tables)
    files_.for_each_line(process, table.path,
                         [&](std::string_view line) { add_ip_line(line, table.ipv6, table.l4); });
  files_.for_each_line(process, "net/unix", [&](std::string_view line) { add_unix_line(line); });
  files_.for_each_line(process, "net/netlink",
                       [&](std::string_view line) { add_netlink_line(line); });
}

// sl local remote state queues timer retransmissions uid timeout inode ...
void SocketTables::add_ip_line(std::string_view line, bool ipv6, L4Protocol l4) {
  take_word(line);
  End local, remote;
  if (!take_end(line, ipv6, local) || !take_end(line, ipv6, remote)) return;
  constexpr int state_to_timeout = 6;
  for (int skipped = 0; skipped < state_to_timeout; ++skipped) take_word(line);
  const auto inode = take_number<uint64_t>(line);
  if (!inode) return;
  const bool server = remote.address == IpAddress{};
  Entry entry;
  entry.type = server ? (ipv6 ? FdType::ipv6_server : FdType::ipv4_server)
                      : (ipv6 ? FdType::ipv6_socket : FdType::ipv4_socket);
  entry.l4 = l4;
  entry.source = local.address;
  entry.source_port = local.port;
  entry.destination = remote.address;
  entry.destination_port = server ? uint16_t{0} : remote.port;
  add(*inode, entry);
}

// address: references protocol flags type state inode [path]
void SocketTables::add_unix_line(std::string_view line) {
  const auto address = take_number<uint64_t>(line, 16);
  if (!address || !line.starts_with(':')) return;
  line.remove_prefix(1);
  constexpr int references_to_state = 5;
  for (int skipped = 0; skipped < references_to_state; ++skipped) take_word(line);
  const auto inode = take_number<uint64_t>(line);
  if (!inode) return;
  if (!line.empty()) line.remove_prefix(1);  // one blank; the path may begin with more
  line = line.substr(0, max_path);
  Entry entry;
  entry.type = FdType::unix_socket;
  entry.unix_source = *address;
  if (paths_.size() + line.size() <= UINT32_MAX) {
    entry.path_offset = static_cast<uint32_t>(paths_.size());
    entry.path_size = static_cast<uint32_t>(line.size());
    paths_ += line;
  }
  add(*inode, entry);
}

// address protocol port groups memory memory dump locks drops inode
void SocketTables::add_netlink_line(std::string_view line) {
  constexpr int address_to_drops = 9;
  for (int skipped = 0; skipped < address_to_drops; ++skipped) take_word(line);
  const auto inode = take_number<uint64_t>(line);
  if (!inode) return;
  Entry entry;
  entry.type = FdType::netlink;
  add(*inode, entry);
}

// Sockets that wait for their end, and those not accepted yet, have no inode.
void SocketTables::add(uint64_t inode, const Entry& entry) {
  if (inode != 0 && entries_.size() < max_entries) entries_[inode] = entry;
}

const SocketTables::Entry* SocketTables::find(uint64_t inode) const {
  const auto at = entries_.find(inode);
  return at == entries_.end() ? nullptr : &at->second;
}

void SocketTables::forget_older_than(std::chrono::milliseconds age) {
  if (namespaces_.empty() || std::chrono::steady_clock::now() - read_at_ < age) return;
  namespaces_.clear();
  entries_.clear();
  paths_.clear();
}

SocketKind socket_kind(std::string_view protocol) {
  if (protocol.starts_with("UNIX")) return {FdType::unix_socket, L4Protocol::not_applicable};
  if (protocol == "NETLINK") return {FdType::netlink, L4Protocol::not_applicable};
  const bool ipv6 = protocol.ends_with("v6") || protocol.ends_with("6");
  const FdType ip = ipv6 ? FdType::ipv6_socket : FdType::ipv4_socket;
  if (protocol.starts_with("TCP") || protocol.starts_with("MPTCP")) return {ip, L4Protocol::tcp};
  if (protocol.starts_with("UDP")) return {ip, L4Protocol::udp};
  if (protocol.starts_with("RAW")) return {ip, L4Protocol::raw};
  if (protocol.starts_with("PING")) return {ip, L4Protocol::icmp};
  return {};
}

}  // namespace gyr
