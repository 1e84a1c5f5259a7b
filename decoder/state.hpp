// All that is known about the machine at a point of the trace.
//
// Purpose: threads and processes with their descriptors, users and groups, interfaces. Filled from
// a source's records, then kept up to date by the handlers, which alone change it.
//
// Contract: outside decoder/ everything takes `const State&`. Bounded: ThreadTable and FdTable have
// limits and count what they drop; users, containers and interfaces are capped by number.
//
// Example:
//   const Thread* t = state.threads.find(tid);
//   state.users.name("", 1000);   // "alice", or empty
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "capture/records.hpp"
#include "decoder/container_table.hpp"
#include "decoder/thread_table.hpp"

namespace gyr {

/// What is known of a user; of a group, its name.
struct UserInfo {
  uint32_t gid = UINT32_MAX;
  std::string name = {}, home = {}, shell = {};
};

/// Users or groups by id, per container ("" = the host). Texts longer than max_name are cut.
class NameTable {
 public:
  static constexpr size_t max_names = 1u << 18;
  static constexpr size_t max_name = 256;

  void set(std::string_view container, uint32_t id, std::string_view name) {
    set(container, id, UserInfo{.name = std::string(name.substr(0, max_name))});
  }
  void set(std::string_view container, uint32_t id, UserInfo info);
  void remove(std::string_view container, uint32_t id);
  void clear() { users_.clear(); }
  /// nullptr when unknown.
  const UserInfo* find(std::string_view container, uint32_t id) const;
  /// Empty when unknown; id 0 is always root.
  std::string_view name(std::string_view container, uint32_t id) const;
  size_t size() const { return users_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  std::unordered_map<std::string, UserInfo, Hash, std::equal_to<>> users_;  // by id and container
};

struct Interface {
  bool ipv6 = false;
  IpAddress address{}, netmask{};
  std::string name;
};

struct Machine {
  uint32_t cpus = 0;
  uint64_t memory_bytes = 0;
  uint64_t boot_ts = 0;
  std::string hostname;
};

/// Exits of the last seconds: a clone event that comes late must not bring the child back.
class RecentExits {
 public:
  void add(int64_t ptid, int64_t tid, uint64_t ts);
  bool contains(int64_t ptid, int64_t tid, uint64_t now) const;
  void clear() { exits_.clear(); }

 private:
  static constexpr size_t capacity = 8192;
  struct Exit {
    int64_t ptid;
    uint64_t ts;
  };
  std::unordered_map<int64_t, Exit> exits_;  // by tid, the newest only
  std::vector<int64_t> order_;               // ring of tids
  size_t next_ = 0;
};

struct State {
  explicit State(size_t thread_limit = ThreadTable::default_limit) : threads(thread_limit) {}

  ThreadTable threads;
  NameTable users, groups;
  ContainerTable containers;
  std::vector<Interface> interfaces;
  Machine machine;
  RecentExits recent_exits;
  std::set<uint16_t> server_ports;  // bound when the source started
  uint64_t sections = 0;            // times that all was dropped for a new section
  uint64_t unknown_fd_lists = 0;    // fd records of threads that no process list names

  void clear();

  /// The process of a pid: that of its main thread. Made when there is none yet.
  Ref<Process> process_of(int64_t pid);
  /// Puts a thread into the process of its pid, sharing the descriptors of the others there.
  void join_process(Thread& thread);
  /// Links a thread under the thread with its ptid, if that is known.
  void link_parent(Thread& thread);
};

}  // namespace gyr
