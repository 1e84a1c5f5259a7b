// execve and execveat: programs that have begun, and those that could not.
#pragma once

#include "probe/conditions.h"
#include "probe/process.h"

enum { failed_strings = 16 };

/// tty to the exe's times: parameters 16 to 25, and of the others what they have in common.
static __always_inline void put_credentials(struct record* r, struct task_struct* task) {
  const struct cred* cred = BPF_CORE_READ(task, cred);
  struct file* file = BPF_CORE_READ(task, mm, exe_file);
  struct inode* inode = BPF_CORE_READ(file, f_inode);
  struct pid* group = BPF_CORE_READ(task, signal, pids[pid_of_group]);
  put_u32(r, terminal_of(task));
  put_u64(r, own_number(group));
  put_u32(r, login_user(task));
  put_u32(r, executable_flags(cred, file, inode));
  put_u64(r, CAPABILITIES(cred, cap_inheritable));
  put_u64(r, CAPABILITIES(cred, cap_permitted));
  put_u64(r, CAPABILITIES(cred, cap_effective));
  put_u64(r, BPF_CORE_READ(inode, i_ino));
  put_u64(r, inode ? inode_ctime(inode) : 0);
  put_u64(r, inode ? inode_mtime(inode) : 0);
  put_u32(r, BPF_CORE_READ(cred, euid.val));
  put_path(r, path_of(file));
  put_u64(r, global_number(group));
  put_u32(r, BPF_CORE_READ(cred, egid.val));
}

/// A member of the tree that waited for its exec becomes a full one.
static __always_inline void join_at_exec(u32 tgid) {
  if (!config.only_tree) return;
  u32* member = bpf_map_lookup_elem(&tree, &tgid);
  if (member) *member = 2;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec_done, struct task_struct* task, int old_pid, struct linux_binprm* bprm) {
  forget_name_before(old_pid);
  forget_name_before(bpf_get_current_pid_tgid());
  note_program();
  if (control.phase == phase_off) return 0;
  join_at_exec(bpf_get_current_pid_tgid() >> 32);
  if (!is_watched()) return 0;
  struct record r;
  if (!record_begin(&r, EVENT_EXECVE_19_EXIT, 31)) return 0;
  put_u64(&r, 0);
  put_command_line(&r, task);
  put_process(&r, task);
  put_environment(&r, task);
  put_credentials(&r, task);
  put_kernel_str(&r, BPF_CORE_READ(bprm, filename));
  return record_send(&r, to_lifecycle_ring);
}

/// One parameter: the strings that an array of user space points to.
static __always_inline void put_string_array(struct record* r, u64 array, u32 first) {
  const u64 before = r->size;
  for (u32 i = first; i < failed_strings; ++i) {
    u64 address = 0;
    if (bpf_probe_read_user(&address, sizeof(address), (void*)(array + i * sizeof(address))) != 0)
      break;
    if (address == 0 || r->size - before > path_limit) break;
    long length = bpf_probe_read_user_str(here(r), path_limit, (void*)address);
    if (length <= 0) break;
    r->size += length;
    settle(r);
  }
  settle(r);
  put_length(r, r->size - before);
}

static __always_inline void put_first_string(struct record* r, u64 array) {
  u64 address = 0;
  bpf_probe_read_user(&address, sizeof(address), (void*)array);
  put_str(r, address);
}

/// A call that failed. Its arguments are still those of the caller.
static __always_inline int exec_failed(struct record* r, long ret, u64 argv, u64 envp) {
  struct task_struct* task = current_task();
  put_u64(r, ret);
  put_first_string(r, argv);
  put_string_array(r, argv, 1);
  put_process(r, task);
  put_string_array(r, envp, 0);
  put_credentials(r, task);
  return 0;
}

CALL(execve) {
  if (ret == 0) return 0;
  struct record r;
  if (!record_begin(&r, EVENT_EXECVE_19_EXIT, 31)) return 0;
  exec_failed(&r, ret, argument(regs, 1), argument(regs, 2));
  put_str(&r, argument(regs, 0));
  return record_send(&r, to_lifecycle_ring);
}

CALL(execveat) {
  if (ret == 0) return 0;
  struct record r;
  if (!record_begin(&r, EVENT_EXECVEAT_EXIT, 30)) return 0;
  exec_failed(&r, ret, argument(regs, 2), argument(regs, 3));
  return record_send(&r, to_lifecycle_ring);
}
