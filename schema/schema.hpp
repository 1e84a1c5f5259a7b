// The facts of the event format, as tables.
//
// Purpose: everything gyr knows about events, their parameters, flag names,
// system call numbers and how old events map to today's, in one place. The
// tables are generated from the .tsv files of this folder by generate.py; this
// header is their hand-written shape. Adding a system call's event is one row in
// events.tsv and its symbol in syscalls.tsv.
//
// Contract: all data is constant, lives for the whole program and is indexed
// in O(1). Event ids, parameter order and flag values are those of the scap
// format (driver schema 4.5.1), see gyr-scap(5). Events of gyr's own follow in the
// table of events; only files have other ids for them (id_from_file, id_in_file). That ids, codes
// and rows are dense, sorted and unambiguous is proven at compile time in schema.cpp.
//
// Example:
//   const schema::Event* e = schema::find_event(307);
//   e->name == "openat"; e->params[0].name == "fd";
//   schema::find_upgrade(5, 1)->sources[1];  // close with 1 parameter: its fd is {enter, 0}
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "schema_ids.hpp"  // generated: event_count, enum ParamType, type::*, syscall_count

namespace gyr::schema {

/// How an integer parameter prints (events.tsv, else the default of its type in param_types.tsv).
enum class Format : uint8_t { none, dec, hex, oct, dec_padded };

enum class Source : uint8_t { none, syscall, tracepoint, plugin, meta, iter };

enum class Category : uint8_t {
  unknown,
  other,
  file,
  net,
  ipc,
  memory,
  process,
  sleep,
  system,
  signal,
  user,
  time,
  io_read,
  io_write,
  io_other,
  wait,
  scheduler,
  internal,
};

/// Bits of Event::flags.
enum EventFlag : uint32_t {
  creates_fd = 1u << 0,
  uses_fd = 1u << 1,
  destroys_fd = 1u << 2,
  reads_fd = 1u << 3,
  writes_fd = 1u << 4,
  modifies_state = 1u << 5,
  unused = 1u << 6,             // reserved id, never emitted
  waits = 1u << 7,              // the call may block
  skip_parser_reset = 1u << 8,  // not about the thread of its header
  old_version = 1u << 9,        // superseded id, only in old files
  large_payload = 1u << 10,     // parameter lengths are 32 bits wide
};

/// One name of a flag or enumeration, with its value as stored in events.
struct FlagName {
  std::string_view name;
  uint32_t value;
};

/// The names of one flag table, in the order in which they are tried and printed. A name can be
/// listed twice, then with the same value.
struct FlagTable {
  std::string_view name;
  std::span<const FlagName> names;
};

/// One alternative of a `dyn` parameter; its index is the tag byte on disk.
struct Variant {
  ParamType type;
  Format format;
};

/// One parameter of an event; its position in Event::params is its index on disk.
struct Param {
  std::string_view name;
  ParamType type;
  Format format;
  int8_t dirfd;                       // fsrelpath: index of the directory fd parameter, else -1
  const FlagTable* flags;             // nullptr: no names
  std::span<const Variant> variants;  // dyn only
};

/// An event id: even = enter, the odd one above = exit. An unused id has the name "NA".
/// No event has more parameters.
inline constexpr uint32_t max_params = 32;

struct Event {
  std::string_view name;
  uint32_t flags;
  Source source;
  Category category;
  std::span<const Param> params;
};

/// A parameter type as it is on disk.
struct TypeInfo {
  std::string_view name;  // the format's own, lower case: "errno", "bool"
  uint8_t size;           // bytes of a fixed-size value; 0 = variable
  bool is_signed;
};

struct Syscall {
  std::string_view name;
  int16_t x86_64;   // native number, -1 = none
  int16_t aarch64;  // native number, -1 = none
  uint16_t event;   // id of its enter event; 0 = the generic one
  Category category;
};

/// Where one parameter of today's form of an event comes from.
///
/// `index` of enter and enter_or_empty counts the parameters of the enter event's today's form, so
/// remember enter events upgraded. An enter event can lack the parameter; that is as if there was
/// none. A value longer than the target's type is cut to its size, keeping the low-order bytes.
struct ParamSource {
  enum From : uint8_t {
    own,             // parameter `index` of the event itself
    enter,           // parameter `index` of the enter event remembered for the thread; absent
                     // enter event: zero value of the type
    enter_or_empty,  // the same, but empty without an enter event
    zero,            // zero bytes of the type's size (uid, gid: all ones)
    empty,           // length 0
  };
  From from;
  uint8_t index;
};

/// How an event with a given id and number of parameters reads as today's event.
///
/// The JSON text of today's container event has no source when the event is the oldest form
/// (type::container_enter): it says `empty`, and the decoder writes it from the four parameters.
struct Upgrade {
  uint16_t target;                       // today's event id
  std::span<const ParamSource> sources;  // one per parameter of the target
};

/// Events that sysdig 0.29.3 knows with fewer parameters or other types (`--compat 0.29`).
struct Compat029 {
  uint16_t event;
  uint8_t known_params;           // parameters beyond are not printed
  std::span<const Param> params;  // the parameters as 0.29.3 has them
};

extern const std::span<const Event> events;          // index: event id
extern const std::span<const TypeInfo> param_types;  // index: ParamType
extern const std::span<const FlagTable> flag_tables;
extern const std::span<const Syscall> syscalls;  // index: scap syscall code

/// nullptr when the id is beyond the table.
inline const Event* find_event(uint32_t id) { return id < events.size() ? &events[id] : nullptr; }

/// Today's form of event `id` as found with `nparams` parameters; nullptr: it already has it
/// (or the id is unknown). `nparams` beyond what the schema knows counts as the schema's number.
///
/// Every number of parameters is answered. Events that upgrades.tsv does not name (procexit_1,
/// linkat_2) are nullptr also when short: they stay as found, and the parameters they lack are
/// absent, not empty.
const Upgrade* find_upgrade(uint32_t id, uint32_t nparams);

/// Syscall by native number; nullptr when unknown.
const Syscall* syscall_by_x86_64(uint32_t number);
const Syscall* syscall_by_aarch64(uint32_t number);

/// nullptr when 0.29.3 prints the event as today's schema does.
const Compat029* find_compat_029(uint32_t id);

/// The id of an event for the id that a file has for it, and back: gyr's own are 32768 and so on in
/// files, which leaves room for what scap will have, and come behind scap's in `events`, which
/// keeps tables by id small. The ids between, which nobody knows yet, stay different from all
/// others.
constexpr uint16_t id_from_file(uint16_t id) {
  constexpr uint32_t own_count = event_count - scap_event_count;
  constexpr uint16_t distance = first_own_file_id - scap_event_count;
  if (id < scap_event_count) [[likely]]
    return id;
  if (id < event_count) return static_cast<uint16_t>(id + distance);
  const bool is_own = uint32_t{id} - first_own_file_id < own_count;
  return is_own ? static_cast<uint16_t>(id - distance) : id;
}
constexpr uint16_t id_in_file(uint16_t id) { return id_from_file(id); }  // they change places

constexpr bool is_enter(uint32_t id) { return (id & 1u) == 0; }

}  // namespace gyr::schema
