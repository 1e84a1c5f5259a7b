// Names of hosts and of services, from the system's resolver.
//
// Purpose: fd.sip.name=example.com compares addresses: those that the name has when the filter is
// compiled. Output shows a name for an address only if a filter asked for that name. Ports have
// names with -R.
//
// Contract: `resolve_host` asks the network and may take seconds; only when filters are compiled,
// and once for each name.
// `host_name` and `service_name` are empty when there is none; what they give lives as long as the
// program, and asking again costs a look-up. May be called from any thread.
//
// Example:
//   for (const std::string& address : resolve_host("localhost")) ...   // 4 or 16 bytes each
//   host_name({"\x7f\0\0\1", 4});                                       // "localhost", from now on
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capture/records.hpp"

namespace gyr::filter {

/// The addresses of a host; none when the name is not known.
std::vector<std::string> resolve_host(const std::string& name);
std::string_view host_name(std::string_view address);
/// The service at a port (host order); with another protocol than TCP or UDP, of either.
std::string_view service_name(uint16_t port, L4Protocol protocol);

}  // namespace gyr::filter
