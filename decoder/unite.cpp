#include "decoder/unite.hpp"

#include "decoder/export.hpp"

namespace gyr {

namespace {

void unite_interfaces(const State& beginning, const State& known, RecordSink& sink) {
  const auto same = [](const Interface& a, const Interface& b) {
    return a.ipv6 == b.ipv6 && a.address == b.address && a.name == b.name;
  };
  sink.interfaces_begin();
  for (const Interface& i : known.interfaces) export_interface(i, sink);
  for (const Interface& i : beginning.interfaces) {
    bool there = false;
    for (const Interface& other : known.interfaces) there = there || same(i, other);
    if (!there) export_interface(i, sink);
  }
}

void unite_names(const NameTable& beginning, const NameTable& known, bool groups,
                 RecordSink& sink) {
  known.for_each_of_host(
      [&](uint32_t id, const UserInfo& info) { export_user(id, info, groups, sink); });
  beginning.for_each_of_host([&](uint32_t id, const UserInfo& info) {
    if (known.find("", id) == nullptr) export_user(id, info, groups, sink);
  });
}

}  // namespace

void unite_states(const State& beginning, const State& known, const Machine& machine,
                  const std::function<bool(const Thread&)>& stays, RecordSink& sink) {
  sink.section();
  sink.machine({machine.cpus, machine.memory_bytes, machine.boot_ts, machine.hostname});
  unite_interfaces(beginning, known, sink);
  sink.users_begin();
  unite_names(beginning.users, known.users, false, sink);
  unite_names(beginning.groups, known.groups, true, sink);
  export_threads(beginning, sink, [](const Thread&) { return true; });
  export_threads(known, sink, [&](const Thread& thread) {
    return stays(thread) && beginning.threads.find(thread.tid) == nullptr;
  });
  sink.records_end();
}

void carry_over(const State& known, State& united) {
  united.threads.for_each([&](Thread& thread) {
    const Thread* before = known.threads.find(thread.tid);
    if (before == nullptr) return;
    thread.enter = before->enter;
    thread.enter_ts = before->enter_ts;
    thread.latency = before->latency;
    thread.last_fd = before->last_fd;
  });
  united.containers = known.containers;
  united.recent_exits = known.recent_exits;
}

}  // namespace gyr
