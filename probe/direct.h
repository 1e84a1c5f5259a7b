// Fields of the kernel's structures, read without a helper where the kernel permits it.
//
// A helper that reads memory costs some 25 ns, and a tuple needs about ten fields. Since 6.2 an
// address can be declared to be that of a structure: its fields are then loaded directly, and a
// load that faults gives 0. Only for structures of the kernel proper, not of modules.
//
// Example:
//   struct inode* inode = FIELD(file, f_inode);
#pragma once

#include "probe/maps.h"
//
#include <bpf/bpf_core_read.h>

extern void* bpf_rdonly_cast(const void* object, u32 type) __ksym __weak;

#define FIELD(pointer, field)                                                      \
  ({                                                                               \
    typeof((pointer)->field) field_;                                               \
    if (config.direct_reads) {                                                     \
      typeof(pointer) cast_ =                                                      \
          bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(typeof(*(pointer)))); \
      field_ = cast_->field;                                                       \
    } else {                                                                       \
      field_ = BPF_CORE_READ((pointer), field);                                    \
    }                                                                              \
    field_;                                                                        \
  })
