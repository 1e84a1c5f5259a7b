// The trace in dns.scap: a program that looks names up and connects.
//
// Purpose: DNS answers, whole, damaged and over TCP, and the connections that follow them, for
// tests of what names them. It is written by make_traces; a unit test compares it with the file.
#pragma once

#include <string>

namespace gyr::test {

std::string dns_trace_bytes();

}  // namespace gyr::test
