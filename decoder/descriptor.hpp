// What is known about one open file descriptor.
//
// Contract: a Descriptor may be shared by the fd tables of several processes (a fork shares all of
// them); FdTable::modify gives one that may be changed. Addresses are in network order, ports in
// host order; IPv4 addresses are in the first four bytes.
#pragma once

#include <cstdint>

#include "base/block_pool.hpp"
#include "base/ref.hpp"
#include "capture/records.hpp"
#include "decoder/shared_text.hpp"

namespace gyr {

/// The name of a descriptor as a trace gives it. Longer ones than any path are cut.
inline SharedText descriptor_name(std::string_view name) {
  constexpr size_t longest = 1024;
  return SharedText(name.substr(0, longest));
}

enum class SocketRole : uint8_t { none, client, server };

/// Bits of Descriptor::open_flags, as stored in traces (gyr-scap(5), "Open flags").
inline constexpr uint32_t o_wronly = 0x2, o_directory = 0x400, o_cloexec = 0x1000,
                          o_tmpfile = 0x2000, o_f_created = 0x4000;
/// The layer of an overlay file system that a file is on.
inline constexpr uint32_t o_upper_layer = 0x8000, o_lower_layer = 0x10000;

struct Descriptor final : RefCounted {
  /// Tells one opening of a number from the next; kept by copies.
  uint64_t serial = ++last_serial;
  FdType type = FdType::unknown;
  L4Protocol l4 = L4Protocol::unknown;
  SocketRole role = SocketRole::none;
  bool connected = false;
  uint32_t open_flags = 0;
  uint32_t dev = 0;
  uint64_t ino = 0;
  SharedText name;
  SharedText given_name;  // of a file, as the call had it; empty: the same as `name`
  // Sockets: `source` is the client and `destination` the server once the role is known; a server
  // socket has its own address in `source`.
  IpAddress source{}, destination{};
  uint16_t source_port = 0, destination_port = 0;
  uint64_t unix_source = 0, unix_destination = 0;
  int64_t pid = -1;  // pidfd

  static inline thread_local uint64_t last_serial = 0;

  // Opens and closes are what the state is busy with most.
  static void* operator new(size_t) { return BlockPool<sizeof(Descriptor)>::take(); }
  static void operator delete(void* memory) { BlockPool<sizeof(Descriptor)>::give(memory); }

  bool is_ip_tuple() const { return type == FdType::ipv4_socket || type == FdType::ipv6_socket; }
  bool is_ip_server() const { return type == FdType::ipv4_server || type == FdType::ipv6_server; }
  bool is_ip() const { return is_ip_tuple() || is_ip_server(); }
  bool is_ipv6() const { return type == FdType::ipv6_socket || type == FdType::ipv6_server; }
};

}  // namespace gyr
