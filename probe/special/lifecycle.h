// Threads that begin and end.
#pragma once

#include "probe/conditions.h"
#include "probe/process.h"

enum { clone_child_in_pidns = 1 << 29 };

static __always_inline int thread_began(struct record* r, long ret, u32 flags) {
  struct task_struct* task = current_task();
  const struct cred* cred = BPF_CORE_READ(task, cred);
  put_u64(r, ret);
  if (ret < 0) {
    put_empty(r);
    put_empty(r);
  } else {
    put_command_line(r, task);
  }
  put_process(r, task);
  put_u32(r, flags | (in_pid_namespace(task) ? clone_child_in_pidns : 0));
  put_u32(r, BPF_CORE_READ(cred, euid.val));
  put_u32(r, BPF_CORE_READ(cred, egid.val));
  put_u64(r, own_number(BPF_CORE_READ(task, thread_pid)));
  put_u64(r, own_number(BPF_CORE_READ(task, group_leader, thread_pid)));
  u64 start = 0;
  struct pid_namespace* ns = pid_namespace_of(task);
  if (ret == 0 && ns) start = BPF_CORE_READ(ns, child_reaper, start_time);
  put_u64(r, start);
  return record_send(r, to_lifecycle_ring);
}

#define THREAD_CALL(name, event, flags)                           \
  CALL(name) {                                                    \
    struct record r;                                              \
    if (!record_begin(&r, event, 21)) return 0;                   \
    return thread_began(&r, ret, flags);                          \
  }

static __always_inline u64 flags_of_clone3(u64 arguments) {
  u64 flags = 0;
  bpf_probe_read_user(&flags, sizeof(flags), (const void*)arguments);
  return flags;
}

THREAD_CALL(clone, EVENT_CLONE_20_EXIT, map_clone_flags(argument(regs, 0)))
THREAD_CALL(clone3, EVENT_CLONE3_EXIT, map_clone_flags(flags_of_clone3(argument(regs, 0))))
THREAD_CALL(fork, EVENT_FORK_20_EXIT, 0)
THREAD_CALL(vfork, EVENT_VFORK_20_EXIT, 0)

/// Children of the tree belong to it, whoever adopts them later.
SEC("tp_btf/sched_process_fork")
int BPF_PROG(tree_grows, struct task_struct* parent, struct task_struct* child) {
  if (!config.only_tree) return 0;
  const u32 from = BPF_CORE_READ(parent, tgid), to = BPF_CORE_READ(child, tgid);
  if (from == to) return 0;
  const u32* member = bpf_map_lookup_elem(&tree, &from);
  if (!member || *member != 2) return 0;
  const u32 full = 2;
  if (bpf_map_update_elem(&tree, &to, &full, BPF_ANY) != 0)
    count_loss(bpf_get_smp_processor_id(), lost_table_full, bpf_ktime_get_boot_ns());
  else
    __sync_fetch_and_add(&control.members, 1);
  return 0;
}

static __always_inline void leave_tree(struct task_struct* task, u32 tgid) {
  if (!config.only_tree || BPF_CORE_READ(task, signal, live.counter) != 0) return;
  if (bpf_map_delete_elem(&tree, &tgid) == 0) __sync_fetch_and_add(&control.members, -1);
}

enum { reaper_search = 32 };

/// Who becomes the parent of its children; 0: it has none; -1: it was not found.
static __always_inline s64 reaper_of(struct task_struct* task) {
  struct list_head* children =
      (void*)task + bpf_core_field_offset(struct task_struct, children);
  if (BPF_CORE_READ(children, next) == children) return 0;
  struct pid_namespace* ns = pid_namespace_of(task);

  struct list_head* head = (void*)BPF_CORE_READ(task, signal) +
                           bpf_core_field_offset(struct signal_struct, thread_head);
  struct list_head* node = BPF_CORE_READ(head, next);
  enum { exiting = 4 };  // PF_EXITING
  for (int i = 0; i < reaper_search && node != head; ++i) {
    struct task_struct* thread =
        (void*)node - bpf_core_field_offset(struct task_struct, thread_node);
    if (thread != task && !(BPF_CORE_READ(thread, flags) & exiting))
      return BPF_CORE_READ(thread, pid);
    node = BPF_CORE_READ(node, next);
  }

  struct task_struct* ancestor = BPF_CORE_READ(task, real_parent);
  for (int i = 0; i < reaper_search; ++i) {
    if (!ancestor || pid_namespace_of(ancestor) != ns) break;
    struct signal_struct* signal = BPF_CORE_READ(ancestor, signal);
    if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper))
      return BPF_CORE_READ(ancestor, pid);
    struct task_struct* next = BPF_CORE_READ(ancestor, real_parent);
    if (next == ancestor) break;
    ancestor = next;
  }
  return ns ? BPF_CORE_READ(ns, child_reaper, pid) : -1;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(thread_ended, struct task_struct* task) {
  const u32 tgid = bpf_get_current_pid_tgid() >> 32;
  const bool watched = control.phase != phase_off && is_watched();
  leave_tree(task, tgid);
  forget_name_before(bpf_get_current_pid_tgid());
  if (!watched) return 0;
  struct record r;
  if (!record_begin(&r, EVENT_PROCEXIT_1_ENTER, 5)) return 0;
  r.latency = 0;
  const u32 status = BPF_CORE_READ(task, exit_code);
  const u32 signal = status & 0x7f;
  put_u64(&r, status);
  put_u64(&r, (status >> 8) & 0xff);
  put_u8(&r, signal);
  put_u8(&r, (status & 0x80) != 0);
  put_u64(&r, reaper_of(task));
  return record_send(&r, to_lifecycle_ring);
}
