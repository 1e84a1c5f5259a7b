// Open files of the calling task, by their descriptors.
//
// Example:
//   struct file_facts facts = facts_of(ret);
//   put_u32(&r, facts.dev);
//   put_u64(&r, facts.ino);
#pragma once

#include "probe/direct.h"
#include "probe/task.h"

enum {
  fmode_created = 0x100000,
  overlay_magic = 0x794c7630,
};

/// The open file behind a descriptor of the calling task; null: there is none.
static __always_inline struct file* file_of(s64 fd) {
  if (fd < 0) return 0;
  struct files_struct* open = TASK_FIELD(task_with_fields(), files);
  struct fdtable* table = TASK_FIELD(open, fdt);
  if ((u64)fd >= TASK_FIELD(table, max_fds)) return 0;
  struct file** files = TASK_FIELD(table, fd);
  // Any structure of the kernel that is one pointer.
  return (struct file*)FIELD((struct hlist_head*)(files + fd), first);
}

enum overlay_layer { not_overlay, overlay_upper, overlay_lower };

/// What events say of an open file.
struct file_facts {
  struct file* file;
  u32 dev;
  u64 ino;
  bool created;  // by the call that opened it
  enum overlay_layer layer;
};

/// An overlay's inode has the upper file, if there is one, right behind the inode of its own.
static __always_inline enum overlay_layer overlay_layer_of(struct inode* inode) {
  const void* upper = 0;
  const void* behind = (const u8*)inode + bpf_core_type_size(struct inode);
  bpf_probe_read_kernel(&upper, sizeof(upper), behind);
  return upper ? overlay_upper : overlay_lower;
}

/// Of the file behind a descriptor. All zeros without one.
static __always_inline struct file_facts facts_of(s64 fd) {
  struct file_facts facts = {};
  struct file* file = file_of(fd);
  if (!file) return facts;
  struct inode* inode = FIELD(file, f_inode);
  struct super_block* sb = FIELD(inode, i_sb);
  facts.file = file;
  facts.created = FIELD(file, f_mode) & fmode_created;
  facts.dev = device_of_kernel(FIELD(sb, s_dev));
  facts.ino = FIELD(inode, i_ino);
  if (FIELD(sb, s_magic) == overlay_magic) facts.layer = overlay_layer_of(inode);
  return facts;
}
