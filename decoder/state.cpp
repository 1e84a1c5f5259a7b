#include "decoder/state.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace gyr {

namespace {

/// A user's id and container in one text, made without allocating.
class UserKey {
 public:
  UserKey(std::string_view container, uint32_t id) {
    container = container.substr(0, NameTable::max_name);
    std::memcpy(bytes_.data(), &id, sizeof id);
    if (!container.empty())
      std::memcpy(bytes_.data() + sizeof id, container.data(), container.size());
    size_ = sizeof id + container.size();
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, sizeof(uint32_t) + NameTable::max_name> bytes_;
  size_t size_;
};

}  // namespace

void NameTable::set(std::string_view container, uint32_t id, UserInfo info) {
  for (std::string* text : {&info.name, &info.home, &info.shell})
    if (text->size() > max_name) text->resize(max_name);
  const UserKey key(container, id);
  const auto found = users_.find(key.view());
  if (found != users_.end())
    found->second = std::move(info);
  else if (users_.size() < max_names)
    users_.emplace(key.view(), std::move(info));
}

void NameTable::remove(std::string_view container, uint32_t id) {
  const auto found = users_.find(UserKey(container, id).view());
  if (found != users_.end()) users_.erase(found);
}

const UserInfo* NameTable::find(std::string_view container, uint32_t id) const {
  const auto found = users_.find(UserKey(container, id).view());
  return found != users_.end() ? &found->second : nullptr;
}

std::string_view NameTable::name(std::string_view container, uint32_t id) const {
  if (const UserInfo* info = find(container, id)) return info->name;
  return id == 0 ? std::string_view("root") : std::string_view();
}

void RecentExits::add(int64_t ptid, int64_t tid, uint64_t ts) {
  if (order_.size() < capacity) {
    order_.push_back(tid);
  } else {
    exits_.erase(order_[next_]);
    order_[next_] = tid;
    next_ = (next_ + 1) % capacity;
  }
  exits_[tid] = {ptid, ts};
}

bool RecentExits::contains(int64_t ptid, int64_t tid, uint64_t now) const {
  constexpr uint64_t recent = 2'000'000'000;
  const auto found = exits_.find(tid);
  return found != exits_.end() && found->second.ptid == ptid &&
         now - found->second.ts + recent < 2 * recent;  // clocks of CPUs differ
}

void State::clear() {
  ++sections;
  threads.clear();
  users.clear();
  groups.clear();
  containers.clear();
  interfaces.clear();
  machine = {};
  recent_exits.clear();
  server_ports.clear();
}

Ref<Process> State::process_of(int64_t pid) {
  if (Thread* main = threads.find(pid); main != nullptr && main->process) return main->process;
  auto process = make_ref<Process>();
  process->pid = pid;
  return process;
}

void State::join_process(Thread& thread) {
  Ref<Process> process = process_of(thread.pid);
  if (!process->threads.empty()) thread.fds = process->threads.front()->fds;
  threads.set_process(thread, std::move(process));
}

void State::link_parent(Thread& thread) {
  Thread* parent = thread.ptid == thread.tid ? nullptr : threads.find(thread.ptid);
  if (parent != nullptr && parent->is_placeholder()) parent = nullptr;
  threads.set_parent(thread, parent);
}

}  // namespace gyr
