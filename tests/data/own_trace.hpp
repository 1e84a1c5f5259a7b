// The trace in own.scap: what only gyr writes, in a story of seven events.
//
// Purpose: events of gyr's own and latencies behind events, for tests of what is made of them. It
// is written by make_traces; a unit test compares it with the file.
#pragma once

#include <string>

namespace gyr::test {

std::string own_trace_bytes();

}  // namespace gyr::test
