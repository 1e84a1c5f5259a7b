// The calling task, and its fields read as cheaply as the kernel permits.
//
// Where the task is known to the verifier, fields are loaded without help; the helper that gives it
// exists since 5.11. Before, they are read by address.
//
// Example:
//   struct task_struct* leader = TASK_FIELD(task_with_fields(), group_leader);
#pragma once

#include "probe/kernel_types.h"
//
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

enum bpf_func_id___task { BPF_FUNC_get_current_task_btf___task = 158 };

#define IS_TASK_KNOWN \
  bpf_core_enum_value_exists(enum bpf_func_id___task, BPF_FUNC_get_current_task_btf___task)
/// Of what `task_with_fields` has given, or what such a field points to.
#define TASK_FIELD(pointer, field) \
  (IS_TASK_KNOWN ? (pointer)->field : BPF_CORE_READ((pointer), field))

static __always_inline struct task_struct* current_task(void) {
  return (struct task_struct*)bpf_get_current_task();
}

static __always_inline struct task_struct* task_with_fields(void) {
  if (IS_TASK_KNOWN) return bpf_get_current_task_btf();
  return current_task();
}
