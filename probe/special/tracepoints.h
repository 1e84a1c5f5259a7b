// What happens outside of system calls: context switches, signals, page faults, io_uring requests.
#pragma once

#include "probe/conditions.h"
#include "probe/process.h"

static __always_inline bool is_wanted_now(void) {
  return control.phase == phase_on && is_watched() && caller_passes(outside_call);
}

// ---- context switches: the event is of the task that goes ----

SEC("tp_btf/sched_switch")
int BPF_PROG(switch_tasks, bool preempt, struct task_struct* previous, struct task_struct* next) {
  if (!is_wanted_now()) return 0;
  struct record r;
  if (!record_begin_for(&r, EVENT_SCHEDSWITCH_6_ENTER, 6, BPF_CORE_READ(previous, pid))) return 0;
  put_u64(&r, BPF_CORE_READ(next, pid));
  put_u64(&r, BPF_CORE_READ(previous, maj_flt));
  put_u64(&r, BPF_CORE_READ(previous, min_flt));
  put_memory(&r, previous);
  return record_send(&r, to_cpu_ring);
}

// ---- signals: the event is of the task that gets it ----

enum {
  signal_hup = 1,
  signal_int = 2,
  signal_quit = 3,
  signal_kill = 9,
  signal_term = 15,
  signal_chld = 17,
  signal_tstp = 20,
  first_realtime_signal = 34,
};

/// Who sent it, where the kernel says so.
static __always_inline s64 sender_of(int signal, struct kernel_siginfo* info) {
  enum { from_kernel = 1 };  // SEND_SIG_PRIV; 0 is SEND_SIG_NOINFO
  if ((u64)info <= from_kernel) return 0;
  const bool by_user = BPF_CORE_READ(info, si_code) <= 0;
  switch (signal) {
    case signal_kill:
      return BPF_CORE_READ(info, _sifields._kill._pid);
    case signal_term:
    case signal_hup:
    case signal_int:
    case signal_tstp:
    case signal_quit:
      return by_user ? BPF_CORE_READ(info, _sifields._kill._pid) : 0;
    case signal_chld:
      return BPF_CORE_READ(info, _sifields._sigchld._pid);
    default:
      return signal >= first_realtime_signal ? BPF_CORE_READ(info, _sifields._rt._pid) : 0;
  }
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(signal_arrives, int signal, struct kernel_siginfo* info) {
  if (!is_wanted_now()) return 0;
  struct record r;
  const u32 tid = bpf_get_current_pid_tgid();
  if (!record_begin_for(&r, EVENT_SIGNALDELIVER_ENTER, 3, tid)) return 0;
  put_u64(&r, sender_of(signal, info));
  put_u64(&r, tid);
  put_u8(&r, signal);
  return record_send(&r, to_cpu_ring);
}

// ---- page faults ----

enum {
  fault_protection = 1,
  fault_not_present = 2,
  fault_write = 4,
  fault_read = 8,
  fault_user = 16,
  fault_supervisor = 32,
  fault_reserved = 64,
  fault_fetch = 128,
};

static __always_inline u32 fault_flags(u64 error) {
  return (error & 1 ? fault_protection : fault_not_present) |
         (error & 2 ? fault_write : fault_read) | (error & 4 ? fault_user : fault_supervisor) |
         (error & 8 ? fault_reserved : 0) | (error & 16 ? fault_fetch : 0);
}

/// Puts the record together on the stack: a fault can come in the middle of another program, which
/// uses the scratch.
struct fault_block {
  u32 type, size;
  u16 cpu;
  u64 ts, tid;
  u32 event_size;
  u16 event;
  u32 nparams;
  u16 lengths[3];
  u64 address, ip;
  u32 flags;
  u16 padding;
  u32 trailer;
} __attribute__((packed));

static __always_inline int faulted(u64 address, u64 ip, u64 error) {
  if (!is_wanted_now()) return 0;
  const u32 cpu = bpf_get_smp_processor_id();
  const u64 now = bpf_ktime_get_boot_ns();
  struct fault_block block = {
      .type = event_block_type,
      .size = sizeof(block),
      .cpu = cpu,
      .ts = now + config.boot_to_epoch,
      .tid = (u32)bpf_get_current_pid_tgid(),
      .event_size = sizeof(block) - at_ts - sizeof(block.padding) - sizeof(block.trailer),
      .event = EVENT_PAGE_FAULT_ENTER,
      .nparams = 3,
      .lengths = {8, 8, 4},
      .address = address,
      .ip = ip,
      .flags = fault_flags(error),
      .trailer = sizeof(block),
  };
  control.stats[cpu & (max_cpus - 1)].events++;
  void* ring = bpf_map_lookup_elem(&rings, &cpu);
  if (!ring || bpf_ringbuf_output(ring, &block, sizeof(block), BPF_RB_NO_WAKEUP) != 0)
    count_loss(cpu, lost_ring_full, now);
  return 0;
}

#if defined(__TARGET_ARCH_x86)

SEC("tp_btf/page_fault_user")
int BPF_PROG(page_fault_of_user, u64 address, struct pt_regs* saved, u64 error) {
  return faulted(address, saved->ip, error);
}

SEC("tp_btf/page_fault_kernel")
int BPF_PROG(page_fault_of_kernel, u64 address, struct pt_regs* saved, u64 error) {
  return faulted(address, saved->ip, error);
}

#endif

// ---- io_uring: a request that is handed in, and its result ----

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(io_uring_submit, struct io_kiocb* request) {
  if (!is_wanted_now()) return 0;
  struct record r;
  const u32 tid = bpf_get_current_pid_tgid();
  if (!record_begin_for(&r, EVENT_IO_URING_REQUEST_ENTER, 3, tid)) return 0;
  put_u8(&r, BPF_CORE_READ(request, opcode));
  put_u64(&r, BPF_CORE_READ(request, cqe.fd));
  put_u64(&r, BPF_CORE_READ(request, cqe.user_data));
  return record_send(&r, to_cpu_ring);
}

static __always_inline int completed(struct io_kiocb* request, u64 user_data, s64 res) {
  if (!is_wanted_now()) return 0;
  struct record r;
  const u32 tid = bpf_get_current_pid_tgid();
  if (!record_begin_for(&r, EVENT_IO_URING_REQUEST_EXIT, 4, tid)) return 0;
  put_u64(&r, res);
  put_u8(&r, request ? BPF_CORE_READ(request, opcode) : 0);
  put_u64(&r, -1);  // by now the request has its result where the descriptor was
  put_u64(&r, user_data);
  return record_send(&r, to_cpu_ring);
}

/// Since 6.13: with the whole completion.
struct io_uring_cqe___seen {
  u64 user_data;
  s32 res;
} __attribute__((preserve_access_index));

SEC("tp_btf/io_uring_complete")
int BPF_PROG(io_uring_complete, void* ring, struct io_kiocb* request, struct io_uring_cqe* cqe) {
  struct io_uring_cqe___seen* seen = (void*)cqe;
  return completed(request, BPF_CORE_READ(seen, user_data), BPF_CORE_READ(seen, res));
}
