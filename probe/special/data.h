// Calls that move data through descriptors and between processes.
#pragma once

#include "probe/transfer.h"

/// What was read into the buffer of argument 1.
static __always_inline void put_read(struct record* r, const struct registers* regs, long ret) {
  const s32 fd = descriptor(argument(regs, 0));
  const u64 data = argument(regs, 1), size = ret > 0 ? ret : 0;
  put_u64(r, ret);
  put_data(r, data, size, snaplen_of(fd, data, size, no_address));
  put_u64(r, fd);
  put_u32(r, argument(regs, 2));
}

/// What was, or should have been, written out of it.
static __always_inline void put_write(struct record* r, const struct registers* regs, long ret) {
  const s32 fd = descriptor(argument(regs, 0));
  const u64 data = argument(regs, 1), size = size_to_show(ret, argument(regs, 2));
  put_u64(r, ret);
  put_data(r, data, size, snaplen_of(fd, data, size, no_address));
  put_u64(r, fd);
  put_u32(r, argument(regs, 2));
}

CALL(read) {
  struct record r;
  if (!record_begin(&r, EVENT_READ_EXIT, 4)) return 0;
  put_read(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(pread64) {
  struct record r;
  if (!record_begin(&r, EVENT_PREAD_EXIT, 5)) return 0;
  put_read(&r, regs, ret);
  put_u64(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

CALL(write) {
  struct record r;
  if (!record_begin(&r, EVENT_WRITE_EXIT, 4)) return 0;
  put_write(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(pwrite64) {
  struct record r;
  if (!record_begin(&r, EVENT_PWRITE_EXIT, 5)) return 0;
  put_write(&r, regs, ret);
  put_u64(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

/// What was read into the pieces of arguments 1 and 2.
static __always_inline void put_readv(struct record* r, const struct registers* regs, long ret) {
  const s32 fd = descriptor(argument(regs, 0));
  const u64 size = ret > 0 ? ret : 0, snaplen = snaplen_of(fd, 0, size, no_address);
  put_u64(r, ret);
  put_u32(r, size);
  if (size) {
    put_gathered(r, argument(regs, 1), argument(regs, 2), size < snaplen ? size : snaplen,
                 regs->compat);
  } else {
    put_empty(r);
  }
  put_u64(r, fd);
}

static __always_inline void put_writev(struct record* r, const struct registers* regs, long ret) {
  const s32 fd = descriptor(argument(regs, 0));
  const u64 size = size_to_show(ret, ~0ull), snaplen = snaplen_of(fd, 0, size, no_address);
  put_u64(r, ret);
  u64 requested =
      put_gathered(r, argument(regs, 1), argument(regs, 2), size < snaplen ? size : snaplen,
                   regs->compat);
  // There may be more pieces than are looked at.
  if (ret > 0 && requested < (u64)ret) requested = ret;
  put_u64(r, fd);
  put_u32(r, requested);
}

CALL(readv) {
  struct record r;
  if (!record_begin(&r, EVENT_READV_EXIT, 4)) return 0;
  put_readv(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(preadv) {
  struct record r;
  if (!record_begin(&r, EVENT_PREADV_EXIT, 5)) return 0;
  put_readv(&r, regs, ret);
  put_u64(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

CALL(writev) {
  struct record r;
  if (!record_begin(&r, EVENT_WRITEV_EXIT, 4)) return 0;
  put_writev(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(pwritev) {
  struct record r;
  if (!record_begin(&r, EVENT_PWRITEV_EXIT, 5)) return 0;
  put_writev(&r, regs, ret);
  put_u64(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

/// Bytes that moved between the caller's own pieces and another process.
static __always_inline void put_process_vm(struct record* r, const struct registers* regs, long ret) {
  put_u64(r, ret);
  put_u64(r, (s32)argument(regs, 0));
  if (ret > 0) {
    const u64 size = ret;
    put_gathered(r, argument(regs, 1), argument(regs, 2),
                 size < config.snaplen ? size : config.snaplen, regs->compat);
  } else {
    put_empty(r);
  }
}

CALL(process_vm_readv) {
  struct record r;
  if (!record_begin(&r, EVENT_PROCESS_VM_READV_EXIT, 3)) return 0;
  put_process_vm(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(process_vm_writev) {
  struct record r;
  if (!record_begin(&r, EVENT_PROCESS_VM_WRITEV_EXIT, 3)) return 0;
  put_process_vm(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(sendfile) {
  struct record r;
  if (!record_begin(&r, EVENT_SENDFILE_EXIT, 5)) return 0;
  u64 offset = 0;
  const u64 at = argument(regs, 2);
  if (at) bpf_probe_read_user(&offset, sizeof(offset), (const void*)at);
  put_u64(&r, ret);
  put_u64(&r, offset);
  put_u64(&r, descriptor(argument(regs, 0)));
  put_u64(&r, descriptor(argument(regs, 1)));
  put_u64(&r, argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

CALL(init_module) {
  struct record r;
  if (!record_begin(&r, EVENT_INIT_MODULE_EXIT, 4)) return 0;
  const u64 size = argument(regs, 1);
  put_u64(&r, ret);
  put_data(&r, argument(regs, 0), ret == error_bad_address ? 0 : size, config.snaplen);
  put_u64(&r, size);
  put_str(&r, argument(regs, 2));
  return record_send(&r, to_cpu_ring);
}
