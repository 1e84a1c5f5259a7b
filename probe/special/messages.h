// Calls that move messages: a header in user space says where data, address and control bytes are.
//
// The calls for many messages make an event of each, up to 16.
#pragma once

#include "probe/transfer.h"

enum { message_limit = 16, control_limit = 16384 };

/// struct msghdr, and behind it what struct mmsghdr adds.
struct user_message {
  u64 name;
  u32 name_length, unused;
  u64 pieces, piece_count;
  u64 control, control_length;
  u32 flags, unused2;
  u32 length, unused3;
};
enum { message_header_size = 56 };

/// The same of 32-bit programs.
struct compat_message {
  u32 name, name_length, pieces, piece_count, control, control_length, flags, length;
};
enum { compat_header_size = 28 };

/// `many`: with what struct mmsghdr adds.
static __always_inline void read_message(struct user_message* m, u64 at, bool many, bool compat) {
  __builtin_memset(m, 0, sizeof(*m));
  if (config.compat && compat) {
    struct compat_message half = {};
    bpf_probe_read_user(&half, many ? sizeof(half) : compat_header_size, (const void*)at);
    m->name = half.name;
    m->name_length = half.name_length;
    m->pieces = half.pieces;
    m->piece_count = half.piece_count;
    m->control = half.control;
    m->control_length = half.control_length;
    m->length = half.length;
    return;
  }
  bpf_probe_read_user(m, many ? sizeof(*m) : message_header_size, (const void*)at);
}

static __always_inline u64 message_stride(const struct registers* regs) {
  return regs->compat ? sizeof(struct compat_message) : sizeof(struct user_message);
}

static __always_inline struct user_address address_of(const struct user_message* m) {
  return (struct user_address){m->name, m->name_length};
}

/// data. `size`: how much of it the message has; gives the size of all pieces.
static __always_inline u64 put_message_data(struct record* r, s32 fd, const struct user_message* m,
                                            u64 size, bool compat) {
  const u64 snaplen = snaplen_of(fd, 0, size, address_of(m));
  return put_gathered(r, m->pieces, m->piece_count, size < snaplen ? size : snaplen, compat);
}

CALL(sendmsg) {
  struct record r;
  struct user_message m;
  if (!record_begin(&r, EVENT_SENDMSG_EXIT, 5)) return 0;
  const s32 fd = descriptor(argument(regs, 0));
  struct sock* sk = ret >= 0 ? socket_of(fd) : 0;
  read_message(&m, argument(regs, 1), false, regs->compat);
  put_u64(&r, ret);
  const u64 size = put_message_data(&r, fd, &m, size_to_show(ret, ~0ull), regs->compat);
  put_u64(&r, fd);
  put_u32(&r, size);
  put_tuple(&r, sk, outbound, address_of(&m));
  return record_send(&r, to_cpu_ring);
}

/// control: what came beside the data.
static __always_inline void put_control(struct record* r, const struct user_message* m) {
  put_bytes(r, m->control, m->control_length < control_limit ? m->control_length : control_limit);
}

CALL(recvmsg) {
  struct record r;
  struct user_message m;
  if (!record_begin(&r, EVENT_RECVMSG_EXIT, 6)) return 0;
  const s32 fd = descriptor(argument(regs, 0));
  put_u64(&r, ret);
  if (ret < 0) {
    put_u32(&r, 0);
    put_empty(&r);
    put_empty(&r);
    put_empty(&r);
  } else {
    struct sock* sk = socket_of(fd);
    read_message(&m, argument(regs, 1), false, regs->compat);
    put_u32(&r, ret);
    put_message_data(&r, fd, &m, ret, regs->compat);
    put_tuple(&r, sk, inbound, address_of(&m));
    put_control(&r, &m);
  }
  put_u64(&r, fd);
  return record_send(&r, to_cpu_ring);
}

/// One of the messages of sendmmsg, and its event. Not static: the verifier looks at it once.
__noinline int message_sent(u32 fd, u64 at, u32 compat) {
  struct record r;
  struct user_message m;
  if (!record_begin(&r, EVENT_SENDMMSG_EXIT, 5)) return 0;
  struct sock* sk = socket_of(fd);
  read_message(&m, at, true, compat);
  const u64 count = read_pieces(&r, m.pieces, m.piece_count, compat);
  const u64 snaplen = snaplen_of(fd, 0, m.length, address_of(&m));
  put_u64(&r, m.length);
  put_u64(&r, descriptor(fd));
  put_u32(&r, size_of_pieces(&r, count));
  put_pieces(&r, count, m.length < snaplen ? m.length : snaplen);
  put_tuple(&r, sk, outbound, address_of(&m));
  return record_send(&r, to_cpu_ring);
}

/// The same of recvmmsg.
__noinline int message_received(u32 fd, u64 at, u32 compat) {
  struct record r;
  struct user_message m;
  if (!record_begin(&r, EVENT_RECVMMSG_EXIT, 6)) return 0;
  struct sock* sk = socket_of(fd);
  read_message(&m, at, true, compat);
  put_u64(&r, m.length);
  put_u64(&r, descriptor(fd));
  put_u32(&r, m.length);
  put_message_data(&r, fd, &m, m.length, compat);
  put_tuple(&r, sk, inbound, address_of(&m));
  put_control(&r, &m);
  return record_send(&r, to_cpu_ring);
}

CALL(sendmmsg) {
  struct record r;
  const u32 fd = argument(regs, 0);
  const u64 messages = argument(regs, 1);
  for (long i = 0; i < message_limit && i < ret; i++)
    message_sent(fd, messages + i * message_stride(regs), regs->compat);
  if (ret > 0 || !record_begin(&r, EVENT_SENDMMSG_EXIT, 5)) return 0;
  put_u64(&r, ret);
  put_u64(&r, descriptor(fd));
  put_u32(&r, 0);
  put_empty(&r);
  put_empty(&r);
  return record_send(&r, to_cpu_ring);
}

CALL(recvmmsg) {
  struct record r;
  const u32 fd = argument(regs, 0);
  const u64 messages = argument(regs, 1);
  for (long i = 0; i < message_limit && i < ret; i++)
    message_received(fd, messages + i * message_stride(regs), regs->compat);
  if (ret > 0 || !record_begin(&r, EVENT_RECVMMSG_EXIT, 6)) return 0;
  put_u64(&r, ret);
  put_u64(&r, descriptor(fd));
  put_u32(&r, 0);
  put_empty(&r);
  put_empty(&r);
  put_empty(&r);
  return record_send(&r, to_cpu_ring);
}
