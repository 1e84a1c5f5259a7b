// 32-bit programs: who is one, and what their calls are in terms of 64-bit ones.
//
// On x86_64 their calls have numbers and registers of their own, and some are many in one.
// Elsewhere they are left alone. What they point to in memory is as wide as a 32-bit program has
// it: timespecs, pieces and message headers are read so, other structures are taken for 64-bit ones.
#pragma once

#include "probe/current.h"
#include "probe/record.h"

/// The arguments of a call, and its number as the caller gave it and as a 64-bit program would.
struct registers {
  u64 at[6];
  u64 number, native;
  u64 compat;  // whether the caller is a 32-bit one
};

/// Those of the 32-bit call that each CPU deals with: `exit_any` and `enter_any` find them out once
/// for the program that they jump to.
struct registers of_compat[max_cpus] SEC(".bss.compat") = {};

#if defined(__TARGET_ARCH_x86)

enum { status_compat = 2 };
enum { i386_old_mmap = 90, i386_socketcall = 102, i386_ipc = 117, i386_timerfd_create = 322 };
enum {
  i386_llseek = 140,
  i386_pread64 = 180,
  i386_pwrite64 = 181,
  i386_mmap2 = 192,
  i386_preadv = 333,
  i386_pwritev = 334,
};
enum { ipc_semop = 1, ipc_semget = 2, ipc_semctl = 3, ipc_semtimedop = 4 };

/// Whether the calling thread is inside a 32-bit call. 64-bit programs can make them too.
static __always_inline bool is_compat(void) {
  if (!config.compat) return false;
  return TASK_FIELD(task_with_fields(), thread_info.status) & status_compat;
}

/// The number that the same call has for 64-bit programs, or no_call.
static __always_inline u16 native_of_compat(const struct pt_regs* saved, u64 number, long ret) {
  const u32 first = saved->bx;
  if (number == i386_socketcall) return native_of_socketcall[first & 31];
  if (number == i386_ipc) return native_of_ipc[first & 31];
  // A thread that has just become a 32-bit program still has the 64-bit number of execveat.
  if (number == i386_timerfd_create && ret == 0) return no_call;
  return number < max_syscalls ? native_of_i386[number] : no_call;
}

/// Arguments that lie in memory as 32-bit words.
static __always_inline void read_words(u64* at, u32 address) {
  u32 words[6] = {};
  // Those behind a shorter array may be out of reach, and are not looked at then.
  if (bpf_probe_read_user(words, sizeof(words), (const void*)(u64)address) != 0)
    bpf_probe_read_user(words, 3 * sizeof(u32), (const void*)(u64)address);
  for (u32 i = 0; i < 6; i++) at[i] = words[i];
}

/// ipc(call, first, second, third, pointer) in the order of the call that it stands for.
static __always_inline void order_ipc(u64* at, const struct pt_regs* saved) {
  const u32 call = saved->bx, pointer = saved->di;
  at[0] = (u32)saved->cx;
  at[1] = (u32)saved->dx;
  at[2] = (u32)saved->si;
  at[3] = pointer;
  if (call == ipc_semop || call == ipc_semtimedop) {
    at[1] = pointer;
    at[2] = (u32)saved->dx;
  } else if (call == ipc_semctl) {
    u32 value = 0;
    bpf_probe_read_user(&value, sizeof(value), (const void*)(u64)pointer);
    at[3] = value;
  }
}

/// What has 64 bits comes in two registers, or in pages.
static __always_inline void join_halves(u64* at, u64 number) {
  switch (number) {
    case i386_mmap2:
      at[5] <<= 12;
      break;
    case i386_llseek:  // fd, high, low, where the result goes, whence
      at[1] = at[1] << 32 | at[2];
      at[2] = at[4];
      break;
    case i386_pread64:
    case i386_pwrite64:
    case i386_preadv:
    case i386_pwritev:
      at[3] |= at[4] << 32;
      break;
  }
}

static __always_inline void compat_arguments(u64* at, const struct pt_regs* saved) {
  const u64 number = saved->orig_ax;
  if (number == i386_socketcall) {
    read_words(at, saved->cx);
  } else if (number == i386_old_mmap) {
    read_words(at, saved->bx);
  } else if (number == i386_ipc) {
    order_ipc(at, saved);
  } else {
    at[0] = (u32)saved->bx;
    at[1] = (u32)saved->cx;
    at[2] = (u32)saved->dx;
    at[3] = (u32)saved->si;
    at[4] = (u32)saved->di;
    at[5] = (u32)saved->bp;
    join_halves(at, number);
  }
}

#elif defined(__TARGET_ARCH_arm64)

enum { flag_32_bit = 1 << 22 };
enum { no_call = 0xffff };

static __always_inline bool is_compat(void) {
  if (!config.compat) return false;
  return TASK_FIELD(task_with_fields(), thread_info.flags) & flag_32_bit;
}

static __always_inline u16 native_of_compat(const struct pt_regs* saved, u64 number, long ret) {
  return no_call;
}

static __always_inline void compat_arguments(u64* at, const struct pt_regs* saved) {}

#endif

/// For the program that is jumped to next: the number of the call for 64-bit programs, or no_call.
static __always_inline u16 note_compat_call(const struct pt_regs* saved, u64 number, long ret) {
  const u16 native = native_of_compat(saved, number, ret);
  if (native == no_call) return no_call;
  struct registers* regs = &of_compat[bpf_get_smp_processor_id() & (max_cpus - 1)];
  compat_arguments(regs->at, saved);
  regs->number = number;
  regs->native = native;
  regs->compat = true;
  return native;
}
