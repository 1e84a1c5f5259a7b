// Conditions on the calling task: what the probe checks of a filter.
//
// Plain C for both compilers, without maps or helpers, so that it is tested as C++. Filled by
// filter/probe_conditions.hpp; what may be in it, and why, is told in filter/kernel_part.hpp.
//
// The conditions are judged by what the reader's state of the thread says, which is not always what
// the kernel says now. `struct task_facts` is where the two meet: the one who fills it either knows
// the state's value or says that it is unsure; then the event passes, for the reader decides anyway.
//
// Example:
//   struct task_facts facts = {.pid = tgid, .tid = tid, ...};
//   set_task_name(&facts, comm);
//   if (!task_passes(&filter, &facts)) return 0;
#pragma once

#include "probe/shared.h"

#ifdef __cplusplus
#include <cstddef>
namespace gyr::probe {
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

enum { condition_values = 16 };  // more are not checked in the kernel

enum condition_use {
  all_pass,
  only_listed,
  not_listed,
};

struct number_condition {
  u32 use;
  u32 count;
  u32 values[condition_values];
};

/// The 16 bytes of a task's name, with zeroes behind its end.
struct task_name {
  u64 halves[2];
};

struct name_condition {
  u32 use;
  u32 count;
  struct task_name values[condition_values];
};

/// All conditions must hold. All zeroes: every task passes.
struct filter_config {
  struct number_condition pid, tid, parent, uid;  // parent and uid: never not_listed
  struct name_condition name;
};

/// The calling task as the reader's state has it. Ids are of the initial namespaces.
struct task_facts {
  u32 pid;  // tgid
  u32 tid;
  /// Of group_leader->real_parent: its tgid and its tid. The state has the one if it read /proc, the
  /// other if it saw the fork.
  u32 parent_pid, parent_tid;
  u32 uid;  // cred->euid
  /// The name that the task had when it was last made by clone or began a program, or that /proc
  /// gave: the state does not follow prctl(PR_SET_NAME) or /proc/PID/comm. So the probe keeps the
  /// old name of each task at the tracepoint task_rename, unless it has one, and drops it at
  /// sched_process_exec (also that of the tid before) and sched_process_exit; without one kept it
  /// is task->comm.
  struct task_name name;
  /// The state may know nothing of it: pid 0, PF_KTHREAD, PF_IO_WORKER, PF_USER_WORKER. Such tasks
  /// make no calls, they only have switches and the like.
  u8 is_stranger;
  /// The parent has PF_EXITING: the state may be ahead of the kernel in giving its children away.
  u8 parent_unsure;
  /// cred->user_ns is not the initial one: setuid and its like report ids of that namespace.
  u8 uid_unsure;
  /// It was renamed, and the name before is not kept: no room, or before all was switched on.
  u8 name_unsure;
};

static __always_inline void set_task_name(struct task_facts* facts, const char* comm) {
  u64 halves[2] = {0, 0};
  u64 mask = 0xff;  // 0 behind the end
  for (u32 i = 0; i < comm_size; ++i) {
    const u64 byte = (u8)comm[i] & mask;
    if (byte == 0) mask = 0;
    halves[i / 8] |= byte << 8 * (i % 8);
  }
  facts->name.halves[0] = halves[0];
  facts->name.halves[1] = halves[1];
}

/// `other`: where the state may have either. Counts without branches, for the verifier's sake.
static __always_inline bool number_passes(const volatile struct number_condition* condition,
                                          u32 number, u32 other) {
  if (condition->use == all_pass) return true;
  u32 found = 0;
  const u32 count = condition->count;
  for (u32 i = 0; i < condition_values; ++i) {
    const u32 value = condition->values[i];
    found |= (u32)(i < count) & ((u32)(value == number) | (u32)(value == other));
  }
  return (found != 0) == (condition->use == only_listed);
}

static __always_inline bool name_passes(const volatile struct name_condition* condition,
                                        const struct task_name* name) {
  if (condition->use == all_pass) return true;
  u32 found = 0;
  const u32 count = condition->count;
  for (u32 i = 0; i < condition_values; ++i) {
    const u64 differs = (condition->values[i].halves[0] ^ name->halves[0]) |
                        (condition->values[i].halves[1] ^ name->halves[1]);
    found |= (u32)(i < count) & (u32)(differs == 0);
  }
  return (found != 0) == (condition->use == only_listed);
}

/// Whether an event of the task may match. A task without a name has, in the state, the first word
/// of its command line instead.
static __always_inline bool task_passes(const volatile struct filter_config* filter,
                                        const struct task_facts* facts) {
  const bool stranger = facts->is_stranger != 0;
  if (!number_passes(&filter->tid, facts->tid, facts->tid)) return false;
  if (!(stranger && filter->pid.use == not_listed) &&
      !number_passes(&filter->pid, facts->pid, facts->pid))
    return false;
  if (!facts->parent_unsure &&
      !number_passes(&filter->parent, facts->parent_pid, facts->parent_tid))
    return false;
  if (!facts->uid_unsure && !number_passes(&filter->uid, facts->uid, facts->uid)) return false;
  const bool named = facts->name.halves[0] != 0;
  return stranger || facts->name_unsure || !named || name_passes(&filter->name, &facts->name);
}

#ifdef __cplusplus
}  // namespace gyr::probe
#endif
