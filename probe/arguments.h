// Arguments of system calls as the registers hold them, and the programs of calls.
//
// A program has them at hand as `regs`, whoever the caller is: a 32-bit one has them elsewhere. What
// a program does not ask for costs it nothing.
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

/// The arguments of a call, and its number as the caller gave it and as a 64-bit program would.
struct registers {
  u64 at[6];
  u64 number, native;
};

#define argument(regs, n) ((regs)->at[n])

#if defined(__TARGET_ARCH_x86)
#define call_number(saved) ((saved)->orig_ax)
#elif defined(__TARGET_ARCH_arm64)
#define call_number(saved) ((u64)(s64)(saved)->syscallno)
#endif

static __always_inline void native_arguments(u64* at, const struct pt_regs* saved) {
#if defined(__TARGET_ARCH_x86)
  at[0] = saved->di;
  at[1] = saved->si;
  at[2] = saved->dx;
  at[3] = saved->r10;
  at[4] = saved->r8;
  at[5] = saved->r9;
#elif defined(__TARGET_ARCH_arm64)
  at[0] = saved->orig_x0;
  for (u32 i = 1; i < 6; i++) at[i] = saved->regs[i];
#endif
}

static __always_inline struct registers registers_of(const struct pt_regs* saved, long ret) {
  struct registers regs;
  regs.number = regs.native = call_number(saved);
  if (is_compat()) {
    // Not into `regs` itself, which the compiler is to keep in registers.
    u64 at[6] = {};
    compat_arguments(at, saved);
    for (u32 i = 0; i < 6; i++) regs.at[i] = at[i];
    regs.native = native_of_compat(saved, regs.number, ret);
  } else {
    native_arguments(regs.at, saved);
  }
  return regs;
}

/// A descriptor is an int, whatever the upper half of the register holds.
static __always_inline s64 descriptor(u64 value) { return (s32)value; }

/// The same where AT_FDCWD may stand for it.
static __always_inline s64 directory(u64 value) { return (s32)value; }

#define PROGRAM_OF_CALL(section, prefix, name)                                              \
  static __always_inline int prefix##body_##name(const struct registers* regs, long ret);   \
  SEC(section)                                                                              \
  int BPF_PROG(prefix##name, struct pt_regs* saved, long ret) {                             \
    const struct registers regs = registers_of(saved, ret);                                 \
    return prefix##body_##name(&regs, ret);                                                 \
  }                                                                                         \
  static __always_inline int prefix##body_##name(const struct registers* regs, long ret)

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
