// What the decoder's frame needs to know about an event id, worked out once from the schema.
#pragma once

#include <bitset>
#include <cstdint>

#include "schema/schema.hpp"

namespace gyr {

struct Change;
using Handler = void (*)(const Change&);

struct Traits {
  const schema::Event* info = nullptr;
  Handler handler = nullptr;  // of the id itself, where it is a form of today
  bool known = false;         // not a reserved id
  bool has_thread = false;    // the header's tid names the thread it is about
  bool makes_thread = false;  // an unknown tid gets a placeholder
  bool is_enter = false;      // of a system call
  bool is_exit = false;       // of a system call
  bool handled = false;       // some form of it changes the state
  bool new_version = false;   // some form of it changes what threads or processes are
  bool upgradable = false;    // some form of it has another id today
  bool needs_thread = false;  // its handler cannot do without one
  bool keep_enter = false;    // its exit event may need its parameters, or be asked for a path
  bool moves_thread = false;  // its handler may make or replace the event's thread
  bool interrupts = false;    // happens to the thread between calls (signaldeliver)
  bool leads = false;         // at the start of a section, part of its records
  int8_t fd_index = -1;       // enter events: the parameter with the fd it works on
  uint8_t nparams = 0;        // that the schema knows
};

/// One per event id of the schema.
const Traits* event_traits();

/// The types without which the state would not be what it is, and reserved ones, which are counted
/// as unknown.
std::bitset<schema::event_count> state_event_types();

}  // namespace gyr
