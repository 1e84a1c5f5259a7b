// quotactl: limits of what users may store.
#pragma once

#include "probe/task.h"

/// What the kernel has of a user, and of a file system; `valid` says which fields hold something.
struct quota_block {
  u64 block_hard, block_soft, space, inode_hard, inode_soft, inodes, block_time, inode_time;
  u32 valid;
};
enum {
  valid_block_limits = 1,
  valid_space = 2,
  valid_inode_limits = 4,
  valid_block_time = 16,
  valid_inode_time = 32,
};
struct quota_info {
  u64 block_grace, inode_grace;
  u32 flags, valid;
};
enum { valid_block_grace = 1, valid_inode_grace = 2, valid_flags = 4 };

static __always_inline u8 map_quota_type(u32 type) {
  if (type == 0) return quotactl_types_USRQUOTA;
  return type == 1 ? quotactl_types_GRPQUOTA : 0;
}

static __always_inline u8 map_quota_format(u32 format) {
  if (format == 1) return quotactl_quota_fmts_QFMT_VFS_OLD;
  if (format == 2) return quotactl_quota_fmts_QFMT_VFS_V0;
  if (format == 4) return quotactl_quota_fmts_QFMT_VFS_V1;
  return quotactl_quota_fmts_QFMT_NOT_USED;
}

/// Seven parameters.
static __always_inline void put_quota_block(struct record* r, const struct quota_block* b) {
  put_u64(r, b->valid & valid_block_limits ? b->block_hard : 0);
  put_u64(r, b->valid & valid_block_limits ? b->block_soft : 0);
  put_u64(r, b->valid & valid_space ? b->space : 0);
  put_u64(r, b->valid & valid_inode_limits ? b->inode_hard : 0);
  put_u64(r, b->valid & valid_inode_limits ? b->inode_soft : 0);
  put_u64(r, b->valid & valid_block_time ? b->block_time : 0);
  put_u64(r, b->valid & valid_inode_time ? b->inode_time : 0);
}

/// Three parameters.
static __always_inline void put_quota_info(struct record* r, const struct quota_info* i) {
  put_u64(r, i->valid & valid_block_grace ? i->block_grace : 0);
  put_u64(r, i->valid & valid_inode_grace ? i->inode_grace : 0);
  put_u8(r, i->valid & valid_flags ? i->flags : 0);
}

static __always_inline bool quota_has_id(u32 command) {
  return command & (quotactl_cmds_Q_GETQUOTA | quotactl_cmds_Q_SETQUOTA |
                    quotactl_cmds_Q_XGETQUOTA | quotactl_cmds_Q_XSETQLIM);
}

CALL(quotactl) {
  struct record r;
  if (!record_begin(&r, EVENT_QUOTACTL_EXIT, 18)) return 0;
  const u32 command = map_quotactl_cmds((u32)argument(regs, 0) >> 8);
  const void* data = (const void*)argument(regs, 3);
  struct quota_block block = {};
  struct quota_info info = {};
  u32 format = 0;
  if (command & (quotactl_cmds_Q_SETQUOTA | (ret == 0 ? quotactl_cmds_Q_GETQUOTA : 0)))
    bpf_probe_read_user(&block, sizeof(block), data);
  if (command & (quotactl_cmds_Q_SETINFO | (ret == 0 ? quotactl_cmds_Q_GETINFO : 0)))
    bpf_probe_read_user(&info, sizeof(info), data);
  if (ret == 0 && command == quotactl_cmds_Q_GETFMT)
    bpf_probe_read_user(&format, sizeof(format), data);
  const bool begins = command == quotactl_cmds_Q_QUOTAON;
  put_u64(&r, ret);
  put_str(&r, argument(regs, 1));
  put_str(&r, begins ? (u64)data : 0);
  put_quota_block(&r, &block);
  put_quota_info(&r, &info);
  put_u8(&r, map_quota_format(format));
  put_u16(&r, command);
  put_u8(&r, map_quota_type(argument(regs, 0) & 0xff));
  put_u32(&r, quota_has_id(command) ? argument(regs, 2) : 0);
  put_u8(&r, map_quota_format(begins ? argument(regs, 2) : 0));
  return record_send(&r, to_cpu_ring);
}
