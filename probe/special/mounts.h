// File systems: mounting and configuring them.
#pragma once

#include "probe/task.h"

enum { mount_magic = 0xc0ed0000, mount_magic_mask = 0xffff0000 };

/// Old programs mark the flags in their upper half.
static __always_inline u32 mount_flags(u32 flags) {
  return (flags & mount_magic_mask) == mount_magic ? flags & ~mount_magic_mask : flags;
}

CALL(mount) {
  struct record r;
  if (!record_begin(&r, EVENT_MOUNT_EXIT, 5)) return 0;
  put_u64(&r, ret);
  put_str(&r, argument(regs, 0));
  put_str(&r, argument(regs, 1));
  put_str(&r, argument(regs, 2));
  put_u32(&r, mount_flags(argument(regs, 3)));
  return record_send(&r, to_cpu_ring);
}

/// One of the two values is used, or none.
CALL(fsconfig) {
  struct record r;
  if (!record_begin(&r, EVENT_FSCONFIG_EXIT, 7)) return 0;
  const u32 command = argument(regs, 1);
  const bool binary = command == fsconfig_cmds_FSCONFIG_SET_BINARY;
  const bool text = command == fsconfig_cmds_FSCONFIG_SET_STRING ||
                    command == fsconfig_cmds_FSCONFIG_SET_PATH ||
                    command == fsconfig_cmds_FSCONFIG_SET_PATH_EMPTY;
  put_u64(&r, ret);
  put_u64(&r, descriptor(argument(regs, 0)));
  put_u32(&r, command);
  put_str(&r, argument(regs, 2));
  put_bytes(&r, ret >= 0 && binary ? argument(regs, 3) : 0, argument(regs, 4));
  put_str(&r, ret >= 0 && text ? argument(regs, 3) : 0);
  put_u32(&r, argument(regs, 4));
  return record_send(&r, to_cpu_ring);
}
