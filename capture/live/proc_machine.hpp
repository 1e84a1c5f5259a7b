// Machine, network interfaces, users and groups of the host.
//
// Contract: with a `root` ("" = the machine's) all but the interfaces come from the files below it.
// What cannot be read is left at its "not known" value.
//
// Example:
//   read_interfaces(sink);
//   read_users(root, sink);
#pragma once

#include <string>

#include "capture/records.hpp"

namespace gyr {

/// When the machine was started, ns since the epoch, from /proc/stat: whole seconds; 0 = unknown.
uint64_t read_boot_ts(const std::string& root);

void read_machine(const std::string& root, uint64_t boot_ts, RecordSink& sink);

/// Of the network namespace that this process is in; IPv4 ones first.
void read_interfaces(RecordSink& sink);

void read_users(const std::string& root, RecordSink& sink);

}  // namespace gyr
