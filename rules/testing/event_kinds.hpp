// Events by the names that cases give them.
//
// Contract: a name stands for the event of today's recorders: the exit of a system call, the one
// event of a tracepoint. "exit" is procexit. A system call without an event of its own is the
// generic one.
//
// Example:
//   find_event_kind("openat")->type == schema::type::openat_2_exit
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schema/schema.hpp"

namespace gyr::rules {

struct EventKind {
  uint16_t type = 0;
  const schema::Syscall* call = nullptr;  // of the generic event

  const schema::Event& info() const { return schema::events[type]; }
  /// -1: it has no such parameter.
  int param(std::string_view name) const;
};

std::optional<EventKind> find_event_kind(std::string_view name);
std::vector<std::string_view> event_kind_names();

/// execve and execveat; clone, fork and vfork: they say what their process is.
bool says_program(const EventKind& kind);
bool is_clone(const EventKind& kind);

}  // namespace gyr::rules
