#include "decoder/state.hpp"

namespace gyr {

void NameTable::set(std::string_view container, uint32_t id, const NameEntry& entry) {
  if (names_.size() >= max_names) return;
  const auto cut = [](std::string_view text) { return std::string(text.substr(0, max_name)); };
  names_[{cut(container), id}] = {cut(entry.name), cut(entry.home), cut(entry.shell), entry.gid};
}

void NameTable::remove(std::string_view container, uint32_t id) {
  const auto found = names_.find(std::pair(container.substr(0, max_name), id));
  if (found != names_.end()) names_.erase(found);
}

std::optional<NameEntry> NameTable::find(std::string_view container, uint32_t id) const {
  const auto found = names_.find(std::pair(container.substr(0, max_name), id));
  return found != names_.end() ? std::optional(found->second.view()) : std::nullopt;
}

std::string_view NameTable::name(std::string_view container, uint32_t id) const {
  if (const auto found = find(container, id)) return found->name;
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
  if (parent == nullptr && thread.pid != 1) thread.ptid = 0;
  threads.set_parent(thread, parent);
}

}  // namespace gyr
