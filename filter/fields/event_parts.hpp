// The fields of class "evt" that are about system calls, by subject: each list has a file of its
// own (event_time.cpp, ...). And what several of them need.
#pragma once

#include <optional>

#include "filter/fields/field.hpp"

namespace gyr::filter {

std::span<const Field> event_time_fields();    // latencies, intervals
std::span<const Field> event_type_fields();    // what kind of event it is
std::span<const Field> event_args_fields();    // its parameters
std::span<const Field> event_result_fields();  // how the call ended, how much data it moved
std::span<const Field> event_count_fields();   // ones to be summed up
std::span<const Field> event_file_fields();    // paths, modes of opening

/// Whether events of this id have a result: a parameter "res", or the descriptor that a call made.
bool has_result(uint16_t id);
/// The index of that parameter; -1: there is none.
int result_index(uint16_t id);
/// The result of the call; negative: the number of an error. nullopt: there is none.
std::optional<int64_t> result_of(const Event& event);
/// Nanoseconds between a call's enter and exit event; nullopt: the event has nothing of the kind.
std::optional<uint64_t> latency_of(const Event& event);

/// The index of a parameter of an event id by its name; -1: there is none.
int find_param(uint16_t id, std::string_view name);

/// `find_param` of one name for all event ids.
class ParamIndexes {
 public:
  explicit ParamIndexes(std::string_view name);
  int operator[](uint16_t id) const { return indexes_[id]; }
  /// The bytes of the parameter; empty: the event has none.
  Bytes in(const Event& event) const {
    const int index = indexes_[event.raw().type];
    const auto i = static_cast<uint32_t>(index);
    return index >= 0 && i < event.nparams() ? event.param(i) : Bytes();
  }

 private:
  std::array<int8_t, schema::event_count> indexes_;
};

inline bool has_flag(uint16_t id, uint32_t flag) { return (schema::events[id].flags & flag) != 0; }
inline bool is_exit(uint16_t id) { return !schema::is_enter(id); }

}  // namespace gyr::filter
