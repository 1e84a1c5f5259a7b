// The bytes that calls move: how many of them are kept, and gathering them from several places.
//
// Contract: `put_data` and `put_gathered` put one parameter. `config.snaplen` bounds it; in dynamic
// mode more is kept of some protocols, and only then a descriptor is looked up here.
#pragma once

#include "probe/socket_tuple.h"

enum {
  vector_limit = 32,                             // pieces that are looked at
  at_vector = scratch_size - vector_limit * 16,  // in the scratch, behind every record that is sent
  error_bad_address = -14,
  error_in_progress = -115,
};

struct user_piece {
  u64 at, size;
};

enum {
  keep_full_port = 16000,
  keep_protocol = 2000,
  keep_dns = 512,
  port_dns = 53,
  port_mysql = 3306,
  port_postgres = 5432,
  port_mongo = 27017,
};

/// Whether these bytes begin a message of HTTP: its method, or the version of an answer.
static __always_inline bool begins_http(const u8* b) {
  const u32 word = b[0] | b[1] << 8 | b[2] << 16 | (u32)b[3] << 24;
  switch (word) {
    case 0x20544547:  // "GET "
    case 0x54534f50:  // "POST"
    case 0x20545550:  // "PUT "
    case 0x454c4544:  // "DELE"
    case 0x43415254:  // "TRAC"
    case 0x4e4e4f43:  // "CONN"
    case 0x4954504f:  // "OPTI"
      return true;
    case 0x50545448:  // "HTTP"
      return b[4] == '/';
    default:
      return false;
  }
}

/// Whether the first 16 bytes look like one of the protocols of which more is kept.
static __always_inline bool is_protocol(const u8* b, u64 size, u16 local, u16 remote) {
  if (size >= 5 && (local == port_mysql || remote == port_mysql)) {
    if (b[0] == 3 || b[1] == 3 || b[2] == 3 || b[3] == 3 || b[4] == 3) return true;
    if (b[2] == 0 && b[3] == 0) return true;
  }
  if (size >= 7 && (local == port_postgres || remote == port_postgres)) {
    if ((b[0] == 'Q' || b[0] == 'P' || b[0] == 'E') && b[1] == 0) return true;
    if (b[4] == 0 && b[5] == 3 && b[6] == 0) return true;
  }
  if (size >= 16) {
    const u32 code = b[12] | b[13] << 8 | b[14] << 16 | (u32)b[15] << 24;
    if (local == port_mongo || remote == port_mongo) return true;
    if (code == 1 || (code >= 2001 && code <= 2007)) return true;
  }
  return size >= 5 && begins_http(b);
}

static __always_inline bool in_full_range(u16 port) {
  return port >= config.full_port_first && port <= config.full_port_last;
}

static __always_inline u32 at_least(u32 size) {
  return config.snaplen > size ? config.snaplen : size;
}

/// How many bytes of a transfer through a descriptor are kept. `data`: its `size` bytes, or 0 where
/// they are scattered; `peer`: address of the caller for sockets without one, or 0.
/// Not static: the verifier looks at it once, not at every call.
__noinline int dynamic_snaplen(u32 fd, u64 data, u64 size, u64 peer) {
  if (!config.dynamic_snaplen) return config.snaplen;
  struct sock* sk = socket_of(fd);
  struct inet_sock* inet = (void*)sk;
  if (!sk) return config.snaplen;
  const u16 family = family_of(sk);
  u16 local = 0, remote = 0;
  if (family == af_inet || family == af_inet6) {
    local = host_order(FIELD(inet, inet_sport));
    remote = host_order(FIELD(sk, __sk_common.skc_dport));
    struct address a = {};
    if (remote == 0 && peer && bpf_probe_read_user(&a, 4, (const void*)peer) == 0)
      remote = host_order(a.port);
    if (config.full_port_last > 0 && (in_full_range(local) || in_full_range(remote)))
      return at_least(keep_full_port);
    if (remote == config.statsd_port) return at_least(keep_protocol);
    if (remote == port_dns) return at_least(keep_dns);
  }
  u8 first[16] = {};
  if (!data || size == 0) return config.snaplen;
  u64 look = size < sizeof(first) ? size : sizeof(first);
  asm volatile("%0 &= 0x1f" : "+r"(look));
  if (look > sizeof(first)) return config.snaplen;
  if (bpf_probe_read_user(first, look, (const void*)data) != 0) return config.snaplen;
  return is_protocol(first, size, local, remote) ? at_least(keep_protocol) : config.snaplen;
}

