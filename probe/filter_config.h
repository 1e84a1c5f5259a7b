// Conditions on the calling task: what the probe checks of a filter.
//
// Plain C for both compilers, without maps or helpers, so that it is tested as C++. Filled by
// filter/probe_conditions.hpp; what may be in it, and why, is told in filter/kernel_part.hpp.
//
// The conditions are judged by what the reader's state of the thread says, which is not always what
// the kernel says now. `struct task_facts` is where the two meet: the one who fills it either knows
// the state's value or says that it is unsure; then the event passes, for the reader decides
// anyway.
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
  /// Of group_leader->real_parent: its tgid and its tid. The state has the one if it read /proc,
  /// the other if it saw the fork.
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

/// All bits of the bytes in front of the first that is 0 (little-endian).
static __always_inline u64 bytes_before_end(u64 text) {
  const u64 ends = (text - 0x0101010101010101) & ~text & 0x8080808080808080;
  return ((ends & (0 - ends)) >> 7) - 1;
}

/// From the comm_size bytes of a task's comm, where anything may stand behind the NUL.
static __always_inline void set_task_name(struct task_facts* facts, const char* comm) {
  u64 halves[2];
  __builtin_memcpy(halves, comm, sizeof(halves));
  const u64 before_end = bytes_before_end(halves[0]);
  facts->name.halves[0] = halves[0] & before_end;
  facts->name.halves[1] = before_end + 1 ? 0 : halves[1] & bytes_before_end(halves[1]);
}

// The loops leave at the first hit: the verifier then has one path to follow, and not one for each
// combination of hits.

/// `other`: where the state may have either.
static __always_inline bool number_passes(const volatile struct number_condition* condition,
                                          u32 number, u32 other) {
  const u32 use = condition->use, count = condition->count;
  if (use == all_pass) return true;
  for (u32 i = 0; i < condition_values; ++i) {
    if (i >= count) break;
    const u32 value = condition->values[i];
    if (value == number || value == other) return use == only_listed;
  }
  return use == not_listed;
}

static __always_inline bool name_passes(const volatile struct name_condition* condition,
                                        const struct task_name* name) {
  const u32 use = condition->use, count = condition->count;
  if (use == all_pass) return true;
  for (u32 i = 0; i < condition_values; ++i) {
    if (i >= count) break;
    if (condition->values[i].halves[0] == name->halves[0] &&
        condition->values[i].halves[1] == name->halves[1])
      return use == only_listed;
  }
  return use == not_listed;
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
