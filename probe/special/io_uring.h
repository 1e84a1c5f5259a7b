// Setting up io_uring.
#pragma once

#include "probe/task.h"

/// What the caller asked for, and what the kernel has made of it.
struct ring_parameters {
  u32 sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features;
};

CALL(io_uring_setup) {
  struct record r;
  if (!record_begin(&r, EVENT_IO_URING_SETUP_EXIT, 8)) return 0;
  struct ring_parameters ring = {};
  bpf_probe_read_user(&ring, sizeof(ring), (const void*)argument(regs, 1));
  put_u64(&r, ret);
  put_u32(&r, argument(regs, 0));
  put_u32(&r, ring.sq_entries);
  put_u32(&r, ring.cq_entries);
  put_u32(&r, map_io_uring_setup_flags(ring.flags));
  put_u32(&r, ring.sq_thread_cpu);
  put_u32(&r, ring.sq_thread_idle);
  put_u32(&r, ring.features);
  return record_send(&r, to_cpu_ring);
}
