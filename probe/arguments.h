// Arguments of system calls as the registers hold them, and the programs of calls.
//
// A program has them at hand as `regs`, whoever the caller is: a 32-bit one has them elsewhere.
// What a program does not ask for costs it nothing.
//
// Example:
//   CALL(close) {
//     struct record r;
//     if (!record_begin(&r, EVENT_CLOSE_EXIT, 2)) return 0;
//     put_u64(&r, ret);
//     put_u64(&r, descriptor(argument(regs, 0)));
//     return record_send(&r, to_cpu_ring);
//   }
#pragma once

#include "probe/compat.h"

#define argument(regs, n) ((regs)->at[n])

#if defined(__TARGET_ARCH_x86)
#define call_number(saved) ((saved)->orig_ax)
#elif defined(__TARGET_ARCH_arm64)
#define call_number(saved) ((u64)(s64)(saved)->syscallno)
#endif

/// As it is: the compiler is not to merge the access with that to another kind of memory, which the
/// verifier would refuse.
static __always_inline u64 exactly(u64 value) {
  asm("" : "+r"(value));
  return value;
}

static __always_inline void native_arguments(u64* at, const struct pt_regs* saved) {
#if defined(__TARGET_ARCH_x86)
  at[0] = exactly(saved->di);
  at[1] = exactly(saved->si);
  at[2] = exactly(saved->dx);
  at[3] = exactly(saved->r10);
  at[4] = exactly(saved->r8);
  at[5] = exactly(saved->r9);
#elif defined(__TARGET_ARCH_arm64)
  at[0] = exactly(saved->orig_x0);
  for (u32 i = 1; i < 6; i++) at[i] = exactly(saved->regs[i]);
#endif
}

static __always_inline struct registers registers_of(const struct pt_regs* saved) {
  if (is_compat()) return of_compat[bpf_get_smp_processor_id() & (max_cpus - 1)];
  struct registers regs;
  native_arguments(regs.at, saved);
  regs.number = regs.native = exactly(call_number(saved));
  regs.compat = false;
  return regs;
}

/// A descriptor is an int, whatever the upper half of the register holds; so is AT_FDCWD.
static __always_inline s64 descriptor(u64 value) { return (s32)value; }

#define PROGRAM_OF_CALL(section, prefix, name)                                            \
  static __always_inline int prefix##body_##name(const struct registers* regs, long ret); \
  SEC(section)                                                                            \
  int BPF_PROG(prefix##name, struct pt_regs* saved, long ret) {                           \
    const struct registers regs = registers_of(saved);                                    \
    return prefix##body_##name(&regs, ret);                                               \
  }                                                                                       \
  static __always_inline int prefix##body_##name(const struct registers* regs, long ret)

enum { first_time64_call = 403 };

/// Word `index` of the longs at `address`, as wide as the caller has them; `unread` if it cannot be
/// read.
static __always_inline s64 long_at(const struct registers* regs, u64 address, u32 index,
                                   s64 unread) {
  s64 value = 0;
  s32 half = 0;
  if (regs->compat && regs->number < first_time64_call)
    return bpf_probe_read_user(&half, sizeof(half), (const s32*)address + index) ? unread : half;
  return bpf_probe_read_user(&value, sizeof(value), (const s64*)address + index) ? unread : value;
}

/// ns of the timespec at `address`, 0 if there is none.
static __always_inline u64 time_at(const struct registers* regs, u64 address) {
  return long_at(regs, address, 0, 0) * 1000000000 + long_at(regs, address, 1, 0);
}

/// The program of one system call, which `exit_any` jumps to. `regs` and `ret` are at hand.
#define CALL(name) PROGRAM_OF_CALL("tp_btf/sys_exit", call_, name)

/// What is done where a call is entered, by `enter_any`. `ret` is the number of the call.
#define ENTRY(name) PROGRAM_OF_CALL("tp_btf/sys_enter", entry_, name)

static __always_inline u32 map_chmod_mode(u32 mode) { return mode & 07777; }

/// Without a kind of file it is a regular one.
static __always_inline u32 map_mknod_mode(u32 mode) {
  const u32 kind = mode & 0170000;
  return (mode & 07777) | (kind ? kind : 0100000);
}
