// Text of data buffers.
//
// Contract: `limit` (0 = none) counts characters of output in dots mode only; the other modes show
// all of what was captured. hex modes begin each row of 16 bytes with a newline and a tab, and end
// with a newline. No bytes have no text in any mode.
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "decoder/render/options.hpp"

namespace gyr {

void append_buffer(Text& to, Bytes bytes, BufferMode mode, size_t limit);

/// Printable ASCII as it is, every other byte as '.'.
void append_dots(Text& to, Bytes bytes);

}  // namespace gyr
