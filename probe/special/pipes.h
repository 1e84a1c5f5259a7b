// Calls that make pipes.
#pragma once

#include "probe/files.h"

/// Four parameters: res, fd1, fd2, ino.
static __always_inline void put_pipe(struct record* r, u64 address, long ret) {
  s32 fds[2] = {-1, -1};
  if (ret == 0) bpf_probe_read_user(fds, sizeof fds, (const void*)address);
  struct file* file = file_of(fds[0]);
  put_u64(r, ret);
  put_u64(r, fds[0]);
  put_u64(r, fds[1]);
  put_u64(r, file ? BPF_CORE_READ(file, f_inode, i_ino) : 0);
}

CALL(pipe) {
  struct record r;
  if (!record_begin(&r, EVENT_PIPE_EXIT, 4)) return 0;
  put_pipe(&r, argument(regs, 0), ret);
  return record_send(&r, to_cpu_ring);
}

CALL(pipe2) {
  struct record r;
  if (!record_begin(&r, EVENT_PIPE2_EXIT, 5)) return 0;
  put_pipe(&r, argument(regs, 0), ret);
  put_u32(&r, map_file_flags_only(argument(regs, 1)));
  return record_send(&r, to_cpu_ring);
}
