// Calls on sockets.
#pragma once

#include "probe/special/trusted.h"
#include "probe/transfer.h"

CALL(sendto) {
  struct record r;
  if (!record_begin(&r, EVENT_SENDTO_EXIT, 5)) return 0;
  const s32 fd = descriptor(argument(regs, 0));
  const u64 data = argument(regs, 1), size = size_to_show(ret, argument(regs, 2));
  const struct user_address peer = user_address(regs, 4, 5);
  struct sock* sk = ret >= 0 ? socket_of(fd) : 0;
  put_u64(&r, ret);
  put_data(&r, data, size, snaplen_of(fd, data, size, peer));
  put_u64(&r, fd);
  put_u32(&r, argument(regs, 2));
  put_tuple(&r, sk, outbound, peer);
  return record_send(&r, to_cpu_ring);
}

CALL(recvfrom) {
  struct record r;
  if (!record_begin(&r, EVENT_RECVFROM_EXIT, 5)) return 0;
  const s32 fd = descriptor(argument(regs, 0));
  const u64 data = argument(regs, 1), size = ret > 0 ? ret : 0;
  // The kernel has filled it in, its length is that of the socket's family.
  const struct user_address peer = {argument(regs, 4), sizeof(struct address)};
  struct sock* sk = ret >= 0 ? socket_of(fd) : 0;
  put_u64(&r, ret);
  put_data(&r, data, size, snaplen_of(fd, data, size, peer));
  put_tuple(&r, sk, inbound, peer);
  put_u64(&r, fd);
  put_u32(&r, argument(regs, 2));
  return record_send(&r, to_cpu_ring);
}

CALL(bind) {
  struct record r;
  if (!record_begin(&r, EVENT_BIND_EXIT, 3)) return 0;
  put_u64(&r, ret);
  put_address(&r, user_address(regs, 1, 2));
  put_u64(&r, descriptor(argument(regs, 0)));
  return record_send(&r, to_cpu_ring);
}

/// What the kernel was asked to connect to, if that is known.
static __always_inline struct user_address address_to_connect(const struct registers* regs) {
  struct trusted_slot* slot = left_slot(regs);
  if (!slot) return user_address(regs, 1, 2);
  return (struct user_address){(u64)slot->data, slot->length, true};
}

CALL(connect) {
  struct record r;
  if (!record_begin(&r, EVENT_CONNECT_EXIT, 4)) return 0;
  const s32 fd = descriptor(argument(regs, 0));
  const struct user_address peer = address_to_connect(regs);
  const bool begun = ret == 0 || ret == error_in_progress;
  put_u64(&r, ret);
  put_tuple(&r, begun ? socket_of(fd) : 0, outbound, peer);
  put_u64(&r, fd);
  put_address(&r, peer);
  return record_send(&r, to_cpu_ring);
}

/// The new socket, and how many more wait to be accepted.
static __always_inline void put_accepted(struct record* r, const struct registers* regs, long ret) {
  u32 waiting = 0, most = 0;
  struct sock* listening = socket_of(descriptor(argument(regs, 0)));
  if (listening) {
    waiting = FIELD(listening, sk_ack_backlog);
    most = FIELD(listening, sk_max_ack_backlog);
  }
  put_u64(r, ret);
  put_tuple(r, ret >= 0 ? socket_of(ret) : 0, inbound, no_address);
  put_u8(r, most ? (u64)waiting * 100 / most : 0);
  put_u32(r, waiting);
  put_u32(r, most);
}

CALL(accept) {
  struct record r;
  if (!record_begin(&r, EVENT_ACCEPT_5_EXIT, 5)) return 0;
  put_accepted(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(accept4) {
  struct record r;
  if (!record_begin(&r, EVENT_ACCEPT4_6_EXIT, 6)) return 0;
  put_accepted(&r, regs, ret);
  put_u32(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

CALL(socketpair) {
  struct record r;
  if (!record_begin(&r, EVENT_SOCKETPAIR_EXIT, 8)) return 0;
  s32 fds[2] = {-1, -1};
  struct sock *first = 0, *second = 0;
  if (ret == 0 && bpf_probe_read_user(fds, sizeof(fds), (const void*)argument(regs, 3)) == 0) {
    first = socket_of(fds[0]);
    second = first && family_of(first) == af_unix ? unix_peer(first) : socket_of(fds[1]);
  }
  put_u64(&r, ret);
  put_u64(&r, fds[0] + 0ll);
  put_u64(&r, fds[1] + 0ll);
  put_u64(&r, (u64)first);
  put_u64(&r, (u64)second);
  put_u32(&r, argument(regs, 0) & 0xff);
  put_u32(&r, argument(regs, 1));
  put_u32(&r, argument(regs, 2));
  return record_send(&r, to_cpu_ring);
}
