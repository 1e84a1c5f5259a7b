// What is known about a thread and about the process it belongs to.
//
// Purpose: the records that events change and that names are looked up in.
//
// Contract: ids are those of the initial pid namespace unless they begin with v; -1 = unknown. A
// thread without a process is a placeholder: some event named its tid, nothing else is known. The
// main thread has tid == pid. Blobs (args, env, cgroups) are NUL-terminated strings back to back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ref.hpp"
#include "decoder/fd_table.hpp"
#include "decoder/shared_text.hpp"

namespace gyr {

/// Bits of Thread::flags, as stored in traces (gyr-scap(5), "Thread flags").
enum ThreadFlag : uint32_t {
  clone_files = 1u << 0,
  clone_newpid = 1u << 6,
  clone_parent = 1u << 8,
  clone_thread = 1u << 13,
  thread_inverted = 1u << 16,  // the child's event of its clone came first
  thread_pipe_source = 1u << 21,
  thread_pipe_destination = 1u << 22,
  clone_newuser = 1u << 20,
  clone_vfork = 1u << 27,
  child_in_pidns = 1u << 29,
  is_main_thread = 1u << 30,
};

struct Thread;

/// What the threads of a process share.
struct Process : RefCounted {
  int64_t pid = -1;
  std::vector<Thread*> threads;  // in no order; see Thread::process_index
  SharedText cwd;                // ends in '/'; empty = unknown
  SharedText env;
  int64_t fdlimit = -1;
  uint32_t vmsize_kb = 0, vmrss_kb = 0, vmswap_kb = 0;
  bool is_reaper = false;  // adopts orphans: init of a pid namespace or a subreaper
};

/// The enter event that a thread is in, kept for its exit event.
struct PendingEnter {
  uint16_t type = 0xFFFF;
  uint16_t nparams = 0;
  bool kept = false;        // `bytes` hold lengths and parameters
  bool used = false;        // its exit event has come
  bool upgradable = false;  // Traits::upgradable of its type
  std::vector<std::byte> bytes;
};

/// Longer command names are cut: the kernel's have at most 15 bytes.
inline constexpr size_t max_comm = 256;

struct Thread {
  // First what every event touches.
  int64_t tid = -1;
  uint64_t enter_ts = 0;  // of the enter event seen last
  uint64_t latency = 0;   // of the exit event seen last
  uint64_t version = 0;   // see ThreadTable::touch
  uint32_t slot = 0;      // of this thread among those in the table; reused when it is gone
  int64_t last_fd = -1;   // of the event seen last; see event_fd.hpp
  PendingEnter enter;
  Ref<FdTable> fds;      // shared with the threads and processes that share it
  Ref<Process> process;  // null: placeholder

  int64_t pid = -1, ptid = -1;
  int64_t sid = -1, vpgid = -1, pgid = -1, vtid = -1, vpid = -1;
  uint32_t flags = 0;
  uint32_t uid = UINT32_MAX, gid = UINT32_MAX, loginuid = UINT32_MAX;
  uint32_t tty = 0;
  bool exe_writable = false, exe_upper_layer = false, exe_lower_layer = false;
  bool exe_from_memfd = false;
  bool dead = false;
  std::string comm;  // at most 15 bytes in practice, which std::string holds without allocating
  SharedText exe, exepath, args, root, cgroups, container_id;
  uint64_t cap_inheritable = 0, cap_permitted = 0, cap_effective = 0;
  uint64_t exe_ino = 0, exe_ino_ctime = 0, exe_ino_mtime = 0;
  uint64_t pidns_init_start_ts = 0;
  uint64_t clone_ts = 0, lastexec_ts = 0;
  uint64_t pfmajor = 0, pfminor = 0;

  int64_t reaper_tid = -1;
  int64_t left_by = -1;  // the parent that exited, if another one has adopted this thread since
  int64_t made_by = -1;  // of threads beside the main one: what called clone, or the main one
  uint64_t closing_serial = 0;  // of the descriptor whose close was entered
  size_t process_index = 0;     // of this thread in process->threads

  // Tree by ptid, and the table's list from least to most recently used.
  Thread* parent = nullptr;
  Thread* first_child = nullptr;
  Thread* next_sibling = nullptr;
  Thread* prev_sibling = nullptr;
  Thread* older = nullptr;
  Thread* newer = nullptr;

  bool is_placeholder() const { return !process; }
  bool is_main() const { return tid == pid || (flags & is_main_thread) != 0; }
  bool in_pid_namespace() const {
    return (flags & child_in_pidns) != 0 || (vtid >= 0 && vtid != tid);
  }
  /// Ends in '/'. "./" when it is not known.
  std::string_view cwd() const {
    return process && !process->cwd.empty() ? process->cwd.view() : std::string_view("./");
  }
};

}  // namespace gyr
