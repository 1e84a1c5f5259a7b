// Absolute paths of the kernel's files, as the calling task would name them.
//
// The kernel's own function for it cannot be called from here: the names are collected on the way
// from the file up to the root of the task, through the mounts, from the end of an area behind
// the record to its beginning.
#pragma once

#include "probe/task.h"

enum {
  path_area = 0x14000,  // in the scratch, behind everything that a record may reach
  path_components = 96,
  largest_name = 255,
};

/// A path that is being put together from its end.
struct path_builder {
  u8* area;
  u32 at;  // where it begins so far
};

/// The verifier sees offsets inside the area.
#define PATH_OFFSET(value)                            \
  ({                                                  \
    u64 path_offset_ = (value);                       \
    asm volatile("%0 &= 0xfff" : "+r"(path_offset_)); \
    path_offset_;                                     \
  })

/// False: there is no room left.
static __always_inline bool prepend(struct path_builder* b, const void* name, u32 length) {
  if (length > largest_name || length + 1 > b->at) return false;
  b->at -= length;
  u64 size = length;
  asm volatile("%0 &= 0xff" : "+r"(size));
  bpf_probe_read_kernel(b->area + PATH_OFFSET(b->at), size, name);
  b->at--;
  b->area[PATH_OFFSET(b->at)] = '/';
  return true;
}

static __always_inline bool prepend_name(struct path_builder* b, struct dentry* dentry) {
  struct qstr name;
  BPF_CORE_READ_INTO(&name, dentry, d_name);
  return prepend(b, BPF_CORE_READ(dentry, d_name.name), BPF_CORE_READ(dentry, d_name.len));
}
