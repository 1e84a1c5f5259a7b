#include "cli/kernel_filter.hpp"

#include <fmt/format.h>

#include "decoder/traits.hpp"
#include "filter/kernel_part.hpp"
#include "filter/parser.hpp"
#include "filter/probe_conditions.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

/// Whose end is an event of these types, be it of its own or the generic one.
CallSet calls_of(const filter::EventTypes& types) {
  CallSet calls;
  for (size_t code = 0; code < schema::syscalls.size(); ++code) {
    const uint16_t own = schema::syscalls[code].event;
    calls[code] = types[own != 0 ? own + 1u : type::generic_exit];
  }
  return calls;
}

CallSet set_of(const std::vector<bool>& calls) {
  CallSet set;
  for (size_t code = 0; code < calls.size(); ++code) set[code] = calls[code];
  return set;
}

/// The state takes figures from switches too, but only of the thread itself, and nobody asks for
/// switches in order to have these a little earlier.
void choose_tracepoints(const filter::EventTypes& types, ProbeOptions& probe) {
  probe.switches &= types[type::schedswitch_6_enter];
  probe.page_faults &= types[type::page_fault_enter];
  probe.signals &= types[type::signaldeliver_enter];
  probe.io_uring &= types[type::io_uring_request_enter] || types[type::io_uring_request_exit];
}

void say(const filter::KernelPart& part) {
  if (!part.in_kernel.empty())
    fmt::print(stderr, "gyr: in the kernel: {}\n", fmt::join(part.in_kernel, ", "));
  if (!part.not_in_kernel.empty())
    fmt::print(stderr, "gyr: not in the kernel but by gyr: {}\n",
               fmt::join(part.not_in_kernel, ", "));
  if (!part.by_marks.empty())
    fmt::print(stderr, "gyr: by gyr for the first events of each program, then in the kernel: {}\n",
               fmt::join(part.by_marks, ", "));
}

std::optional<filter::Filter> all_of(const std::vector<std::string>& terms) {
  if (terms.empty()) return std::nullopt;
  auto compiled = filter::Filter::compile(fmt::format("{}", fmt::join(terms, " and ")));
  return compiled ? std::optional(std::move(*compiled)) : std::nullopt;
}

}  // namespace

std::optional<filter::Filter> use_kernel_filter(const Session& session, ProbeOptions& probe) {
  const Options& options = session.options;
  if (session.observer && !session.recorder) {
    probe.calls = calls_of(session.observer->types);
    probe.state_calls = calls_of(state_event_types());
    choose_tracepoints(session.observer->types, probe);
    return std::nullopt;
  }
  const bool writes_all = session.recorder && options.filter_display;
  if (!session.filter || writes_all) return std::nullopt;
  const auto tree = filter::parse_filter(filter_text(options));
  if (!tree) return std::nullopt;  // it compiled, so it parses
  const filter::KernelPart part = filter::kernel_part(**tree, session.filter->types());
  probe.calls = set_of(part.calls);
  probe.state_calls = calls_of(state_event_types());
  if (!part.conditions.empty()) probe.conditions = filter::probe_conditions(part.conditions);
  choose_tracepoints(part.types, probe);
  if (options.verbose) say(part);
  auto marked_by = all_of(part.by_marks);
  probe.marks = marked_by.has_value();
  return marked_by;
}

}  // namespace gyr
