// Whether the filter's conditions on the task (probe/filter_config.h) hold for the calling one.
//
// What the filter does not ask for is not looked up: its configuration is constant for the
// verifier, which drops the rest. So are marks (probe/marks.h), by which the reader says what it has
// found out of a thread.
//
// Example:
//   if (!caller_passes(inside_call)) return 0;
#pragma once

#include "probe/task.h"

enum {
  task_exiting = 0x4,         // PF_EXITING
  task_io_worker = 0x10,      // PF_IO_WORKER
  task_user_worker = 0x4000,  // PF_USER_WORKER, since 6.4
  task_of_kernel = 0x200000,  // PF_KTHREAD
};

/// A name had no room in the map. From then on a thread without one there may have been renamed.
u32 names_missed SEC(".bss.names") = 0;

static __always_inline void name_of_comm(struct task_facts* facts, struct task_struct* task) {
  u64 comm[2];
  if (IS_TASK_KNOWN) {
    const volatile u64* at = (const void*)task->comm;
    comm[0] = at[0];
    comm[1] = at[1];
  } else {
    bpf_probe_read_kernel(comm, sizeof(comm),
                          (void*)task + bpf_core_field_offset(struct task_struct, comm));
  }
  set_task_name(facts, (const char*)comm);
}

/// The name that the state has: see `struct task_facts`.
static __always_inline void find_name(struct task_facts* facts, struct task_struct* task) {
  const u32 tid = facts->tid;
  const struct task_name* before = bpf_map_lookup_elem(&names_before, &tid);
  if (before) {
    facts->name = *before;
    return;
  }
  facts->name_unsure = names_missed != 0;
  name_of_comm(facts, task);
}

static __always_inline void find_parent(struct task_facts* facts, struct task_struct* task) {
  struct task_struct* leader = TASK_FIELD(task, group_leader);
  struct task_struct* parent = TASK_FIELD(leader, real_parent);
  facts->parent_pid = TASK_FIELD(parent, tgid);
  facts->parent_tid = TASK_FIELD(parent, pid);
  facts->parent_unsure = (TASK_FIELD(parent, flags) & task_exiting) != 0;
}

/// Without what the verifier wants to be sure of the user is not.
static __always_inline void find_user(struct task_facts* facts, struct task_struct* task) {
  facts->uid_unsure = 1;
  const struct cred* cred = TASK_FIELD(task, cred);
  if (!cred) return;
  facts->uid = TASK_FIELD(cred, euid.val);
  const struct user_namespace* ns = TASK_FIELD(cred, user_ns);
  if (!ns) return;
  facts->uid_unsure = TASK_FIELD(ns, level) != 0;
}

enum where_called { inside_call, outside_call };

/// Whether the state may know nothing of the task: also where it has ended for the state, and still
/// runs for the kernel.
static __always_inline bool is_stranger(struct task_struct* task, u32 pid) {
  enum { none = task_exiting | task_io_worker | task_user_worker | task_of_kernel };
  return pid == 0 || (TASK_FIELD(task, flags) & none) != 0;
}

/// Only calls are rejected by marks: what happens outside of them may come while the thread, for the
/// state, is made, begins its program or has ended.
static __always_inline bool is_caller_marked(void) {
  const u32 tid = bpf_get_current_pid_tgid(), slot = mark_slot(tid);
  const u64* mark = bpf_map_lookup_elem(&marks, &slot);
  if (!mark) return false;
  const u64 left = *(const volatile u64*)mark;
  if (!mark_is_of(left, tid)) return false;
  const u64* begun = bpf_map_lookup_elem(&programs_begun, &slot);
  if (!begun) return false;
  const u64 thread_began = TASK_FIELD(task_with_fields(), start_boottime);
  return mark_holds(left, tid, thread_began, *(const volatile u64*)begun);
}

static __always_inline bool conditions_hold(enum where_called where) {
  if (!config.conditions) return true;
  const u64 ids = bpf_get_current_pid_tgid();
  struct task_facts facts = {.pid = ids >> 32, .tid = (u32)ids};
  struct task_struct* task = task_with_fields();
  if (where == outside_call) facts.is_stranger = is_stranger(task, facts.pid);
  if (filter.parent.use != all_pass) find_parent(&facts, task);
  if (filter.uid.use != all_pass) find_user(&facts, task);
  if (filter.name.use != all_pass) find_name(&facts, task);
  return task_passes(&filter, &facts);
}

static __always_inline bool caller_passes(enum where_called where) {
  if (!conditions_hold(where)) return false;
  return !(where == inside_call && config.marks && is_caller_marked());
}

/// What can be told where a call is entered: the rest may be another at its end.
static __always_inline bool caller_ids_pass(void) {
  if (!config.conditions) return true;
  const u64 ids = bpf_get_current_pid_tgid();
  const u32 pid = ids >> 32, tid = ids;
  return number_passes(&filter.pid, pid, pid) && number_passes(&filter.tid, tid, tid);
}

// ---- names that the state does not follow ----

SEC("tp_btf/task_rename")
int BPF_PROG(name_changes, struct task_struct* task, const char* comm) {
  enum { exists_already = -17 };  // EEXIST
  if (BPF_CORE_READ(task, flags) & task_of_kernel) return 0;
  const u32 tid = BPF_CORE_READ(task, pid);
  struct task_facts facts = {};
  // While /proc is read it may give this name or the next one.
  if (control.phase == phase_on) name_of_comm(&facts, task);
  const long done = bpf_map_update_elem(&names_before, &tid, &facts.name, BPF_NOEXIST);
  if (done != 0 && done != exists_already) names_missed = 1;
  return 0;
}

/// The thread begins a program, which gives it a name that the state knows, or ends.
static __always_inline void forget_name_before(u32 tid) {
  if (filter.name.use != all_pass) bpf_map_delete_elem(&names_before, &tid);
}

// ---- programs ----

/// The calling thread begins a program. Before its event, whose time is therefore no earlier.
static __always_inline void note_program(void) {
  if (!config.marks) return;
  const u32 slot = mark_slot(bpf_get_current_pid_tgid());
  u64* begun = bpf_map_lookup_elem(&programs_begun, &slot);
  if (begun) *(volatile u64*)begun = bpf_ktime_get_boot_ns();
}
