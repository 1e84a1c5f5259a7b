// Small steps that several fd handlers share.
#pragma once

#include "decoder/decoder.hpp"

namespace gyr::handlers {

/// Bits of Descriptor::open_flags, as stored in traces (gyr-scap(5), "Open flags").
inline constexpr uint32_t o_directory = 0x400, o_cloexec = 0x1000, o_f_created = 0x4000;

/// Puts a descriptor under a number and makes it the one that the event works on.
inline void add_fd(const Change& change, int64_t fd, Ref<Descriptor> descriptor) {
  change.thread->fds->put(fd, std::move(descriptor));
  change.thread->last_fd = fd;
}

inline void add_fd(const Change& change, int64_t fd, FdType type, uint32_t open_flags) {
  auto descriptor = make_ref<Descriptor>();
  descriptor->type = type;
  descriptor->open_flags = open_flags;
  add_fd(change, fd, std::move(descriptor));
}

}  // namespace gyr::handlers
