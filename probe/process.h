// What the kernel knows of a process: arguments, environment, ids, cgroups, executable.
#pragma once

#include "probe/paths.h"
#include "probe/task.h"

enum { pid_of_group = 2 };  // PIDTYPE_PGID
enum { rlimit_nofile = 7 };

static __always_inline u32 pid_level(struct pid* pid) { return BPF_CORE_READ(pid, level); }

static __always_inline struct upid* upid_at(struct pid* pid, u32 level) {
  return (void*)pid + bpf_core_field_offset(struct pid, numbers) +
         level * bpf_core_type_size(struct upid);
}

/// The number of a pid in its own namespace.
static __always_inline s64 own_number(struct pid* pid) {
  if (!pid) return 0;
  struct upid* upid = upid_at(pid, pid_level(pid));
  return BPF_CORE_READ(upid, nr);
}

static __always_inline s64 global_number(struct pid* pid) {
  if (!pid) return 0;
  struct upid* upid = upid_at(pid, 0);
  return BPF_CORE_READ(upid, nr);
}

static __always_inline struct pid_namespace* pid_namespace_of(struct task_struct* task) {
  struct pid* pid = BPF_CORE_READ(task, thread_pid);
  if (!pid) return 0;
  struct upid* upid = upid_at(pid, pid_level(pid));
  return BPF_CORE_READ(upid, ns);
}

/// Whether it, or what it starts next, lives in a pid namespace other than the first.
static __always_inline bool in_pid_namespace(struct task_struct* task) {
  struct pid_namespace* own = pid_namespace_of(task);
  struct pid_namespace* next = BPF_CORE_READ(task, nsproxy, pid_ns_for_children);
  return own && (BPF_CORE_READ(own, level) != 0 || (next && next != own));
}

/// One parameter: what lies between two addresses of user space, cut to the limit; NUL at its end.
static __always_inline void put_strings(struct record* r, u64 begin, u64 end, u64 limit) {
  u64 size = end - begin;
  if (begin == 0 || end <= begin) size = 0;
  const bool cut = size > limit;
  if (cut) size = limit;
  asm volatile("%0 &= 0x1fff" : "+r"(size));
  if (size == 0 || bpf_probe_read_user(here(r), size, (const void*)begin) != 0) {
    put_empty(r);
    return;
  }
  r->at[BOUNDED(r->size + size - 1)] = 0;
  put_written(r, size);
  settle(r);
}

/// Two parameters: exe and args.
static __always_inline void put_command_line(struct record* r, struct task_struct* task) {
  struct mm_struct* mm = BPF_CORE_READ(task, mm);
  const u64 begin = BPF_CORE_READ(mm, arg_start);
  const u64 end = BPF_CORE_READ(mm, arg_end);
  const u64 before = r->size;
  put_str(r, begin);
  const u64 used = r->size - before;
  put_strings(r, begin + used, end, path_limit - used);
}

static __always_inline void put_environment(struct record* r, struct task_struct* task) {
  struct mm_struct* mm = BPF_CORE_READ(task, mm);
  put_strings(r, BPF_CORE_READ(mm, env_start), BPF_CORE_READ(mm, env_end), path_limit);
}

static __always_inline void put_comm(struct record* r, struct task_struct* task) {
  long length = bpf_probe_read_kernel_str(here(r), comm_size,
                                          (void*)task + bpf_core_field_offset(struct task_struct, comm));
  put_written(r, length < 0 ? 0 : length);
}

// ---- cgroups ----

enum { cgroup_depth = 6, cgroup_name_limit = 256 };

static __always_inline struct kernfs_node* parent_of(struct kernfs_node* node) {
  struct kernfs_node___since_6_15* newer = (void*)node;
  if (bpf_core_field_exists(newer->__parent)) return (void*)BPF_CORE_READ(newer, __parent);
  struct kernfs_node___until_6_14* older = (void*)node;
  return (void*)BPF_CORE_READ(older, parent);
}

