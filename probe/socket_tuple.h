// Sockets of the kernel, and addresses as parameters: `sockaddr` and `socktuple`.
//
// The kernel's side of a tuple can be trusted; an address that the caller passed stands in only
// where the kernel's socket has no peer. Layouts: EVENTS of gyr-scap(5). Ports are stored in the
// order of the machine, addresses in that of the network.
//
// Example:
//   put_tuple(&r, socket_of(descriptor(argument(regs, 0))), outbound, user_address(regs, 4, 5));
#pragma once

#include "probe/direct.h"
#include "probe/files.h"

enum { af_unix = 1, af_inet = 2, af_inet6 = 10 };
enum { mode_of_kind = 0170000, mode_socket = 0140000 };

/// Who sent first, as far as the call tells. Without its sender an inbound tuple is empty.
enum direction { inbound, outbound };

/// Where the caller has put an address. at == 0: there is none.
struct user_address {
  u64 at, length;
  bool copied;  // it is not in user space any more
};

/// The address in arguments `n` and `length_n`.
#define user_address(regs, n, length_n) \
  ((struct user_address){argument(regs, n), argument(regs, length_n)})

#define no_address ((struct user_address){0, 0})

/// The beginnings of all kinds of socket address.
struct address {
  u16 family;
  u16 port;
  u32 ip;  // IPv6: label of the flow
  u32 ip6[4];
  u32 scope;
};

/// Null if it is no socket.
static __always_inline struct sock* socket_of(s32 fd) {
  struct file* file = file_of(fd);
  struct inode* inode = FIELD(file, f_inode);
  if ((FIELD(inode, i_mode) & mode_of_kind) != mode_socket) return 0;
  struct socket* socket = FIELD(file, private_data);
  return FIELD(socket, sk);
}

static __always_inline u16 family_of(struct sock* sk) { return FIELD(sk, __sk_common.skc_family); }

static __always_inline u16 host_order(u16 port) { return __builtin_bswap16(port); }

/// Reads as much of the caller's address as `size` says: false if it is shorter, or unreadable.
static __always_inline bool read_address(struct address* to, u32 size, struct user_address from) {
  if (!from.at || from.length < size) return false;
  if (from.copied) return bpf_probe_read_kernel(to, size, (const void*)from.at) == 0;
  return bpf_probe_read_user(to, size, (const void*)from.at) == 0;
}

enum { address_size_inet = 16, address_size_inet6 = sizeof(struct address), path_size = 108 };

/// The path of a unix socket's address of `length` bytes at `address`, with a NUL: its length.
/// Names without a file begin with a NUL, which is left out.
static __always_inline u64 copy_socket_path(u8* to, u64 address, u64 length, bool of_user) {
  to[0] = 0;
  if (!address || length <= sizeof(u16)) return 1;
  const u64 path = address + sizeof(u16);
  u64 room = length - sizeof(u16);
  if (room > path_size) room = path_size;
  room++;
  asm volatile("%0 &= 0x7f" : "+r"(room));
  long copied = of_user ? bpf_probe_read_user_str(to, room, (const void*)path)
                        : bpf_probe_read_kernel_str(to, room, (const void*)path);
  if (copied == 1 && room > 2) {
    room--;
    asm volatile("%0 &= 0x7f" : "+r"(room));
    copied = of_user ? bpf_probe_read_user_str(to, room, (const void*)(path + 1))
                     : bpf_probe_read_kernel_str(to, room, (const void*)(path + 1));
  }
  return copied < 1 ? 1 : copied;
}

/// Parameter of type sockaddr: the caller's address.
static __always_inline void put_address(struct record* r, struct user_address user) {
  struct address a = {};
  u8* to = here(r);
  if (!read_address(&a, sizeof(a.family), user)) {
    put_empty(r);
  } else if (a.family == af_inet && read_address(&a, address_size_inet, user)) {
    to[0] = af_inet;
    *(u32*)(to + 1) = a.ip;
    *(u16*)(to + 5) = host_order(a.port);
    put_written(r, 7);
  } else if (a.family == af_inet6 && read_address(&a, address_size_inet6 - 4, user)) {
    to[0] = af_inet6;
    __builtin_memcpy(to + 1, a.ip6, sizeof(a.ip6));
    *(u16*)(to + 17) = host_order(a.port);
    put_written(r, 19);
  } else if (a.family == af_unix) {
    to[0] = af_unix;
    put_written(r, 1 + copy_socket_path(to + 1, user.at, user.length, !user.copied));
  } else {
    put_empty(r);
  }
}

