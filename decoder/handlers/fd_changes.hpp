// Small steps that several fd handlers share.
#pragma once

#include "decoder/decoder.hpp"

namespace gyr::handlers {

/// Puts a descriptor under a number and makes it the one that the event works on.
inline void set_fd(const Change& change, int64_t fd, Ref<Descriptor> descriptor) {
  change.thread->fds->put(fd, std::move(descriptor));
  change.thread->last_fd = fd;
}

/// The same for one that the event made.
inline void add_fd(const Change& change, int64_t fd, Ref<Descriptor> descriptor) {
  change.names_fd = !descriptor->name.empty();
  set_fd(change, fd, std::move(descriptor));
}

/// Lets `f` change a descriptor that the event works on, in which it may get another name.
template <class F>
void change_fd(const Change& change, Descriptor& descriptor, F f) {
  const SharedText before = descriptor.name;
  f(descriptor);
  if (descriptor.name.view() != before.view()) change.names_fd = true;
}

inline void add_fd(const Change& change, int64_t fd, FdType type, uint32_t open_flags) {
  auto descriptor = make_ref<Descriptor>();
  descriptor->type = type;
  descriptor->open_flags = open_flags;
  add_fd(change, fd, std::move(descriptor));
}

}  // namespace gyr::handlers
