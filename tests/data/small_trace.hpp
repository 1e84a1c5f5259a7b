// The trace in small.scap: a shell runs `cat /etc/passwd | grep root`, then `curl` asks a server.
//
// Purpose: a believable trace, small enough to read, that needs no other file. It is written by
// make_traces; a unit test compares it with the file.
#pragma once

#include <string>

namespace gyr::test {

std::string small_trace_bytes();

}  // namespace gyr::test
