// keyctl: what its arguments are depends on the operation.
#pragma once

#include "probe/task.h"

enum dyn_keyctl { dyn_number, dyn_text };

/// Of each operation: how many arguments it has, and which of them are texts (bit 4: the first).
#define TEXT(n) (0x10 << ((n)-2))
static const volatile u8 keyctl_arguments[64] = {
    [keyctl_operations_KEYCTL_GET_KEYRING_ID] = 2,
    [keyctl_operations_KEYCTL_JOIN_SESSION_KEYRING] = 1 | TEXT(2),
    [keyctl_operations_KEYCTL_UPDATE] = 3,
    [keyctl_operations_KEYCTL_REVOKE] = 1,
    [keyctl_operations_KEYCTL_CHOWN] = 3,
    [keyctl_operations_KEYCTL_SETPERM] = 2,
    [keyctl_operations_KEYCTL_DESCRIBE] = 3,
    [keyctl_operations_KEYCTL_CLEAR] = 1,
    [keyctl_operations_KEYCTL_LINK] = 2,
    [keyctl_operations_KEYCTL_UNLINK] = 2,
    [keyctl_operations_KEYCTL_SEARCH] = 4 | TEXT(3) | TEXT(4),
    [keyctl_operations_KEYCTL_READ] = 3,
    [keyctl_operations_KEYCTL_INSTANTIATE] = 4,
    [keyctl_operations_KEYCTL_NEGATE] = 3,
    [keyctl_operations_KEYCTL_SET_REQKEY_KEYRING] = 1,
    [keyctl_operations_KEYCTL_SET_TIMEOUT] = 2,
    [keyctl_operations_KEYCTL_ASSUME_AUTHORITY] = 1,
    [keyctl_operations_KEYCTL_GET_SECURITY] = 3,
    [keyctl_operations_KEYCTL_SESSION_TO_PARENT] = 0,
    [keyctl_operations_KEYCTL_REJECT] = 4,
    [keyctl_operations_KEYCTL_INSTANTIATE_IOV] = 4,
    [keyctl_operations_KEYCTL_INVALIDATE] = 1,
    [keyctl_operations_KEYCTL_GET_PERSISTENT] = 2,
    [keyctl_operations_KEYCTL_DH_COMPUTE] = 4,
    [keyctl_operations_KEYCTL_PKEY_QUERY] = 4 | TEXT(4),
    [keyctl_operations_KEYCTL_PKEY_ENCRYPT] = 4 | TEXT(3),
    [keyctl_operations_KEYCTL_PKEY_DECRYPT] = 4 | TEXT(3),
    [keyctl_operations_KEYCTL_PKEY_SIGN] = 4 | TEXT(3),
    [keyctl_operations_KEYCTL_PKEY_VERIFY] = 4 | TEXT(3),
    [keyctl_operations_KEYCTL_RESTRICT_KEYRING] = 3 | TEXT(3) | TEXT(4),
    [keyctl_operations_KEYCTL_MOVE] = 4,
    [keyctl_operations_KEYCTL_CAPABILITIES] = 2,
    [keyctl_operations_KEYCTL_WATCH_KEY] = 3,
};
#undef TEXT

/// One parameter of several kinds.
static __always_inline void put_dyn(struct record* r, u8 kind, u64 value) {
  u8* to = here(r);
  to[0] = kind;
  *(u64*)(to + 1) = value;
  put_written(r, 1 + sizeof(value));
}

static __always_inline void put_dyn_text(struct record* r, u64 address) {
  u8* to = here(r);
  to[0] = dyn_text;
  long length = bpf_probe_read_user_str(to + 1, path_limit, (const void*)address);
  if (length <= 0) {
    to[1] = 0;
    length = 1;
  }
  put_written(r, 1 + length);
}

/// `index` from 0, of the arguments behind the operation.
static __always_inline void put_key_argument(struct record* r, u8 form, u32 index, u64 value) {
  if (form & (0x10 << index))
    put_dyn_text(r, value);
  else
    put_dyn(r, dyn_number, index < (form & 0xfu) ? value : 0);
}

CALL(keyctl) {
  struct record r;
  if (!record_begin(&r, EVENT_KEYCTL_EXIT, 6)) return 0;
  const u32 operation = argument(regs, 0);
  const u8 form = operation < sizeof(keyctl_arguments) ? keyctl_arguments[operation & 63] : 0;
  put_u64(&r, ret);
  put_u32(&r, operation);
  put_key_argument(&r, form, 0, argument(regs, 1));
  put_key_argument(&r, form, 1, argument(regs, 2));
  put_key_argument(&r, form, 2, argument(regs, 3));
  put_key_argument(&r, form, 3, argument(regs, 4));
  return record_send(&r, to_cpu_ring);
}
