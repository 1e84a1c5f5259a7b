// One filter: what `gyr FILTER` and a chisel's filter are.
//
// Contract: as Program. An Error's offset is a byte of the text; `explain` (parser.hpp) shows it.
//
// Example:
//   auto filter = Filter::compile("evt.type=openat and proc.name=cc1");
//   if (filter->matches({event, state, settings, stream})) print(event);
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "filter/program.hpp"

namespace gyr::filter {

class Filter {
 public:
  static Result<Filter> compile(std::string_view text);

  bool matches(const Moment& moment) {
    program_->begin(moment);
    return program_->matches(id_);
  }

  /// For an event that it does not match: whether it matches none of the thread's, until the thread
  /// changes.
  bool rejects_thread(const Moment& moment) {
    if (!thread_part_ || moment.event.thread() == nullptr) return false;
    program_->begin(moment);
    return !program_->holds(*thread_part_);
  }
  /// Whether that can be.
  bool looks_at_thread() const { return thread_part_.has_value(); }

  /// Types of events that it can match.
  const EventTypes& types() const { return program_->types(id_); }
  /// Those, and the enter events of calls whose exit events are among them: without, an exit event
  /// knows neither its latency nor, in old traces, its descriptor.
  EventTypes types_to_decode() const;
  bool needs_enter() const { return program_->needs_enter(id_); }
  std::string describe() const { return program_->describe(id_); }

 private:
  std::unique_ptr<Program> program_ = std::make_unique<Program>();
  Program::Id id_ = 0;
  std::optional<uint32_t> thread_part_;
};

}  // namespace gyr::filter
