#include "decoder/event_fd.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

/// The number that the event itself has; -1 when it has none.
int64_t own_fd(const Event& event) {
  static const auto indexes = [] {
    std::array<int8_t, schema::event_count> all;
    for (uint32_t id = 0; id < schema::event_count; ++id) all[id] = fd_param_index(id);
    return all;
  }();
  const int8_t index = indexes[event.raw().type];
  if (index < 0 || static_cast<uint32_t>(index) >= event.nparams()) return -1;
  const Bytes raw = event.param(static_cast<uint32_t>(index));
  return raw.size() == sizeof(int64_t) ? load<int64_t>(raw.data()) : -1;
}

}  // namespace

int8_t fd_param_index(uint32_t id) {
  const schema::Event& info = *schema::find_event(id);
  if ((info.flags & schema::uses_fd) == 0) return -1;
  for (size_t i = schema::is_enter(id) ? 0 : 1; i < info.params.size(); ++i)
    if (info.params[i].type == schema::ParamType::fd) return static_cast<int8_t>(i);
  return -1;
}

int64_t event_fd(const Event& event) {
  const Thread* thread = event.thread();
  if (thread == nullptr) return -1;
  // A request of a ring is not about the descriptor of the call that its thread is in.
  const bool is_request = event.raw().type == type::io_uring_request_enter ||
                          event.raw().type == type::io_uring_request_exit;
  if (is_request || event.is_made_up()) return own_fd(event);
  // The enter event of copy_file_range names the source, its exit event the target as well.
  const bool other = event.raw().type == type::copy_file_range_exit;
  if (event.is_enter() || (thread->last_fd != -1 && !other)) return thread->last_fd;
  const int64_t fd = own_fd(event);
  return fd != -1 ? fd : thread->last_fd;
}

const Descriptor* event_descriptor(const Event& event) {
  const int64_t fd = event_fd(event);
  return fd != -1 ? event.thread()->fds->find(fd) : nullptr;
}

}  // namespace gyr
