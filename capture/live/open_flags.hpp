// Open flags: from the numbers of this machine's kernel to those that traces hold.
//
// Purpose: /proc and system calls give the kernel's O_* bits, which differ between architectures;
// traces hold one set of bits for all (gyr-scap(5), "Open flags").
//
// Contract: exactly one access mode is set, and O_TMPFILE and O_SYNC only where all of their bits
// are. Bits that have no counterpart are left out.
//
// Example:
//   trace_open_flags(O_WRONLY | O_CREAT)  // 0x2 | 0x4
#pragma once

#include <fcntl.h>

#include <cstdint>

namespace gyr {

namespace trace_flag {
inline constexpr uint32_t rdonly = 0x1, wronly = 0x2, rdwr = 0x3, creat = 0x4, append = 0x8,
                          dsync = 0x10, excl = 0x20, nonblock = 0x40, sync = 0x80, trunc = 0x100,
                          direct = 0x200, directory = 0x400, largefile = 0x800, cloexec = 0x1000,
                          tmpfile = 0x2000;
}  // namespace trace_flag

// glibc calls it 0 where every file is large; the kernel sets its bit nevertheless.
#if defined(__aarch64__) || defined(__arm__)
inline constexpr uint32_t kernel_largefile = 0400000;
#elif defined(__powerpc64__)
inline constexpr uint32_t kernel_largefile = 0200000;
#else
inline constexpr uint32_t kernel_largefile = 0100000;
#endif

constexpr uint32_t trace_open_flags(uint32_t kernel) {
  struct Pair {
    uint32_t kernel, trace;
  };
  constexpr Pair pairs[] = {
      {O_CREAT, trace_flag::creat},         {O_APPEND, trace_flag::append},
      {O_DSYNC, trace_flag::dsync},         {O_EXCL, trace_flag::excl},
      {O_NONBLOCK, trace_flag::nonblock},   {O_SYNC, trace_flag::sync},
      {O_TRUNC, trace_flag::trunc},         {O_DIRECT, trace_flag::direct},
      {O_DIRECTORY, trace_flag::directory}, {kernel_largefile, trace_flag::largefile},
      {O_CLOEXEC, trace_flag::cloexec},     {O_TMPFILE, trace_flag::tmpfile},
  };
  const uint32_t access = kernel & O_ACCMODE;
  uint32_t flags = access == O_WRONLY ? trace_flag::wronly
                   : access == O_RDWR ? trace_flag::rdwr
                                      : trace_flag::rdonly;
  for (const Pair& pair : pairs) {
    if ((kernel & pair.kernel) == pair.kernel) flags |= pair.trace;
  }
  return flags;
}

}  // namespace gyr
