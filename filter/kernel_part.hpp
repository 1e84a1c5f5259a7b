// What of a filter the probe can decide in the kernel.
//
// Purpose: an event that is rejected there costs neither a record nor a wake-up. The probe lets an
// event pass if its type or call is wanted and the conditions on the calling task hold, or if it
// changes the state; the whole filter is asked again of what passes.
//
// Contract: for a tree that compiles. The kernel part only ever lets too much through: what it
// rejects the filter would not match, as long as the state has missed nothing (where it has,
// because events were lost, the kernel knows better). A filter with a field that depends on which
// events came before (evt.num, evt.deltatime, util.cnt) has no kernel part: everything passes.
//
// A condition is a term of the filter's outermost `and`, negated or not: a comparison by =, != or
// `in` with constants, or an `or` of such on one field. What holds for which field:
//   thread.tid   =, !=: the tid in the event's header.
//   proc.pid     =, !=: never changes but for an execve of a thread, whose event is already that of
//                the process.
//   proc.name    =, !=: the name of the thread (not of its main thread) when it was made, began its
//                program, or was found in /proc. The state does not follow prctl(PR_SET_NAME) and
//                cannot see a write to /proc/PID/comm, so the probe compares the name before: see
//                `struct task_facts`. A thread without a name has its first word in the state, so
//                it passes. Names of more than 15 bytes are nobody's.
//   proc.ppid    = only: tid of the thread that forked, or the process id that /proc tells, so both
//                are compared; after the parent's exit that of the reaper, which the state can
//                know earlier than the kernel does it (such tasks pass) and, in a reaper with
//                threads, as another of them (so nothing with !=). 0 may be "not known".
//   user.uid     = only: the effective id, after execve and setuid as these report it. In user
//                namespaces other than the initial one these report ids of the inner one (such
//                tasks pass). setreuid(.., -1) leaves 4294967295 in the state, so nothing with !=
//                and nothing that asks for that id.
// Threads that are not known have no values, and then `not proc.pid=5` holds, while proc.pid!=5
// does not. That can only be outside of calls, for threads of the kernel; these pass what is
// negated. Names that ask for placeholders (<NA>) are left to the reader.
//
// Other terms of the outermost `and` that only use fields which are `of_program` (field.hpp) are
// settled when a thread is made or begins a program: container.id, thread.cgroup, proc.cmdline and
// the like, with any operators, negated or in an `or`. The kernel cannot judge them: the state has
// the control groups of that moment, for example, and the kernel those of now. So the reader does,
// and marks threads for which one of them does not hold; calls of a marked thread are rejected
// until it begins the next program (probe/marks.h, filter/thread_marks.hpp). The first events of
// each program come to the reader for that.
//
// Nothing else is taken over. Ancestors and their names: the kernel would have to know the names
// they had. user.name: a table of the reader's. Session and the like: equal, but not worth it.
//
// Example:
//   auto tree = parse_filter("evt.type=openat and proc.pid=5");
//   KernelPart part = kernel_part(**tree, filter.types());
//   part.conditions;   // {pid, {5}}
//   part.in_kernel;    // {"evt.type = openat", "proc.pid = 5"}
#pragma once

#include <string>
#include <vector>

#include "filter/ast.hpp"
#include "filter/program.hpp"

namespace gyr::filter {

struct TaskCondition {
  enum class Kind : uint8_t { pid, tid, parent_pid, uid, name };

  Kind kind = Kind::pid;
  bool negated = false;                // none of the values; else one of them
  std::vector<uint32_t> numbers = {};  // in order
  std::vector<std::string> names = {};

  bool operator==(const TaskCondition&) const = default;
};

struct KernelPart {
  EventTypes types;         // of events that the filter can match
  std::vector<bool> calls;  // by code (index into schema::syscalls): whether the event of this
                            // call's end, be it of its own or the generic one, can match
  std::vector<TaskCondition> conditions;  // all must hold; at most one of each kind
  std::vector<std::string> in_kernel;     // the terms of the filter that are decided there
  std::vector<std::string> by_marks;      // those that the reader marks threads by; they parse
  std::vector<std::string> not_in_kernel;
};

/// `types`: those of the compiled filter.
KernelPart kernel_part(const Node& tree, const EventTypes& types);

}  // namespace gyr::filter
