// Puts together an event block, byte for byte as it stands in a trace, and sends it.
//
// Contract: `record_begin` with the number of parameters, then one put_… per parameter in their
// order, then `record_send`. Offsets are masked, so that the verifier sees them inside the buffer
// whatever came before; a record that outgrew the limit is counted as lost and not sent.
// Layout: gyr-scap(5), "Events".
//
// Example:
//   struct record r;
//   if (!record_begin(&r, EVENT_CLOSE_EXIT, 2)) return 0;
//   put_u64(&r, ret);
//   put_u64(&r, descriptor(argument(regs, 0)));
//   return record_send(&r, to_cpu_ring);
#pragma once

#include "probe/maps.h"
//
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "probe_schema.h"

enum {
  at_block_type = 0,
  at_block_size = 4,
  at_cpu = 8,
  at_ts = 10,
  at_tid = 18,
  at_event_size = 26,
  at_event_type = 30,
  at_nparams = 32,
  at_lengths = 36,
  event_block_type = 0x216,
  largest_record = 65536,
};

enum destination { to_cpu_ring, to_lifecycle_ring };

struct record {
  u8* at;      // scratch of this CPU
  u64 size;    // bytes so far
  u32 params;  // so far
  u32 cpu;
  u64 ts;       // of the boot clock
  u64 latency;  // 0: not known
};

/// Inside the scratch for the verifier too. Constants stay constants.
#define BOUNDED(value)                                        \
  ({                                                          \
    u64 bounded_ = (value);                                   \
    if (!__builtin_constant_p(bounded_)) {                    \
      asm volatile("%0 &= 0xffff" : "+r"(bounded_));          \
    }                                                         \
    bounded_;                                                 \
  })

static __always_inline void count_loss(u32 cpu, enum loss_reason reason, u64 ts) {
  struct cpu_stats* s = &control.stats[cpu & (max_cpus - 1)];
  s->lost[reason]++;
  ts += config.boot_to_epoch;
  if (s->lost_from[reason] == 0) s->lost_from[reason] = ts;
  s->lost_to[reason] = ts;
}

static __always_inline u8* scratch_of(u32 cpu) { return bpf_map_lookup_elem(&scratch, &cpu); }

static __always_inline bool record_begin_for(struct record* r, u16 type, u32 nparams, u64 tid) {
  const u32 cpu = bpf_get_smp_processor_id();
  r->cpu = cpu;
  r->ts = bpf_ktime_get_boot_ns();
  r->latency = 0;
  r->at = scratch_of(cpu);
  if (!r->at) {
    count_loss(cpu, lost_table_full, r->ts);
    return false;
  }
  r->params = 0;
  r->size = at_lengths + 2 * nparams;
  *(u32*)(r->at + at_block_type) = event_block_type;
  *(u16*)(r->at + at_cpu) = cpu;
  *(u64*)(r->at + at_ts) = r->ts + config.boot_to_epoch;
  *(u64*)(r->at + at_tid) = tid;
  *(u16*)(r->at + at_event_type) = type;
  *(u32*)(r->at + at_nparams) = nparams;
  return true;
}

/// An event of the calling thread.
static __always_inline bool record_begin(struct record* r, u16 type, u32 nparams) {
  const u32 tid = bpf_get_current_pid_tgid();
  if (!record_begin_for(r, type, nparams, tid)) return false;
  if (config.latency) {
    const struct enter_slot* slot = &entered[tid & (enter_slots - 1)];
    if (slot->tid == tid) r->latency = r->ts - slot->ts;
  }
  return true;
}

/// For a function of its own: the record that this CPU is putting together, of `size` bytes so far.
/// Parameters cannot be put into it.
static __always_inline bool record_under_way(struct record* r, u32 size) {
  r->cpu = bpf_get_smp_processor_id();
  r->at = scratch_of(r->cpu);
  if (!r->at) return false;
  r->size = size;
  r->ts = *(u64*)(r->at + at_ts) - config.boot_to_epoch;
  return true;
}

static __always_inline void put_length(struct record* r, u16 length) {
  *(u16*)(r->at + at_lengths + 2 * r->params) = length;
  r->params++;
}

#define PUT_INTEGER(name, type)                                     \
  static __always_inline void name(struct record* r, type value) {  \
    *(type*)(r->at + BOUNDED(r->size)) = value;                     \
    r->size += sizeof(type);                                        \
    put_length(r, sizeof(type));                                    \
  }
