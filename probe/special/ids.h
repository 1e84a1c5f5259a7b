// Users, groups and capabilities.
#pragma once

#include "probe/process.h"

static __always_inline u32 word_at(u64 address) {
  u32 word = 0;
  bpf_probe_read_user(&word, sizeof(word), (const void*)address);
  return word;
}

/// Four parameters: res and three ids.
static __always_inline void put_ids(struct record* r, const struct registers* regs, long ret) {
  put_u64(r, ret);
  put_u32(r, word_at(argument(regs, 0)));
  put_u32(r, word_at(argument(regs, 1)));
  put_u32(r, word_at(argument(regs, 2)));
}

CALL(getresuid) {
  struct record r;
  if (!record_begin(&r, EVENT_GETRESUID_EXIT, 4)) return 0;
  put_ids(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

CALL(getresgid) {
  struct record r;
  if (!record_begin(&r, EVENT_GETRESGID_EXIT, 4)) return 0;
  put_ids(&r, regs, ret);
  return record_send(&r, to_cpu_ring);
}

/// With what the thread has in the end, and not what it asked for.
CALL(capset) {
  struct record r;
  if (!record_begin(&r, EVENT_CAPSET_EXIT, 4)) return 0;
  const struct cred* cred = BPF_CORE_READ(current_task(), cred);
  put_u64(&r, ret);
  put_u64(&r, CAPABILITIES(cred, cap_inheritable));
  put_u64(&r, CAPABILITIES(cred, cap_permitted));
  put_u64(&r, CAPABILITIES(cred, cap_effective));
  return record_send(&r, to_cpu_ring);
}
