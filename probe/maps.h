// The maps of all programs.
#pragma once

#include "probe/kernel_types.h"
//
#include <bpf/bpf_helpers.h>

#include "probe/filter_config.h"
#include "probe/marks.h"
#include "probe/shared.h"

/// Filled by the loader before the programs are loaded, constant from then on.
const volatile struct probe_config config SEC(".rodata.config") = {};

/// The same of the conditions on the calling task.
const volatile struct filter_config filter SEC(".rodata.filter") = {};

struct probe_control control SEC(".bss.control") = {};

/// When the thread with a tid that ends like this entered the call that it is in.
struct enter_slot {
  u64 ts;
  u32 tid;
};
struct enter_slot entered[enter_slots] SEC(".bss.entered") = {};

enum { scratch_size = 128 * 1024 };

/// Where a record is put together, one per CPU: programs are not interrupted by one another, but
/// for page faults, which do not use it.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);  // the loader makes it the number of CPUs
  __uint(key_size, sizeof(u32));
  __uint(value_size, scratch_size);
} scratch SEC(".maps");

struct ring {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);  // set by the loader
};

/// One ring per CPU.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 1);  // the loader makes it the number of CPUs
  __type(key, u32);
  __array(values, struct ring);
} rings SEC(".maps");

/// What threads, processes and their names come from: outlives a flood of other events.
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);  // set by the loader
} lifecycle_ring SEC(".maps");

/// The program of each system call, by native number.
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, max_syscalls);
  __type(key, u32);
  __type(value, u32);
} calls SEC(".maps");

/// What is done where calls are entered, by native number.
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, max_syscalls);
  __type(key, u32);
  __type(value, u32);
} entries SEC(".maps");

/// Processes of the tree that is captured, by tgid. 1: from its next exec on; 2: all it does.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, u32);
  __type(value, u32);
} tree SEC(".maps");

/// Names that threads had before they were renamed, by tid; all zeroes where it is not known.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8192);  // the loader makes it 1 where nobody asks for names
  __type(key, u32);
  __type(value, struct task_name);
} names_before SEC(".maps");

/// Of threads whose programs the filter does not want; written by the reader. See probe/marks.h.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, mark_slots);  // the loader makes it 1 where nobody marks
  __type(key, u32);
  __type(value, u64);
} marks SEC(".maps");

/// When a thread with a tid that ends like this has last begun a program, by the boot clock.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, mark_slots);  // as above
  __type(key, u32);
  __type(value, u64);
} programs_begun SEC(".maps");
