// Text of parameter values.
//
// Purpose: "name=raw(resolved)" for every parameter type. The rules are those of sysdig, so that
// its users read on without thinking: gyr(8), "Output".
//
// Contract: `append_args` renders all parameters that are in the event and that the schema (or the
// dialect) knows, each followed by a blank. A value whose length is wrong for its type prints as
// <INVALID>. Nothing is allocated but for the growth of `to`.
//
// Example:
//   Text line;
//   append_args(line, event, state, options);   // "res=0 name=/etc/passwd "
#pragma once

#include <span>

#include "base/text.hpp"
#include "decoder/event.hpp"
#include "decoder/render/options.hpp"
#include "decoder/state.hpp"

namespace gyr {

/// What rendering one parameter may look at.
struct Rendering {
  const Event& event;
  const State& state;
  const RenderOptions& options;
  bool upgraded = false;  // the parameter is one of the event's form of today
};

void append_args(Text& to, const Event& event, const State& state, const RenderOptions& options);

/// One parameter without what stands in brackets.
void append_raw_text(Text& to, const Rendering& rendering, const schema::Param& param, Bytes raw);

/// Only what would stand in brackets ("<f>/root/x" of an fd), where there is something.
void append_resolved_or_raw(Text& to, const Rendering& rendering, const schema::Param& param,
                            Bytes raw);

/// The parameters of an event id that a dialect knows.
std::span<const schema::Param> shown_params(uint16_t id, Dialect dialect);

/// Replaces the control characters from `start` on where the options ask for it.
void mask_controls(Text& to, size_t start, const RenderOptions& options);

/// A name from the trace, with control characters replaced where the options ask for it.
void append_name(Text& to, std::string_view name, const RenderOptions& options);

}  // namespace gyr