/// Appends the path, from the sixth node above the leaf down, to a record of this CPU that has `size`
/// bytes, and gives how many it has then. The root's name is empty, and reading that of a node that
/// is not there fails: neither adds anything.
/// Not static: the verifier looks at it once, not for every hierarchy.
__noinline u32 append_cgroup_path(u64 leaf, u32 size) {
  const char* names[cgroup_depth];
  struct kernfs_node* node = (void*)leaf;
#pragma unroll
  for (int i = 0; i < cgroup_depth; ++i) {
    names[i] = BPF_CORE_READ(node, name);
    node = parent_of(node);
  }
  struct record r;
  if (!record_under_way(&r, size)) return size;
#pragma unroll
  for (int i = cgroup_depth - 1; i >= 0; --i) {
    u8* at = here(&r);
    const long length = bpf_probe_read_kernel_str(at + 1, cgroup_name_limit, names[i]);
    if (length > 1) {
      *at = '/';
      r.size += length;
    }
    settle(&r);
  }
  if (r.size == size) {
    *here(&r) = '/';
    r.size++;
  }
  settle(&r);
  *here(&r) = 0;
  return r.size + 1;
}

#define APPEND_CGROUP(id, word)                                                              \
  if (bpf_core_enum_value_exists(enum cgroup_subsys_id, id)) {                               \
    const u32 index = bpf_core_enum_value(enum cgroup_subsys_id, id);                        \
    struct cgroup_subsys_state** slot =                                                      \
        (void*)set + bpf_core_field_offset(struct css_set, subsys) + index * sizeof(void*);  \
    struct cgroup_subsys_state* css = 0;                                                     \
    bpf_probe_read_kernel(&css, sizeof(css), slot);                                          \
    if (css) {                                                                               \
      __builtin_memcpy(here(r), word, sizeof(word) - 1);                                     \
      r->size += sizeof(word) - 1;                                                           \
      r->size = append_cgroup_path((u64)BPF_CORE_READ(css, cgroup, kn), r->size);            \
    }                                                                                        \
    settle(r);                                                                               \
  }

static __always_inline void put_cgroups(struct record* r, struct task_struct* task) {
  const u64 before = r->size;
  struct css_set* set = BPF_CORE_READ(task, cgroups);
  if (set) {
    APPEND_CGROUP(cpuset_cgrp_id, "cpuset=")
    APPEND_CGROUP(cpu_cgrp_id, "cpu=")
    APPEND_CGROUP(cpuacct_cgrp_id, "cpuacct=")
    APPEND_CGROUP(io_cgrp_id, "io=")
    APPEND_CGROUP(memory_cgrp_id, "memory=")
  }
  put_length(r, r->size - before);
}

// ---- what clone and execve have in common ----

/// exe to comm and cgroups: parameters 1 to 14 of both.
static __always_inline void put_process(struct record* r, struct task_struct* task) {
  put_u64(r, BPF_CORE_READ(task, pid));
  put_u64(r, BPF_CORE_READ(task, tgid));
  put_u64(r, BPF_CORE_READ(task, real_parent, pid));
  put_empty(r);  // cwd
  put_u64(r, BPF_CORE_READ(task, signal, rlim[rlimit_nofile].rlim_cur));
  put_u64(r, BPF_CORE_READ(task, maj_flt));
  put_u64(r, BPF_CORE_READ(task, min_flt));
  put_memory(r, task);
  put_comm(r, task);
  put_cgroups(r, task);
}

// ---- the executable ----

enum { exe_writable = 1, exe_from_memfd = 4 };

static __always_inline u64 nanoseconds(s64 seconds, s64 rest) {
  return seconds * 1000000000ll + rest;
}

