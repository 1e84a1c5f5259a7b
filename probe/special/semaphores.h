// Semaphores of System V.
#pragma once

#include "probe/task.h"

enum { ipc_64 = 0x100, semctl_setval = 16 };  // commands of 32-bit programs come with a flag

struct semaphore_operation {
  u16 number;
  s16 change;
  u16 flags;
};

/// Three parameters.
static __always_inline void put_operation(struct record* r, const struct semaphore_operation* o) {
  put_u16(r, o->number);
  put_u16(r, o->change);
  put_u16(r, map_semop_flags(o->flags));
}

/// The first two operations, if they were carried out.
CALL(semop) {
  struct record r;
  if (!record_begin(&r, EVENT_SEMOP_EXIT, 9)) return 0;
  struct semaphore_operation first = {}, second = {};
  const struct semaphore_operation* all = (const void*)argument(regs, 1);
  const u32 count = argument(regs, 2);
  if (ret == 0 && count > 0) bpf_probe_read_user(&first, sizeof(first), all);
  if (ret == 0 && count > 1) bpf_probe_read_user(&second, sizeof(second), all + 1);
  put_u64(&r, ret);
  put_u32(&r, count);
  put_operation(&r, &first);
  put_operation(&r, &second);
  put_u32(&r, argument(regs, 0));
  return record_send(&r, to_cpu_ring);
}

CALL(semctl) {
  struct record r;
  if (!record_begin(&r, EVENT_SEMCTL_EXIT, 5)) return 0;
  const u32 command = argument(regs, 2) & ~ipc_64;
  put_u64(&r, ret);
  put_u32(&r, argument(regs, 0));
  put_u32(&r, argument(regs, 1));
  put_u16(&r, map_semctl_commands(command));
  put_u32(&r, command == semctl_setval ? argument(regs, 3) : 0);
  return record_send(&r, to_cpu_ring);
}
