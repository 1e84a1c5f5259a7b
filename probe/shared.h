// What the eBPF programs and the loader both need to know: limits, configuration, counters.
//
// Plain C for both compilers. The loader fills `struct probe_config` before it loads the programs
// (the verifier then sees constants and drops what is switched off), and reads `struct cpu_stats`
// while they run.
#pragma once

#ifdef __cplusplus
#include <cstdint>
namespace gyr::probe {
using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

enum {
  max_cpus = 1024,
  max_syscalls = 512,   // numbers from here on are those of no call that is known
  any_other_call = max_syscalls - 1,  // what stands for them in tables
  path_limit = 4096,    // bytes of a path, NUL included
  comm_size = 16,
  latency_option = 0xe779,  // gyr-scap(5), "Options behind an event"
  enter_slots = 65536,  // threads that are inside a call at the same time, by tid
};

/// What an event is lost for; the order is that of `gap_reasons` in schema/flags.tsv, from 1.
enum loss_reason {
  lost_ring_full,
  lost_too_big,
  lost_page,
  lost_table_full,
  loss_reasons,
};

/// How far the probe is switched on.
enum probe_phase {
  phase_off,
  phase_lifecycle,  // only what begins and ends threads, while /proc is read
  phase_on,
};

/// For each system call number of the machine: what is wanted of it.
enum wanted_bit {
  wanted_native = 1,
  wanted_always = 2,  // it changes the state: whatever the conditions on the task say
  wanted_enter = 4,   // its arguments are taken where it is entered
  wanted_compat = 8,  // a 32-bit call of this number is wanted
  wanted_compat_enter = 32,  // its arguments are taken where it is entered
  wanted_compat_always = 64,  // it changes the state
  wanted_lifecycle = 16,  // it begins a thread or a program
};

struct probe_config {
  u64 boot_to_epoch;  // ns to add to the boot clock
  u32 own_tgid;       // 0: nobody is left out
  u32 snaplen;
  u8 latency;      // there is a program where calls are entered
  u8 only_tree;    // only tasks of the tree map
  u8 conditions;   // task conditions are to be checked
  u8 dynamic_snaplen;
  u8 compat;       // the kernel runs 32-bit programs
  u8 trusted;      // arguments are taken where some calls are entered
  u8 direct_reads;  // the kernel has bpf_rdonly_cast (6.2)
  u8 marks;         // the reader marks threads: probe/marks.h
  u16 full_port_first, full_port_last, statsd_port;
};

/// Counters of one CPU. Loss times are those of the first and the last event of a reason since the
/// reader has last set the first to 0.
struct cpu_stats {
  u64 events;  // delivered or lost
  u64 lost[loss_reasons];
  u64 lost_from[loss_reasons];
  u64 lost_to[loss_reasons];
  u64 pad[3];
};

/// What both sides change while the programs run; mapped into the loader's memory.
struct probe_control {
  u32 phase;
  u32 pad;
  u64 members;  // live processes of the tree
  u8 wanted[max_syscalls];  // wanted_bit by number
  struct cpu_stats stats[max_cpus];
};

#ifdef __cplusplus
}  // namespace gyr::probe
#endif