static __always_inline u64 inode_ctime(struct inode* inode) {
  if (bpf_core_field_exists(inode->i_ctime_sec))
    return nanoseconds(BPF_CORE_READ(inode, i_ctime_sec), BPF_CORE_READ(inode, i_ctime_nsec));
  struct inode___6_6* hidden = (void*)inode;
  if (bpf_core_field_exists(hidden->__i_ctime))
    return nanoseconds(BPF_CORE_READ(hidden, __i_ctime.tv_sec),
                       BPF_CORE_READ(hidden, __i_ctime.tv_nsec));
  struct inode___before_6_6* old = (void*)inode;
  return nanoseconds(BPF_CORE_READ(old, i_ctime.tv_sec), BPF_CORE_READ(old, i_ctime.tv_nsec));
}

static __always_inline u64 inode_mtime(struct inode* inode) {
  if (bpf_core_field_exists(inode->i_mtime_sec))
    return nanoseconds(BPF_CORE_READ(inode, i_mtime_sec), BPF_CORE_READ(inode, i_mtime_nsec));
  struct inode___6_7* hidden = (void*)inode;
  if (bpf_core_field_exists(hidden->__i_mtime))
    return nanoseconds(BPF_CORE_READ(hidden, __i_mtime.tv_sec),
                       BPF_CORE_READ(hidden, __i_mtime.tv_nsec));
  struct inode___before_6_6* old = (void*)inode;
  return nanoseconds(BPF_CORE_READ(old, i_mtime.tv_sec), BPF_CORE_READ(old, i_mtime.tv_nsec));
}

/// Both forms of kernel_cap_t are 64 bits in the order of the machine.
#define CAPABILITIES(cred, field)                                                        \
  ({                                                                                     \
    u64 bits_ = 0;                                                                       \
    bpf_probe_read_kernel(&bits_, sizeof(bits_),                                         \
                          (void*)(cred) + bpf_core_field_offset(struct cred, field));    \
    bits_;                                                                               \
  })

/// Whether the task may write to the file that it runs.
static __always_inline bool may_write(const struct cred* cred, struct inode* inode) {
  enum { read_only_fs = 1, immutable = 8, cap_dac_override = 1, cap_fowner = 3 };
  if (BPF_CORE_READ(inode, i_sb, s_flags) & read_only_fs) return false;
  if (BPF_CORE_READ(inode, i_flags) & immutable) return false;
  const u64 caps = CAPABILITIES(cred, cap_effective);
  if (caps & (1 << cap_dac_override | 1 << cap_fowner)) return true;
  if (BPF_CORE_READ(cred, fsuid.val) == BPF_CORE_READ(inode, i_uid.val)) return true;
  const u32 mode = BPF_CORE_READ(inode, i_mode);
  const bool in_group = BPF_CORE_READ(cred, fsgid.val) == BPF_CORE_READ(inode, i_gid.val);
  return mode & (in_group ? 020 : 02);
}

static __always_inline bool is_memfd(struct file* file, struct inode* inode) {
  char name[8] = {};
  bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
  const bool named = name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' &&
                     name[4] == 'd' && name[5] == ':';
  return named && BPF_CORE_READ(inode, i_nlink) == 0;
}

static __always_inline u32 executable_flags(const struct cred* cred, struct file* file,
                                            struct inode* inode) {
  if (!inode) return 0;
  return (may_write(cred, inode) ? exe_writable : 0) | (is_memfd(file, inode) ? exe_from_memfd : 0);
}

static __always_inline u32 terminal_of(struct task_struct* task) {
  struct tty_struct* tty = BPF_CORE_READ(task, signal, tty);
  if (!tty) return 0;
  const u32 major = BPF_CORE_READ(tty, driver, major);
  const u32 minor = BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index);
  return device_of_kernel(major << 20 | minor);
}

static __always_inline u32 login_user(struct task_struct* task) {
  if (!bpf_core_field_exists(task->loginuid)) return (u32)-1;
  return BPF_CORE_READ(task, loginuid.val);
}
