// One field of the filter language and of output formats: a row of a table.
//
// Purpose: everything that is known about a field stands in its row: name, type, what it may be
// used for, what it depends on, what it says, how to get it. The parser, the compiler, formats,
// the listings of -l and the manual are made from the rows.
//
// Contract: an extractor gives false when there is no value (NULL); it never allocates once its
// buffers have grown, and never fails. It may be called for every type of event, also when
// `applies` says that there is nothing to find. It sees the state after the event.
//
// To add a field: a row in the table of its class (event.cpp, process.cpp, ...) and its extractor.
//
// Example:
//   bool name(const Site& site, Extraction& out) {
//     return site.thread() != nullptr && out.set_text(site.thread()->comm);
//   }
//   {.name = "proc.name", .type = ParamType::charbuf, .depends = Depends::thread,
//    .extract = name, .doc = "Name of the process, as the kernel has it (15 characters)."},
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "decoder/event.hpp"
#include "decoder/render/options.hpp"
#include "decoder/state.hpp"
#include "filter/fields/value.hpp"
#include "schema/schema.hpp"

namespace gyr::filter {

/// -t: what evt.outputtime and the time column show.
enum class TimeMode : char {
  clock = 'h',
  absolute = 'a',
  relative = 'r',
  latency = 'd',
  delta = 'D'
};

/// What does not change while a trace is read.
struct Settings {
  RenderOptions render;
  TimeMode time = TimeMode::clock;
  bool resolve_ports = false;  // -R: service names instead of port numbers
  /// Where sysdig 0.29 and today's libraries give a field different values: those of today's, for
  /// which Falco rules are written.
  bool as_falco = false;
};

/// Where in the stream an event stands.
struct Stream {
  uint64_t first_ts = 0;     // of the first event
  uint64_t previous_ts = 0;  // of the event that was printed before; 0 = none
};

/// The argument of a field, looked at once when the filter is compiled.
struct Argument {
  bool given = false;
  bool dotted = false;  // "evt.arg.flags" rather than "evt.arg[flags]"
  std::string text;
  std::optional<uint64_t> index;  // when the text is a decimal number
  /// For `prepare` to keep what it found: parameter indexes per event type, event ids, ...
  std::vector<int32_t> table;
  /// For `prepare`, where the type of the field depends on the argument; none = that of the row.
  schema::ParamType type = schema::ParamType::none;
  /// Where values are of several kinds: a type of each, `type` being the first. Output shows all of
  /// them; a filter compares with one kind at a time (Source::choose), and `chosen` says so.
  std::vector<schema::ParamType> alternatives;
  bool chosen = false;
};

/// What a field remembers from one extraction to the next (evt.deltatime, util.cnt, ...); one per
/// place in a filter or format where the field stands.
using Memory = std::vector<uint64_t>;

/// All that an extractor may look at.
struct Site {
  const Event& event;
  const State& state;
  const Settings& settings;
  const Stream& stream;
  const Argument& argument;
  Memory& memory;

  const Thread* thread() const { return event.thread(); }
};

using Extract = bool (*)(const Site& site, Extraction& out);

/// What must change before a field can have another value: a check that depends on the thread only
/// is done once per thread until Thread::version changes; `tree`: until State::tree_version does.
/// `type`: the value follows from the event's type alone; `nothing`: it is a constant.
enum class Depends : uint8_t { nothing, type, thread, tree, event };

/// Of what is made of two values.
constexpr Depends combined(Depends a, Depends b) {
  if (a == b || b == Depends::nothing) return a;
  if (a == Depends::nothing) return b;
  const bool threads = a >= Depends::thread && b >= Depends::thread;
  return threads && a <= Depends::tree && b <= Depends::tree ? Depends::tree : Depends::event;
}

enum FieldFlag : uint32_t {
  is_list = 1u << 0,      // several values at once: only in, intersects, exists
  filter_only = 1u << 1,  // not in output
  print_only = 1u << 2,   // not in filters
  arg_allowed = 1u << 3,  // field[arg]
  arg_required = 1u << 4,
  arg_dotted = 1u << 5,    // field.arg is the same
  arg_is_index = 1u << 6,  // the argument is a decimal number
  no_transformer = 1u << 7,
  no_rhs = 1u << 8,  // not on either side of a comparison of two fields
  hidden = 1u << 9,  // left out of listings
  deprecated = 1u << 10,
  candidates = 1u << 11,    // without argument several candidate values: a comparison holds if one
                            // of them satisfies it
  ne_needs_all = 1u << 12,  // of those: != holds if all of them differ
  stateful = 1u << 13,      // uses `memory`: extracting twice is not the same as once
  only_0_29 = 1u << 14,     // of sysdig 0.29, gone in today's libraries
  masked = 1u << 16,        // the extractor renders for output: it has replaced the control
                            // characters of names itself, and buffers may show their line ends
  resolves_names = 1u << 17,  // the value is an address (ipaddr), constants are names of hosts,
                              // which the compiler replaces by their addresses (host_names.hpp); =
                              // and in hold for one of them, != for none. `print` gives a name
  of_stream = 1u << 18,   // the value depends on which events came before, whatever is done with
                          // them: not to be asked where only some events are looked at
  of_program = 1u << 19,  // live, a thread has one value from when it is made or begins a program
                          // to the next time that it begins one (on_clone, on_execve): no other
                          // handler, and no other thread, changes what the value is made of. The
                          // live host tells nothing of containers but the cgroups of such events
  within = 1u << 15,      // the value is a distance: only `=` is allowed, and it means `<=`
                          // (evt.around[T]=D: no more than D milliseconds from T)
};

struct Field {
  std::string_view name;
  schema::ParamType type = schema::ParamType::charbuf;
  schema::Format format = schema::Format::dec;
  uint32_t flags = 0;
  Depends depends = Depends::event;
  /// Whether an event of this id can have a value; nullptr: all can.
  bool (*applies)(uint16_t id) = nullptr;
  /// The same where it depends on the argument, which has been prepared (evt.arg.flags).
  bool (*applies_arg)(const Argument& argument, uint16_t id) = nullptr;
  /// Whether any parameter of an old call's enter event can be asked for at its exit event
  /// (Decoder::keep_enter_events).
  bool needs_enter = false;
  /// Looks at the argument when a filter is compiled; nullptr: nothing but what the flags say.
  Result<void> (*prepare)(Argument& argument) = nullptr;
  /// Whether a constant can be meant that the whole value is compared with; nullptr: any can.
  Result<void> (*check_constant)(std::string_view constant) = nullptr;
  Extract extract = nullptr;
  /// Where output shows something else than comparisons see: a text, but a number where the type is
  /// an integer; nullptr: the same.
  Extract print = nullptr;
  /// JSON shows an unsigned number where text output shows a text (evt.time); nullptr: the same.
  Extract json = nullptr;
  /// One or two sentences, for -l and the manual.
  std::string_view doc = {};
};

/// A group of fields in the listings.
struct FieldClass {
  std::string_view name;
  std::string_view summary;  // may be empty
  std::string_view description;
  std::span<const Field> fields;
};

}  // namespace gyr::filter
