// Text of parameters that are made of several values: addresses, tuples, lists.
//
// Contract: layouts are those of gyr-scap(5), "Composite parameters". A value whose length does not
// fit its family prints as INVALID, never reads beyond its bytes.
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "decoder/render/options.hpp"
#include "decoder/thread.hpp"

namespace gyr {

void append_sockaddr(Text& to, Bytes raw, const RenderOptions& options);
void append_socktuple(Text& to, Bytes raw, const RenderOptions& options);
/// "4:p1 5:41": fd, letter of its type, poll events in hex.
void append_fdlist(Text& to, Bytes raw, const Thread* thread);
/// "SIGINT SIGTERM"
void append_sigset(Text& to, uint32_t bits);
void append_string_list(Text& to, Bytes raw, char separator, const RenderOptions& options);
void append_descriptor_safely(Text& to, const Descriptor& descriptor, const RenderOptions& options);

}  // namespace gyr
