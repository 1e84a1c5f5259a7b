// Where every system call passes by, at its entry and at its end.
#pragma once

#include "probe/arguments.h"
#include "probe/conditions.h"

/// Whether it is the calling thread's turn: not gyr itself, in the tree if there is one.
static __always_inline bool is_watched(void) {
  const u32 tgid = bpf_get_current_pid_tgid() >> 32;
  if (tgid == config.own_tgid) return false;
  if (!config.only_tree) return true;
  const u32* member = bpf_map_lookup_elem(&tree, &tgid);
  return member && *member == 2;
}

/// Where the tables have what is to be done with a number. The kernel gives -1 where it does not tell
/// which call it was: of the return from a signal's handler.
static __always_inline u64 place_of(u64 number) {
  return number < max_syscalls || number == -1ull ? number : any_other_call;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(enter_any, struct pt_regs* saved, long entered_number) {
  u64 number = place_of(entered_number);
  if (number >= max_syscalls) return 0;
  const u8 wish = control.wanted[number];
  if (!wish) return 0;
  if (!(wish & (wanted_always | wanted_compat_always)) && !caller_ids_pass()) return 0;
  if (config.latency) {
    const u32 tid = bpf_get_current_pid_tgid();
    struct enter_slot* slot = &entered[tid & (enter_slots - 1)];
    slot->tid = tid;
    slot->ts = bpf_ktime_get_boot_ns();
  }
  if (!config.trusted || !(wish & (wanted_enter | wanted_compat_enter))) return 0;
  if (control.phase != phase_on || !is_watched()) return 0;
  if (is_compat()) number = note_compat_call(saved, number, -1);
  bpf_tail_call(ctx, &entries, number);
  return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_any, struct pt_regs* saved, long ret) {
  u64 number = place_of(call_number(saved));
  if (number >= max_syscalls) return 0;
  u8 wish = control.wanted[number];
  if (!wish) return 0;
  if (is_compat()) {
    if (!(wish & wanted_compat)) return 0;
    number = note_compat_call(saved, number, ret);
    if (number >= max_syscalls) return 0;
    wish = control.wanted[number];
  }
  if (!(wish & wanted_native)) return 0;
  const bool on =
      control.phase == phase_on || (control.phase == phase_lifecycle && wish & wanted_lifecycle);
  if (!on || !is_watched()) return 0;
  if (!(wish & wanted_always) && !caller_passes(inside_call)) return 0;
  bpf_tail_call(ctx, &calls, number);
  return 0;
}

/// Calls that have no event of their own. A number that the event cannot hold is the highest.
CALL(generic) {
  struct record r;
  if (!record_begin(&r, EVENT_GENERIC_EXIT, 2)) return 0;
  const u64 native = regs->native, number = regs->number;
  put_u16(&r, native < max_syscalls ? scap_code[native & (max_syscalls - 1)] : 0);
  put_u16(&r, number < 0xffff ? number : 0xffff);
  return record_send(&r, to_cpu_ring);
}