PUT_INTEGER(put_u8, u8)
PUT_INTEGER(put_u16, u16)
PUT_INTEGER(put_u32, u32)
PUT_INTEGER(put_u64, u64)

/// Has the verifier take a value for a number of which it knows nothing, as of what it reads from a
/// map.
static __always_inline u64 as_number(const struct record* r, u64 value) {
  enum { at_forgotten = 0x1f000 };  // behind all records that are sent
  volatile u64* kept = (volatile u64*)(r->at + at_forgotten);
  *kept = value;
  return *kept;
}

/// The same of a value below 64 KiB: where paths of the program meet, the verifier would look at what
/// follows once for each otherwise.
static __always_inline u64 forget(const struct record* r, u64 value) {
  value = as_number(r, value);
  asm volatile("%0 &= 0xffff" : "+r"(value));
  return value;
}

/// The same of the record's size. Only while it cannot have outgrown the limit yet.
static __always_inline void settle(struct record* r) { r->size = forget(r, r->size); }

static __always_inline void put_empty(struct record* r) { put_length(r, 0); }

/// What was written behind the record so far is a parameter.
static __always_inline void put_written(struct record* r, u64 length) {
  put_length(r, length);
  r->size += length;
}

/// Where the next parameter begins.
static __always_inline u8* here(const struct record* r) { return r->at + BOUNDED(r->size); }

enum { lowest_address = 0x10000 };

/// Whether a parameter that could not be read is missing: its page was not there. Calls that fail do
/// so for an address that is none, or before the kernel looks there; what it has read is there.
static __always_inline bool is_missing(const struct record* r, u64 address) {
  const u64 result = at_lengths + 2 * *(u32*)(r->at + at_nparams);  // of a call: the first one
  if ((s64)address < lowest_address) return false;
  return *(s64*)(r->at + BOUNDED(result)) >= 0;
}

static __always_inline void count_unread(const struct record* r, u64 address) {
  if (is_missing(r, address)) count_loss(r->cpu, lost_page, r->ts);
}

/// Text of user space, its NUL included; empty where it cannot be read.
static __always_inline void put_str(struct record* r, u64 address) {
  long length = 0;
  if (address) {
    length = bpf_probe_read_user_str(here(r), path_limit, (const void*)address);
    if (length < 0) {
      count_unread(r, address);
      length = 0;
    }
  }
  put_written(r, length);
}

/// Text of the kernel.
static __always_inline void put_kernel_str(struct record* r, const void* address) {
  long length = bpf_probe_read_kernel_str(here(r), path_limit, address);
  put_written(r, length < 0 ? 0 : length);
}

/// Bytes of user space: all of them or none.
static __always_inline void put_bytes(struct record* r, u64 address, u64 size) {
  asm volatile("%0 &= 0xffff" : "+r"(size));
  if (address == 0 || size == 0) {
    put_empty(r);
  } else if (bpf_probe_read_user(here(r), size, (const void*)address) != 0) {
    count_unread(r, address);
    put_empty(r);
  } else {
    put_written(r, size);
  }
}

/// Ends the block behind the event: padding, the latency as an option, the trailer.
static __always_inline void record_end(struct record* r) {
  *(u32*)(r->at + at_event_size) = r->size - at_ts;
  u8* padding = here(r);
  *(u32*)padding = 0;
  r->size = (r->size + 3) & ~3ull;
  if (r->latency) {
    u8* option = here(r);
    *(u16*)option = latency_option;
    *(u16*)(option + 2) = sizeof(u64);
    *(u64*)(option + 4) = r->latency;
    r->size += 12;
  }
  *(u32*)here(r) = r->size + 4;
  r->size += 4;
  *(u32*)(r->at + at_block_size) = r->size;
}

static __always_inline int record_send(struct record* r, enum destination destination) {
  const u32 cpu = r->cpu;
  control.stats[cpu & (max_cpus - 1)].events++;
  if (r->size > largest_record) {
    count_loss(cpu, lost_too_big, r->ts);
    return 0;
  }
  record_end(r);
  u64 size = r->size;
  if (!__builtin_constant_p(size)) asm volatile("%0 &= 0x1ffff" : "+r"(size));
  void* ring = &lifecycle_ring;
  if (destination == to_cpu_ring) ring = bpf_map_lookup_elem(&rings, &cpu);
  if (ring == 0 || bpf_ringbuf_output(ring, r->at, size, BPF_RB_NO_WAKEUP) != 0)
    count_loss(cpu, lost_ring_full, r->ts);
  return 0;
}
