// The addresses of the machine that a case is about.
//
// Purpose: which end of a connection is the remote one (fd.rip) depends on them, and nobody wants
// to write them down.
//
// Contract: those of `interface` items, and the local ends of what the case says of sockets: the
// source of what connects or sends, the destination of what is accepted or received. There is
// always lo; without any other address, eth0 has 10.0.0.1 and fd00::1.
//
// Example:
//   - interface: {name: eth1, ipv4: 192.168.7.2}
#pragma once

#include "rules/testing/state_items.hpp"

namespace gyr::rules {

void write_interfaces(const std::vector<NamedItem>& items, const ValueEncoder& encoder,
                      RecordSink& sink);

}  // namespace gyr::rules
