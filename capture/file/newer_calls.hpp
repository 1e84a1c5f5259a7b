// Makes a trace readable for sysdig 0.29 where it would crash.
//
// Purpose: a call without an event of its own is a generic event with the call's code. sysdig
// 0.29.3, which distributions still ship, looks the code up without asking whether its table has
// it, and crashes on those that came later (the threads of every program of today begin with rseq).
// Files that are written for it, gzip ones, have code 0 there, which every reader prints as an
// unknown call, and say by the number of the call on x86_64 which it was: gyr names it by that.
// Event types and parameters that came later it passes over by itself.
//
// Contract: changes whole blocks of any kind in place; sizes stay. Nothing but generic events with
// such a code changes.
//
// Example:
//   hide_newer_calls(frame);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gyr {

/// The last code that sysdig 0.29.3 has a name for (tried: open_by_handle_at).
inline constexpr uint16_t last_call_of_sysdig_0_29 = 329;

void hide_newer_calls(std::span<std::byte> blocks);

}  // namespace gyr
