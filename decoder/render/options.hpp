// How values turn into text.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gyr {

/// Data buffers (-A, -x, -X, -b).
enum class BufferMode : uint8_t { dots, ascii, hex, hex_ascii, base64 };

/// Whose lines to print. `sysdig_0_29` leaves out what that version does not know.
enum class Dialect : uint8_t { today, sysdig_0_29 };

struct RenderOptions {
  BufferMode buffers = BufferMode::dots;
  /// Buffers in dots mode are cut to this many characters, the last three being "..."; 0 = not.
  size_t buffer_limit = 80;
  Dialect dialect = Dialect::today;
  bool user_names = true;  // of users and groups, behind their numbers
  /// Control characters in names print as '.', so that a trace cannot drive the terminal.
  bool safe_for_terminal = false;
};

}  // namespace gyr
