// Calls that wait: for descriptors, or for a time.
#pragma once

#include "probe/special/trusted.h"

enum {
  poll_looked_at = 32,  // descriptors
  poll_shown = 16,
  at_polled = 0x14000,  // in the scratch, behind every record that is sent
};

struct polled {
  s32 fd;
  u16 events, found;
};

/// One parameter: the descriptors that something was found out about.
static __always_inline void put_polled(struct record* r, u64 address, u64 count, long ret) {
  const struct polled* polled = (const void*)(r->at + at_polled);
  u8* to = here(r);
  u32 shown = 0;
  if (count > poll_looked_at) count = poll_looked_at;
  u64 size = count * sizeof(struct polled);
  asm volatile("%0 &= 0x3ff" : "+r"(size));
  if (ret > 0 && bpf_probe_read_user((void*)polled, size, (const void*)address) == 0) {
    for (u32 i = 0; i < poll_looked_at; i++) {
      if (i >= count || shown >= poll_shown) break;
      if (!polled[i].found) continue;
      u64 at = sizeof(u16) + shown * 10;
      asm volatile("%0 &= 0xff" : "+r"(at));
      *(s64*)(to + at) = polled[i].fd;
      *(u16*)(to + at + 8) = map_poll_flags(polled[i].found);
      shown = forget(r, shown + 1);
    }
  }
  *(u16*)to = shown;
  put_written(r, sizeof(u16) + shown * 10);
}

CALL(poll) {
  struct record r;
  if (!record_begin(&r, EVENT_POLL_EXIT, 3)) return 0;
  put_u64(&r, ret);
  put_polled(&r, argument(regs, 0), (u32)argument(regs, 1), ret);
  put_u64(&r, (s32)argument(regs, 2));
  return record_send(&r, to_cpu_ring);
}

CALL(ppoll) {
  struct record r;
  if (!record_begin(&r, EVENT_PPOLL_EXIT, 4)) return 0;
  put_u64(&r, ret);
  put_polled(&r, argument(regs, 0), (u32)argument(regs, 1), ret);
  u32 mask = 0;
  bpf_probe_read_user(&mask, sizeof(mask), (const void*)argument(regs, 3));
  put_trusted_time(&r, regs, argument(regs, 2));
  put_u32(&r, mask);
  return record_send(&r, to_cpu_ring);
}

/// The flag that has a name changes places with the bit that it has in traces: of others, which the
/// kernel refuses, nothing is lost.
static __always_inline u32 map_epoll_create1_flags(u32 flags) {
  enum { kernel_cloexec = 0x80000, cloexec = epoll_create1_flags_EPOLL_CLOEXEC };
  return (flags & ~(kernel_cloexec | cloexec)) | (flags & kernel_cloexec ? cloexec : 0) |
         (flags & cloexec ? kernel_cloexec : 0);
}

CALL(epoll_create1) {
  struct record r;
  if (!record_begin(&r, EVENT_EPOLL_CREATE1_EXIT, 2)) return 0;
  put_u64(&r, ret);
  put_u32(&r, map_epoll_create1_flags(argument(regs, 0)));
  return record_send(&r, to_cpu_ring);
}

CALL(nanosleep) {
  struct record r;
  if (!record_begin(&r, EVENT_NANOSLEEP_EXIT, 2)) return 0;
  put_u64(&r, ret);
  put_trusted_time(&r, regs, argument(regs, 0));
  return record_send(&r, to_cpu_ring);
}
