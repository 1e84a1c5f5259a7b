// The kernel's structures, as far as the programs look into them.
//
// No kernel headers are needed: the loader moves every access to where the running kernel has the
// field (CO-RE). A name with ___suffix is another version of the same structure.
#pragma once

#include <stdbool.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;

enum {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_PROG_ARRAY = 3,
  BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
  BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_F_MMAPABLE = 1024, BPF_RB_NO_WAKEUP = 1, BPF_F_NO_PREALLOC = 1 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
  unsigned long bp, bx, r10, r9, r8, ax, cx, dx, si, di, orig_ax, sp, ip;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
  u64 regs[31];
  u64 sp, pc, pstate;
  u64 orig_x0;
  s32 syscallno;
};
#endif

typedef struct {
  int counter;
} atomic_t;
typedef struct {
  s64 counter;
} atomic_long_t;

struct thread_info {
  unsigned long flags;
  u32 status;  // x86 only
};

struct list_head {
  struct list_head *next, *prev;
};

struct hlist_head {
  struct hlist_node* first;
};

struct hlist_bl_node {
  struct hlist_bl_node *next, **pprev;
};

struct qstr {
  u32 hash, len;
  const unsigned char* name;
};

struct super_block {
  u32 s_dev;
  unsigned long s_magic;
  unsigned long s_flags;
};

struct timespec64 {
  s64 tv_sec;
  long tv_nsec;
};

typedef struct {
  u32 val;
} kuid_t;
typedef struct {
  u32 val;
} kgid_t;

struct pipe_inode_info;

struct inode {
  u16 i_mode;
  u32 i_nlink;
  s64 i_ctime_sec, i_mtime_sec;    // since 6.11
  u32 i_ctime_nsec, i_mtime_nsec;
  u32 i_flags;
  kuid_t i_uid;
  kgid_t i_gid;
  unsigned long i_ino;
  struct super_block* i_sb;
};

struct inode___6_7 {
  struct timespec64 __i_ctime, __i_mtime;
};

struct inode___6_6 {
  struct timespec64 __i_ctime, i_mtime;
};

struct inode___before_6_6 {
  struct timespec64 i_ctime, i_mtime;
};

struct dentry {
  struct hlist_bl_node d_hash;
  struct dentry* d_parent;
  struct qstr d_name;
  struct inode* d_inode;
  u32 d_flags;
  struct super_block* d_sb;
};

struct vfsmount {
  struct dentry* mnt_root;
  struct super_block* mnt_sb;
  int mnt_flags;
};

struct mount {
  struct mount* mnt_parent;
  struct dentry* mnt_mountpoint;
  struct vfsmount mnt;
};

struct path {
  struct vfsmount* mnt;
  struct dentry* dentry;
};

struct file {
  struct path f_path;
  struct inode* f_inode;
  u32 f_flags;
  u32 f_mode;
  void* private_data;
};

struct fdtable {
  u32 max_fds;
  struct file** fd;
};

struct files_struct {
  struct fdtable* fdt;
};

struct fs_struct {
  struct path root, pwd;
};

struct mm_rss_stat {
  atomic_long_t count[4];
};

struct percpu_counter {
  s64 count;
};

struct mm_struct {
  unsigned long total_vm;
  unsigned long arg_start, arg_end, env_start, env_end;
  struct file* exe_file;
  struct percpu_counter rss_stat[4];  // since 6.2
};

struct mm_struct___before_6_2 {
  struct mm_rss_stat rss_stat;
};

struct pid_namespace;

struct upid {
  int nr;
  struct pid_namespace* ns;
};

struct pid {
  u32 level;
  struct upid numbers[1];
};

struct ns_common {
  u32 inum;
};

struct pid_namespace {
  u32 level;
  struct task_struct* child_reaper;
  struct ns_common ns;
};

struct nsproxy {
  struct pid_namespace* pid_ns_for_children;
};

struct kernel_cap_struct {
  u32 cap[2];
};
typedef struct {
  u64 val;
} kernel_cap_t;

struct user_namespace {
  int level;
};

struct cred {
  kuid_t uid, suid, euid, fsuid;
  kgid_t gid, sgid, egid, fsgid;
  kernel_cap_t cap_inheritable, cap_permitted, cap_effective;
  struct user_namespace* user_ns;
};

struct tty_driver {
  int major, minor_start;
};

struct tty_struct {
  int index;
  struct tty_driver* driver;
};

struct rlimit {
  unsigned long rlim_cur, rlim_max;
};

struct signal_struct {
  atomic_t live;
  struct pid* pids[4];
  struct tty_struct* tty;
  struct rlimit rlim[16];
  u32 is_child_subreaper : 1;
  struct list_head thread_head;
};

struct kernfs_node {
  const char* name;
};

struct kernfs_node___until_6_14 {
  struct kernfs_node___until_6_14* parent;
  const char* name;
};

struct kernfs_node___since_6_15 {
  struct kernfs_node___since_6_15* __parent;
  const char* name;
};

enum cgroup_subsys_id {
  cpuset_cgrp_id,
  cpu_cgrp_id,
  cpuacct_cgrp_id,
  io_cgrp_id,
  memory_cgrp_id,
};

struct cgroup {
  struct kernfs_node* kn;
};

struct cgroup_subsys_state {
  struct cgroup* cgroup;
};

struct css_set {
  struct cgroup_subsys_state* subsys[1];
  struct cgroup* dfl_cgrp;
};

struct task_struct {
  struct thread_info thread_info;
  u32 flags;
  int exit_state, exit_code;
  int pid, tgid;
  struct task_struct* real_parent;
  struct list_head children, sibling;
  struct task_struct* group_leader;
  struct pid* thread_pid;
  u64 start_time, start_boottime;
  unsigned long min_flt, maj_flt;
  const struct cred* cred;
  char comm[16];
  struct fs_struct* fs;
  struct files_struct* files;
  struct nsproxy* nsproxy;
  struct signal_struct* signal;
  struct mm_struct* mm;
  kuid_t loginuid;
  struct css_set* cgroups;
  struct list_head thread_node;
};

struct in6_addr {
  u32 words[4];
};

struct sock_common {
  u32 skc_daddr;
  u16 skc_dport;  // big-endian
  u16 skc_family;
  struct in6_addr skc_v6_daddr;
};

struct sock {
  struct sock_common __sk_common;
  u32 sk_ack_backlog, sk_max_ack_backlog;
};

struct socket {
  struct sock* sk;
};

struct ipv6_pinfo {
  struct in6_addr saddr;
};

struct inet_sock {
  struct ipv6_pinfo* pinet6;
  u32 inet_saddr;
  u16 inet_sport;  // big-endian
};

struct sockaddr_un {
  u16 sun_family;
  char sun_path[108];
};

struct unix_address {
  int len;
  struct sockaddr_un name[1];
};

struct unix_sock {
  struct unix_address* addr;
  struct sock* peer;
};

struct linux_binprm {
  struct file* file;
  const char* filename;
  const char* interp;
};

struct kernel_siginfo {
  int si_signo, si_errno, si_code;
  union {
    struct {
      int _pid;
    } _kill;
    struct {
      int _pid;
    } _rt;
    struct {
      int _pid;
    } _sigchld;
  } _sifields;
};

struct io_cqe {
  u64 user_data;
  s32 res;
  int fd;
};

struct io_kiocb {
  u8 opcode;
  struct io_cqe cqe;
};

struct io_uring_cqe;

#pragma clang attribute pop