static __always_inline u64 snaplen_of(s32 fd, u64 data, u64 size, struct user_address peer) {
  if (!config.dynamic_snaplen) return config.snaplen;
  return (u32)dynamic_snaplen(fd, data, size, peer.at);
}

static __always_inline void put_data(struct record* r, u64 data, u64 size, u64 snaplen) {
  put_bytes(r, data, size < snaplen ? size : snaplen);
}

/// What a call that writes is shown with: what it wrote, or should have written.
static __always_inline u64 size_to_show(long ret, u64 requested) {
  if (ret > 0) return ret;
  return ret == error_bad_address ? 0 : requested;
}

/// 32-bit programs have their pieces half as large: they are read into the second half of the room and
/// widened from the first on, which never reaches one that is still to be read.
static __always_inline u64 read_compat_pieces(struct record* r, u64 pieces, u64 count) {
  struct compat_piece {
    u32 at, size;
  };
  struct user_piece* wide = (void*)(r->at + at_vector);
  const struct compat_piece* half = (const void*)(wide + vector_limit / 2);
  u64 size = count * sizeof(struct compat_piece);
  asm volatile("%0 &= 0x1ff" : "+r"(size));
  if (size > vector_limit * sizeof(struct compat_piece)) return 0;
  if (bpf_probe_read_user((void*)half, size, (const void*)pieces) != 0) return 0;
  for (u32 i = 0; i < vector_limit; i++) {
    const struct compat_piece piece = *(const volatile struct compat_piece*)(half + i);
    *(volatile struct user_piece*)(wide + i) = (struct user_piece){piece.at, piece.size};
  }
  return count;
}

/// Reads where the caller's pieces are into the scratch and gives how many are there.
static __always_inline u64 read_pieces(struct record* r, u64 pieces, u64 count, bool compat) {
  if (count > vector_limit) count = vector_limit;
  if (config.compat && compat) return read_compat_pieces(r, pieces, count);
  u64 size = count * sizeof(struct user_piece);
  asm volatile("%0 &= 0x3ff" : "+r"(size));
  if (size > vector_limit * sizeof(struct user_piece)) return 0;
  return bpf_probe_read_user(r->at + at_vector, size, (const void*)pieces) == 0 ? count : 0;
}

static __always_inline u64 size_of_pieces(const struct record* r, u64 count) {
  const struct user_piece* piece = (const void*)(r->at + at_vector);
  u64 size = 0;
  // A number of its own: ranges that the verifier learns here say nothing elsewhere.
  asm volatile("%0 &= 0x3f" : "+r"(count));
  for (u32 i = 0; i < vector_limit && i < count; i++) size += piece[i].size;
  return size;
}

/// Writes the first bytes of the pieces that `read_pieces` has found, `limit` at most, behind the record
/// of `size` bytes; gives how many they are.
/// Not static: the verifier looks at it once, not at every call.
__noinline u32 append_pieces(u32 size, u32 count, u32 limit) {
  struct record r;
  if (!record_under_way(&r, size)) return 0;
  const struct user_piece* piece = (const void*)(r.at + at_vector);
  u64 taken = 0;
  for (u32 i = 0; i < vector_limit; i++) {
    if (i >= count || taken >= limit) break;
    u64 part = piece[i].size, room = limit - taken;
    if (part > room) part = room;
    part = forget(&r, part);
    if (bpf_probe_read_user(r.at + BOUNDED(r.size + taken), part, (const void*)piece[i].at)) {
      count_unread(&r, piece[i].at);
      break;
    }
    taken = forget(&r, taken + part);
  }
  return taken;
}

static __always_inline void put_pieces(struct record* r, u64 count, u64 limit) {
  put_written(r, forget(r, append_pieces(r->size, count, limit)));
}

/// Both for what the caller's pieces hold; gives the size of all.
static __always_inline u64 put_gathered(struct record* r, u64 pieces, u64 count, u64 limit,
                                        bool compat) {
  count = read_pieces(r, pieces, count, compat);
  put_pieces(r, count, limit);
  return size_of_pieces(r, count);
}
