// Arguments of system calls as the registers hold them when the call has ended.
#pragma once

#include "probe/record.h"

#if defined(__TARGET_ARCH_x86)

#define argument_0(regs) ((regs)->di)
#define argument_1(regs) ((regs)->si)
#define argument_2(regs) ((regs)->dx)
#define argument_3(regs) ((regs)->r10)
#define argument_4(regs) ((regs)->r8)
#define argument_5(regs) ((regs)->r9)
#define call_number(regs) ((regs)->orig_ax)

#elif defined(__TARGET_ARCH_arm64)

#define argument_0(regs) ((regs)->orig_x0)
#define argument_1(regs) ((regs)->regs[1])
#define argument_2(regs) ((regs)->regs[2])
#define argument_3(regs) ((regs)->regs[3])
#define argument_4(regs) ((regs)->regs[4])
#define argument_5(regs) ((regs)->regs[5])
#define call_number(regs) ((u64)(s64)(regs)->syscallno)

#endif

#define argument(regs, n) argument_##n(regs)

/// A descriptor is an int, whatever the upper half of the register holds.
static __always_inline s64 descriptor(u64 value) { return (s32)value; }

/// The same where AT_FDCWD may stand for it.
static __always_inline s64 directory(u64 value) { return (s32)value; }

/// The program of one system call, which `call_ended` jumps to. `regs` and `ret` are at hand.
#define CALL(name)            \
  SEC("tp_btf/sys_exit")      \
  int BPF_PROG(call_##name, struct pt_regs* regs, long ret)

static __always_inline u32 map_chmod_mode(u32 mode) { return mode & 07777; }

/// Without a kind of file it is a regular one.
static __always_inline u32 map_mknod_mode(u32 mode) {
  const u32 kind = mode & 0170000;
  return (mode & 07777) | (kind ? kind : 0100000);
}
