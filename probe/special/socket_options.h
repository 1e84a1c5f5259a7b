// getsockopt and setsockopt: values have the type of their option.
#pragma once

#include "probe/arguments.h"

/// Types of the value: order of the set `sockopt` in schema/variants.tsv.
enum sockopt_variant { sockopt_bytes, sockopt_errno, sockopt_u32, sockopt_u64, sockopt_time };

enum {
  sol_socket = 1,
  sol_tcp = 6,
  so_error = 4,
  so_rcvtimeo = 20,
  so_sndtimeo = 21,
  so_meminfo = 55,
  so_cookie = 57,
  so_peergroups = 59,
  so_rcvtimeo_new = 66,
  so_sndtimeo_new = 67,
  sockopt_limit = 4096,  // bytes of a value
};

#define OPTION(number) (1ull << (number))

/// Options of SOL_SOCKET from 0 to 63 that are an int.
static const u64 integer_options =
    (0x1fe ^ OPTION(so_error)) /* DEBUG .. RCVBUF */ | OPTION(9) /* KEEPALIVE */ |
    OPTION(10) /* OOBINLINE */ | OPTION(11) /* NO_CHECK */ | OPTION(12) /* PRIORITY */ |
    OPTION(14) /* BSDCOMPAT */ | OPTION(15) /* REUSEPORT */ | OPTION(16) /* PASSCRED */ |
    OPTION(18) /* RCVLOWAT */ | OPTION(19) /* SNDLOWAT */ | OPTION(29) /* TIMESTAMP */ |
    OPTION(30) /* ACCEPTCONN */ | OPTION(32) /* SNDBUFFORCE */ | OPTION(33) /* RCVBUFFORCE */ |
    OPTION(34) /* PASSSEC */ | OPTION(35) /* TIMESTAMPNS */ | OPTION(36) /* MARK */ |
    OPTION(37) /* TIMESTAMPING */ | OPTION(38) /* PROTOCOL */ | OPTION(39) /* DOMAIN */ |
    OPTION(40) /* RXQ_OVFL */ | OPTION(41) /* WIFI_STATUS */ | OPTION(42) /* PEEK_OFF */ |
    OPTION(43) /* NOFCS */ | OPTION(44) /* LOCK_FILTER */ | OPTION(45) /* SELECT_ERR_QUEUE */ |
    OPTION(46) /* BUSY_POLL */ | OPTION(47) /* MAX_PACING_RATE */ |
    OPTION(48) /* BPF_EXTENSIONS */ | OPTION(49) /* INCOMING_CPU */;

static __always_inline u8 map_sockopt_level(u32 level) {
  return level == sol_socket ? 1 : level == sol_tcp ? 2 : 0;
}

/// Up to 50 the numbers are the kernel's; those of other levels have no name.
static __always_inline u8 map_sockopt_option(u32 level, u32 option) {
  if (level != sol_socket) return 0;
  switch (option) {
    case so_peergroups:
      return 51;
    case so_meminfo:
      return 52;
    case so_cookie:
      return 53;
    case so_rcvtimeo_new:
      return so_rcvtimeo;
    case so_sndtimeo_new:
      return so_sndtimeo;
    default:
      return option <= 50 ? option : 0;
  }
}

static __always_inline enum sockopt_variant sockopt_type(u32 level, u32 option, u32 length) {
  if (level != sol_socket) return sockopt_bytes;
  const bool is_time = option == so_rcvtimeo || option == so_sndtimeo ||
                       option == so_rcvtimeo_new || option == so_sndtimeo_new;
  if (is_time) return length >= 16 ? sockopt_time : sockopt_bytes;
  if (option == so_cookie) return length >= 8 ? sockopt_u64 : sockopt_bytes;
  if (length < 4 || option >= 64) return sockopt_bytes;
  if (option == so_error) return sockopt_errno;
  return integer_options >> option & 1 ? sockopt_u32 : sockopt_bytes;
}

/// Parameter of type dyn: a byte that says its type, and the value.
static __always_inline void put_sockopt(struct record* r, enum sockopt_variant type, u64 at,
                                        u32 length) {
  u8* to = here(r);
  u64 value[2] = {};
  to[0] = type;
  if (type == sockopt_bytes) {
    u64 size = length < sockopt_limit ? length : sockopt_limit;
    asm volatile("%0 &= 0xffff" : "+r"(size));
    const bool read = at && bpf_probe_read_user(to + 1, size, (const void*)at) == 0;
    put_written(r, 1 + (read ? size : 0));
    return;
  }
  if (type == sockopt_time) {
    bpf_probe_read_user(value, 16, (const void*)at);
    value[0] = value[0] * 1000000000 + value[1] * 1000;
  } else if (type == sockopt_u64) {
    bpf_probe_read_user(value, 8, (const void*)at);
  } else {
    bpf_probe_read_user(value, 4, (const void*)at);
  }
  if (type == sockopt_u32) {
    *(u32*)(to + 1) = value[0];
    put_written(r, 5);
  } else {
    *(u64*)(to + 1) = type == sockopt_errno ? -value[0] : value[0];
    put_written(r, 9);
  }
}

/// `length`: of the value; there is none of a call that failed to get it.
static __always_inline void put_sockopt_call(struct record* r, const struct registers* regs,
                                             long ret, u32 length, bool has_value) {
  const u32 level = argument(regs, 1), option = argument(regs, 2);
  put_u64(r, ret);
  put_u64(r, descriptor(argument(regs, 0)));
  put_u8(r, map_sockopt_level(level));
  put_u8(r, map_sockopt_option(level, option));
  const u64 value = has_value ? argument(regs, 3) : 0;
  put_sockopt(r, value ? sockopt_type(level, option, length) : sockopt_bytes, value, length);
  put_u32(r, length);
}

CALL(setsockopt) {
  struct record r;
  if (!record_begin(&r, EVENT_SETSOCKOPT_EXIT, 6)) return 0;
  put_sockopt_call(&r, regs, ret, argument(regs, 4), true);
  return record_send(&r, to_cpu_ring);
}

CALL(getsockopt) {
  struct record r;
  if (!record_begin(&r, EVENT_GETSOCKOPT_EXIT, 6)) return 0;
  u32 length = 0;
  bpf_probe_read_user(&length, sizeof(length), (const void*)argument(regs, 4));
  put_sockopt_call(&r, regs, ret, length, ret >= 0);
  return record_send(&r, to_cpu_ring);
}