static __always_inline void put_tuple_inet(struct record* r, struct sock* sk,
                                           enum direction direction, struct user_address user) {
  struct inet_sock* inet = (void*)sk;
  u32 local = FIELD(inet, inet_saddr), remote = FIELD(sk, __sk_common.skc_daddr);
  u16 local_port = FIELD(inet, inet_sport), remote_port = FIELD(sk, __sk_common.skc_dport);
  struct address a = {};
  if (remote_port == 0 && read_address(&a, address_size_inet, user) && a.family == af_inet) {
    remote = a.ip;
    remote_port = a.port;
  }
  if (direction == inbound && !remote && !remote_port) {
    put_empty(r);
    return;
  }
  u8* to = here(r);
  u8* at_local = to + (direction == outbound ? 1 : 7);
  u8* at_remote = to + (direction == outbound ? 7 : 1);
  to[0] = af_inet;
  *(u32*)at_local = local;
  *(u16*)(at_local + 4) = host_order(local_port);
  *(u32*)at_remote = remote;
  *(u16*)(at_remote + 4) = host_order(remote_port);
  put_written(r, 13);
}

static __always_inline void put_tuple_inet6(struct record* r, struct sock* sk,
                                            enum direction direction, struct user_address user) {
  struct inet_sock* inet = (void*)sk;
  u8* to = here(r);
  u8* at_local = to + (direction == outbound ? 1 : 19);
  u8* at_remote = to + (direction == outbound ? 19 : 1);
  to[0] = af_inet6;
  struct ipv6_pinfo* ip6 = FIELD(inet, pinet6);
  bpf_core_read(at_local, sizeof(struct in6_addr), &ip6->saddr);
  *(u16*)(at_local + 16) = host_order(FIELD(inet, inet_sport));
  u16 remote_port = FIELD(sk, __sk_common.skc_dport);
  struct address a = {};
  if (remote_port == 0 && read_address(&a, address_size_inet6 - 4, user) && a.family == af_inet6) {
    remote_port = a.port;
    __builtin_memcpy(at_remote, a.ip6, sizeof(a.ip6));
  } else {
    bpf_core_read(at_remote, sizeof(struct in6_addr), &sk->__sk_common.skc_v6_daddr);
  }
  *(u16*)(at_remote + 16) = host_order(remote_port);
  u64 remote[2] = {};
  __builtin_memcpy(remote, at_remote, sizeof(remote));
  if (direction == inbound && !remote[0] && !remote[1] && !remote_port)
    put_empty(r);
  else
    put_written(r, 37);
}

static __always_inline struct sock* unix_peer(struct sock* sk) {
  struct unix_sock* own = (void*)sk;
  return BPF_CORE_READ(own, peer);
}

static __always_inline void put_tuple_unix(struct record* r, struct sock* sk,
                                           enum direction direction, struct user_address user) {
  struct sock* peer = unix_peer(sk);
  struct unix_sock* named = (void*)(direction == outbound ? peer : sk);
  struct unix_address* name = named ? BPF_CORE_READ(named, addr) : 0;
  u8* to = here(r);
  to[0] = af_unix;
  *(u64*)(to + 1) = (u64)(direction == outbound ? peer : sk);
  *(u64*)(to + 9) = (u64)(direction == outbound ? sk : peer);
  u64 path = 1;
  if (name) {
    path = copy_socket_path(to + 17, (u64)__builtin_preserve_access_index(&name->name[0]),
                            BPF_CORE_READ(name, len), false);
  } else {
    const bool given = direction == outbound && !peer;
    path = copy_socket_path(to + 17, given ? user.at : 0, user.length, !user.copied);
  }
  put_written(r, 17 + path);
}

/// Parameter of type socktuple. `sk` may be null: no socket.
static __always_inline void put_tuple(struct record* r, struct sock* sk, enum direction direction,
                                      struct user_address user) {
  const u16 family = sk ? family_of(sk) : 0;
  if (family == af_inet) {
    put_tuple_inet(r, sk, direction, user);
  } else if (family == af_inet6) {
    put_tuple_inet6(r, sk, direction, user);
  } else if (family == af_unix) {
    put_tuple_unix(r, sk, direction, user);
  } else {
    put_empty(r);
  }
}
