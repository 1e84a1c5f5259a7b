// Absolute paths of the kernel's files, as the calling task would name them.
//
// The kernel's own function for it cannot be called from here: the names are collected on the way
// from the file up to the root of the task, through the mounts, from the end of an area behind the
// record to its beginning. What is deeper than the limits allow loses its first components; what
// has no name any more ends with " (deleted)".
//
// Example:
//   put_path(&r, path_of(file));
#pragma once

#include "probe/task.h"

enum {
  path_area = 0x14000,  // in the scratch, behind what a record that can be sent reaches
  path_steps = 80,      // components and mounts
  largest_name = 255,
};

/// A path that is being put together from its end. In the scratch as a whole, so that the verifier
/// takes `at` for unknown and every step of the walk for the same.
struct path_builder {
  u32 at;      // where it begins so far
  u32 hashed;  // whether the file has its name still
  u8 text[path_limit + largest_name + 1];
};

/// Inside the area for the verifier too.
#define IN_PATH(value)                            \
  ({                                              \
    u64 in_path_ = (value);                       \
    asm volatile("%0 &= 0xfff" : "+r"(in_path_)); \
    in_path_;                                     \
  })

/// False: there is no room left.
static __always_inline bool prepend_name(struct path_builder* b, struct dentry* dentry) {
  const u8* name = BPF_CORE_READ(dentry, d_name.name);
  u64 length = BPF_CORE_READ(dentry, d_name.len);
  u32 at = b->at;
  if (length > largest_name || length + 1 > at) return false;
  at -= length;
  asm volatile("%0 &= 0xff" : "+r"(length));
  bpf_probe_read_kernel(b->text + IN_PATH(at), length, name);
  at--;
  b->text[IN_PATH(at)] = '/';
  b->at = at;
  return true;
}

static __always_inline void end_path(struct path_builder* b, bool deleted) {
  const char suffix[] = " (deleted)";
  b->at = deleted ? path_limit - sizeof(suffix) : path_limit - 1;
  if (deleted) __builtin_memcpy(b->text + path_limit - sizeof(suffix), suffix, sizeof(suffix));
  b->text[path_limit - 1] = 0;
}

static __always_inline struct path_builder* path_builder_of(u8* scratch) {
  return (void*)(scratch + path_area);
}

/// Puts the path together in the scratch of this CPU; gives where it begins there.
/// Not static: the verifier looks at it once, not at every call.
__noinline u32 build_path(u64 at) {
  const struct path* path = (void*)at;
  u8* scratch_here = scratch_of(bpf_get_smp_processor_id());
  if (!scratch_here) return 0;
  struct path_builder* b = path_builder_of(scratch_here);
  struct fs_struct* fs = BPF_CORE_READ(current_task(), fs);
  struct dentry* root = BPF_CORE_READ(fs, root.dentry);
  struct vfsmount* root_mount = BPF_CORE_READ(fs, root.mnt);
  struct dentry* dentry = BPF_CORE_READ(path, dentry);
  struct vfsmount* mounted = BPF_CORE_READ(path, mnt);
  struct dentry* top = BPF_CORE_READ(mounted, mnt_root);
  volatile u32* hashed = &b->hashed;
  *hashed = BPF_CORE_READ(dentry, d_hash.pprev) != 0;
  end_path(b, dentry != top && !*hashed);
  for (u32 i = 0; i < path_steps; i++) {
    if (dentry == root && mounted == root_mount) break;
    if (dentry == top) {
      struct mount* mount = (void*)mounted - bpf_core_field_offset(struct mount, mnt);
      struct mount* above = BPF_CORE_READ(mount, mnt_parent);
      if (above == mount) break;
      dentry = BPF_CORE_READ(mount, mnt_mountpoint);
      mounted = (void*)above + bpf_core_field_offset(struct mount, mnt);
      top = BPF_CORE_READ(mounted, mnt_root);
      continue;
    }
    struct dentry* parent = BPF_CORE_READ(dentry, d_parent);
    // What is in no directory has a name only if it never was in one, like files of memfd_create.
    if (parent == dentry && *hashed) break;
    if (!prepend_name(b, dentry) || parent == dentry) break;
    dentry = parent;
  }
  if (b->at == path_limit - 1) b->text[--b->at] = '/';
  return b->at;
}

static __always_inline const struct path* path_of(struct file* file) {
  return __builtin_preserve_access_index(&file->f_path);
}

/// A text parameter: the absolute path, its NUL included. Empty for null.
static __always_inline void put_path(struct record* r, const struct path* path) {
  if (!path) {
    put_empty(r);
    return;
  }
  const u32 begin = build_path(as_number(r, (u64)path));
  put_kernel_str(r, path_builder_of(r->at)->text + IN_PATH(begin));
}
