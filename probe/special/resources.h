// Limits of resources.
#pragma once

#include "probe/task.h"

/// One that the kernel does not know stays the number that it is, as far as a byte can hold it.
static __always_inline u8 map_resource(u32 resource) {
  return resource < rlimit_resources_RLIMIT_UNKNOWN ? resource : rlimit_resources_RLIMIT_UNKNOWN;
}

/// Two parameters: the limits at `address`, or `otherwise` for both.
static __always_inline void put_limits(struct record* r, const struct registers* regs, u64 address,
                                       s64 otherwise) {
  put_u64(r, address ? long_at(regs, address, 0, otherwise) : otherwise);
  put_u64(r, address ? long_at(regs, address, 1, otherwise) : otherwise);
}

CALL(setrlimit) {
  struct record r;
  if (!record_begin(&r, EVENT_SETRLIMIT_EXIT, 4)) return 0;
  put_u64(&r, ret);
  put_limits(&r, regs, argument(regs, 1), -1);
  put_u8(&r, map_resource(argument(regs, 0)));
  return record_send(&r, to_cpu_ring);
}

CALL(getrlimit) {
  struct record r;
  if (!record_begin(&r, EVENT_GETRLIMIT_EXIT, 4)) return 0;
  put_u64(&r, ret);
  put_limits(&r, regs, ret == 0 ? argument(regs, 1) : 0, -1);
  put_u8(&r, map_resource(argument(regs, 0)));
  return record_send(&r, to_cpu_ring);
}

/// Its limits are 64 bits wide for everybody.
static __always_inline void put_limits64(struct record* r, u64 address, s64 otherwise) {
  s64 limits[2] = {otherwise, otherwise};
  if (bpf_probe_read_user(limits, sizeof(limits), (const void*)address) != 0)
    limits[0] = limits[1] = otherwise;
  put_u64(r, limits[0]);
  put_u64(r, limits[1]);
}

CALL(prlimit64) {
  struct record r;
  if (!record_begin(&r, EVENT_PRLIMIT_EXIT, 7)) return 0;
  put_u64(&r, ret);
  put_limits64(&r, argument(regs, 2), 0);
  put_limits64(&r, ret == 0 ? argument(regs, 3) : 0, -1);
  put_u64(&r, (s32)argument(regs, 0));
  put_u8(&r, map_resource(argument(regs, 1)));
  return record_send(&r, to_cpu_ring);
}
