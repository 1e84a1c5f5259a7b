// Arguments as they were where a call was entered: what the kernel has read, and not what another
// thread has put there since.
//
// `enter_any` jumps to the programs here for calls with `wanted_enter`. What they copy lies in a
// slot that the thread's tid selects; the program of the call takes it from there if it is its own,
// and from user space if there is none: because it was not readable, because another thread took
// the slot, or because the call was entered before anybody looked.
//
// Example:
//   put_trusted_str(&r, regs, 1);
#pragma once

#include "probe/task.h"

enum { trusted_slots = 2048, trusted_fixed = 24 };

struct trusted_slot {
  u32 tid;  // 0: free
  u16 native;
  u16 length;
  u8 fixed[trusted_fixed];  // of a structure that goes with the text
  u8 data[path_limit];
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, trusted_slots);
  __type(key, u32);
  __type(value, struct trusted_slot);
} trusted SEC(".maps");

/// Of the calling thread, for the call that it enters.
static __always_inline struct trusted_slot* own_slot(void) {
  const u32 at = (u32)bpf_get_current_pid_tgid() & (trusted_slots - 1);
  struct trusted_slot* slot = bpf_map_lookup_elem(&trusted, &at);
  if (slot) slot->tid = 0;
  return slot;
}

/// What the thread itself has left for this call, or null. Good for once.
static __always_inline struct trusted_slot* left_slot(const struct registers* regs) {
  if (!config.trusted) return 0;
  const u32 tid = bpf_get_current_pid_tgid(), at = tid & (trusted_slots - 1);
  struct trusted_slot* slot = bpf_map_lookup_elem(&trusted, &at);
  if (!slot || slot->tid != tid || slot->native != regs->native) return 0;
  slot->tid = 0;
  return slot;
}

/// A slot that is complete belongs to the thread from then on.
static __always_inline void leave_slot(struct trusted_slot* slot, const struct registers* regs,
                                       long length) {
  if (length <= 0) return;
  slot->native = regs->native;
  slot->length = length;
  *(volatile u32*)&slot->tid = bpf_get_current_pid_tgid();
}

static __always_inline void leave_path(const struct registers* regs, u64 address) {
  struct trusted_slot* slot = own_slot();
  if (!slot) return;
  leave_slot(slot, regs, bpf_probe_read_user_str(slot->data, path_limit, (const void*)address));
}

/// A text parameter: what the slot says, or the text at `address` if there is none.
static __always_inline void put_left_str(struct record* r, const struct trusted_slot* slot,
                                         u64 address) {
  if (!slot) {
    put_str(r, address);
    return;
  }
  u64 length = slot->length;
  asm volatile("%0 &= 0x1fff" : "+r"(length));
  bpf_probe_read_kernel(here(r), length, slot->data);
  put_written(r, length);
}

#define put_trusted_str(r, regs, n) put_left_str(r, left_slot(regs), argument(regs, n))

ENTRY(open) {
  leave_path(regs, argument(regs, 0));
  return 0;
}

ENTRY(creat) {
  leave_path(regs, argument(regs, 0));
  return 0;
}

ENTRY(openat) {
  leave_path(regs, argument(regs, 1));
  return 0;
}

ENTRY(openat2) {
  struct trusted_slot* slot = own_slot();
  if (!slot) return 0;
  if (bpf_probe_read_user(slot->fixed, trusted_fixed, (const void*)argument(regs, 2)) != 0)
    return 0;
  leave_slot(slot, regs,
             bpf_probe_read_user_str(slot->data, path_limit, (const void*)argument(regs, 1)));
  return 0;
}

/// The time that a call is to wait, where the kernel may write the rest of it back.
static __always_inline void leave_time(const struct registers* regs, u64 address) {
  struct trusted_slot* slot = own_slot();
  if (!slot || !address) return;
  const u64 time = time_at(regs, address);
  __builtin_memcpy(slot->fixed, &time, sizeof(time));
  leave_slot(slot, regs, sizeof(time));
}

/// A time parameter: what was left, or what is there now.
static __always_inline void put_trusted_time(struct record* r, const struct registers* regs,
                                             u64 address) {
  const struct trusted_slot* slot = left_slot(regs);
  u64 time = 0;
  if (slot)
    __builtin_memcpy(&time, slot->fixed, sizeof(time));
  else if (address)
    time = time_at(regs, address);
  put_u64(r, time);
}

ENTRY(ppoll) {
  leave_time(regs, argument(regs, 2));
  return 0;
}

ENTRY(nanosleep) {
  leave_time(regs, argument(regs, 0));
  return 0;
}

enum { longest_address = 128 };

ENTRY(connect) {
  u64 length = (u32)argument(regs, 2);
  struct trusted_slot* slot = own_slot();
  if (!slot || length == 0 || length > longest_address) return 0;
  asm volatile("%0 &= 0xff" : "+r"(length));
  if (bpf_probe_read_user(slot->data, length, (const void*)argument(regs, 1)) != 0) return 0;
  leave_slot(slot, regs, length);
  return 0;
}
