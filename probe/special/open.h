// Calls that open files.
#pragma once

#include "probe/files.h"
#include "probe/paths.h"
#include "probe/special/trusted.h"

enum {
  o_accmode = 3,
  o_creat = 0x40,
  o_tmpfile = 0x400000,  // without the directory bit that goes with it
};

struct open_how {
  u64 flags, mode, resolve;
};

/// The kernel's access modes 0, 1, 2 and 3 (which checks for reading and writing but allows
/// neither).
static __always_inline u32 map_access_mode(u32 flags) {
  const u32 mode = (flags & o_accmode) + 1;
  return mode > 3 ? 1 : mode;
}

static __always_inline u32 map_open_flags(u32 flags) {
  return map_file_flags_only(flags) | map_access_mode(flags);
}

/// What the call made of it goes with the flags it asked for.
static __always_inline u32 open_result(const struct file_facts* facts) {
  u32 flags = facts->created ? file_flags_O_F_CREATED : 0;
  if (facts->layer == overlay_upper) flags |= file_flags_FD_UPPER_LAYER;
  if (facts->layer == overlay_lower) flags |= file_flags_FD_LOWER_LAYER;
  return flags;
}

/// The mode means something only where a file may come into being.
static __always_inline u32 open_mode(u32 flags, u32 mode) {
  return flags & (o_creat | o_tmpfile) ? mode & 07777 : 0;
}

/// Four parameters: flags, mode, dev, ino.
static __always_inline void put_opened(struct record* r, s64 fd, u32 flags, u32 mode) {
  const struct file_facts facts = facts_of(fd);
  put_u32(r, map_open_flags(flags) | open_result(&facts));
  put_u32(r, open_mode(flags, mode));
  put_u32(r, facts.dev);
  put_u64(r, facts.ino);
}

CALL(open) {
  struct record r;
  if (!record_begin(&r, EVENT_OPEN_EXIT, 6)) return 0;
  put_u64(&r, ret);
  put_trusted_str(&r, regs, 0);
  put_opened(&r, ret, argument(regs, 1), argument(regs, 2));
  return record_send(&r, to_cpu_ring);
}

CALL(openat) {
  struct record r;
  if (!record_begin(&r, EVENT_OPENAT_2_EXIT, 7)) return 0;
  put_u64(&r, ret);
  put_u64(&r, descriptor(argument(regs, 0)));
  put_trusted_str(&r, regs, 1);
  put_opened(&r, ret, argument(regs, 2), argument(regs, 3));
  return record_send(&r, to_cpu_ring);
}

CALL(openat2) {
  struct record r;
  if (!record_begin(&r, EVENT_OPENAT2_EXIT, 8)) return 0;
  const struct trusted_slot* left = left_slot(regs);
  struct open_how how = {};
  if (left)
    bpf_probe_read_kernel(&how, sizeof(how), left->fixed);
  else
    bpf_probe_read_user(&how, sizeof(how), (const void*)argument(regs, 2));
  const struct file_facts facts = facts_of(ret);
  put_u64(&r, ret);
  put_u64(&r, descriptor(argument(regs, 0)));
  put_left_str(&r, left, argument(regs, 1));
  put_u32(&r, map_open_flags(how.flags) | open_result(&facts));
  put_u32(&r, open_mode(how.flags, how.mode));
  put_u32(&r, map_openat2_flags(how.resolve));
  put_u32(&r, facts.dev);
  put_u64(&r, facts.ino);
  return record_send(&r, to_cpu_ring);
}

CALL(creat) {
  struct record r;
  if (!record_begin(&r, EVENT_CREAT_EXIT, 6)) return 0;
  const struct file_facts facts = facts_of(ret);
  put_u64(&r, ret);
  put_trusted_str(&r, regs, 0);
  put_u32(&r, argument(regs, 1) & 07777);
  put_u32(&r, facts.dev);
  put_u64(&r, facts.ino);
  u16 flags = 0;
  if (facts.layer == overlay_upper) flags = creat_flags_FD_UPPER_LAYER_CREAT;
  if (facts.layer == overlay_lower) flags = creat_flags_FD_LOWER_LAYER_CREAT;
  put_u16(&r, flags);
  return record_send(&r, to_cpu_ring);
}

CALL(open_by_handle_at) {
  struct record r;
  if (!record_begin(&r, EVENT_OPEN_BY_HANDLE_AT_EXIT, 6)) return 0;
  const struct file_facts facts = facts_of(ret);
  put_u64(&r, ret);
  put_u64(&r, descriptor(argument(regs, 0)));
  put_u32(&r, map_open_flags(argument(regs, 2)) | open_result(&facts));
  put_path(&r, facts.file ? path_of(facts.file) : 0);
  put_u32(&r, facts.dev);
  put_u64(&r, facts.ino);
  return record_send(&r, to_cpu_ring);
}
