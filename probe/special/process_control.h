// Calls by which a process changes itself or looks into another.
#pragma once

#include "probe/special/keys.h"

enum dyn_ptrace { dyn_pointer, dyn_signal };

static __always_inline void put_dyn_signal(struct record* r, u8 signal) {
  u8* to = here(r);
  to[0] = dyn_signal;
  to[1] = signal;
  put_written(r, 2);
}

static __always_inline bool peeks(u32 request) {
  return request == ptrace_requests_PTRACE_PEEKTEXT || request == ptrace_requests_PTRACE_PEEKDATA ||
         request == ptrace_requests_PTRACE_PEEKUSR;
}

static __always_inline bool goes_on(u32 request) {
  return request == ptrace_requests_PTRACE_CONT || request == ptrace_requests_PTRACE_SINGLESTEP ||
         request == ptrace_requests_PTRACE_DETACH || request == ptrace_requests_PTRACE_SYSCALL;
}

/// The kernel puts what it peeks where the last argument says.
CALL(ptrace) {
  struct record r;
  if (!record_begin(&r, EVENT_PTRACE_EXIT, 5)) return 0;
  const u32 request = map_ptrace_requests(argument(regs, 0));
  const u64 data = argument(regs, 3);
  put_u64(&r, ret);
  put_dyn(&r, dyn_pointer, ret < 0 ? 0 : argument(regs, 2));
  if (ret < 0) {
    put_dyn(&r, dyn_pointer, 0);
  } else if (goes_on(request)) {
    put_dyn_signal(&r, data);
  } else {
    put_dyn(&r, dyn_pointer, peeks(request) ? (u64)long_at(regs, data, 0, 0) : data);
  }
  put_u16(&r, request);
  put_u64(&r, (s32)argument(regs, 1));
  return record_send(&r, to_cpu_ring);
}

CALL(prctl) {
  struct record r;
  if (!record_begin(&r, EVENT_PRCTL_EXIT, 4)) return 0;
  const u32 option = argument(regs, 0);
  const bool named = option == prctl_options_PR_SET_NAME || option == prctl_options_PR_GET_NAME;
  u64 number = argument(regs, 1);
  if (option == prctl_options_PR_GET_CHILD_SUBREAPER) {
    s32 value = 0;
    bpf_probe_read_user(&value, sizeof(value), (const void*)number);
    number = value;
  }
  put_u64(&r, ret);
  put_u32(&r, option);
  put_str(&r, named ? argument(regs, 1) : 0);
  put_u64(&r, named ? 0 : number);
  return record_send(&r, to_cpu_ring);
}

CALL(getcwd) {
  struct record r;
  if (!record_begin(&r, EVENT_GETCWD_EXIT, 2)) return 0;
  put_u64(&r, ret);
  put_str(&r, ret >= 0 ? argument(regs, 0) : 0);
  return record_send(&r, to_cpu_ring);
}
