#include "decoder/event_fd.hpp"

namespace gyr {

namespace {

/// The index in today's form of an exit event of the descriptor that it made, or else works on;
/// -1: there is none.
int8_t fd_index(uint32_t id) {
  const schema::Event& info = schema::events[id];
  const bool makes = (info.flags & schema::creates_fd) != 0;
  int8_t index = -1;
  for (size_t i = 0; i < info.params.size(); ++i) {
    if (info.params[i].type != schema::ParamType::fd) continue;
    const bool made = makes && info.params[i].name == "res";
    if (made || (index < 0 && info.params[i].name == "fd")) index = static_cast<int8_t>(i);
  }
  return index;
}

const std::array<int8_t, schema::event_count>& fd_indexes() {
  static const auto table = [] {
    std::array<int8_t, schema::event_count> all;
    for (uint32_t id = 0; id < schema::event_count; ++id) all[id] = fd_index(id);
    return all;
  }();
  return table;
}

}  // namespace

int64_t event_fd(const Event& event) {
  constexpr uint32_t any = schema::creates_fd | schema::uses_fd | schema::destroys_fd;
  const Thread* thread = event.thread();
  if (thread == nullptr || (event.info().flags & any) == 0) return -1;
  if (!event.is_enter()) {
    const int8_t index = fd_indexes()[event.today_id()];
    const Bytes raw = index >= 0 ? event.today_param(static_cast<uint32_t>(index)) : Bytes();
    if (raw.size() == sizeof(int64_t)) return load<int64_t>(raw.data());
  }
  return thread->last_fd;
}

const Descriptor* event_descriptor(const Event& event) {
  const int64_t fd = event_fd(event);
  return fd >= 0 ? event.thread()->fds->find(fd) : nullptr;
}

}  // namespace gyr
