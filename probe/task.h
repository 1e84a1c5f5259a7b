// What the kernel knows of the calling task.
#pragma once

#include "probe/arguments.h"

enum { mm_file_pages, mm_anon_pages, mm_swap_entries, mm_shmem_pages };

struct memory_kb {
  u32 size, rss, swap;
};

static __always_inline u64 mm_counter(struct mm_struct* mm, u32 which) {
  s64 pages;
  if (bpf_core_type_exists(struct mm_rss_stat)) {
    struct mm_struct___before_6_2* old = (void*)mm;
    pages = BPF_CORE_READ(old, rss_stat.count[which].counter);
  } else {
    // The kernel's structure is larger than ours, so the place in the array has to be computed.
    struct percpu_counter* counter = (void*)mm + bpf_core_field_offset(struct mm_struct, rss_stat) +
                                     which * bpf_core_type_size(struct percpu_counter);
    pages = BPF_CORE_READ(counter, count);
  }
  return pages < 0 ? 0 : pages;
}

static __always_inline struct memory_kb memory_of(struct task_struct* task) {
  struct mm_struct* mm = BPF_CORE_READ(task, mm);
  struct memory_kb kb = {};
  if (!mm) return kb;
  kb.size = BPF_CORE_READ(mm, total_vm) << 2;
  kb.rss = (mm_counter(mm, mm_file_pages) + mm_counter(mm, mm_anon_pages) +
            mm_counter(mm, mm_shmem_pages))
           << 2;
  kb.swap = mm_counter(mm, mm_swap_entries) << 2;
  return kb;
}

/// Three parameters: vm_size, vm_rss, vm_swap.
static __always_inline void put_memory(struct record* r, struct task_struct* task) {
  const struct memory_kb kb = memory_of(task);
  put_u32(r, kb.size);
  put_u32(r, kb.rss);
  put_u32(r, kb.swap);
}

/// Scap's form of a device number, from that inside the kernel: 12 bits major, 20 bits minor.
static __always_inline u32 device_of_kernel(u32 dev) {
  const u32 major = dev >> 20, minor = dev & 0xfffff;
  return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}
