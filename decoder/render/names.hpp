// Symbolic names: flags, errors, signals, system calls, kinds of descriptors.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/text.hpp"
#include "decoder/descriptor.hpp"
#include "decoder/event.hpp"
#include "decoder/render/options.hpp"
#include "schema/schema.hpp"

namespace gyr {

/// The kernel's name of an error number > 0; empty when it has none.
std::string_view errno_name(uint64_t number);
/// "SIGTERM" for 15; empty outside 1..31.
std::string_view signal_name(uint32_t number);

/// Names of the bits of a value, joined with '|', in the order of the table. A name matches when
/// all of its bits are left; a name for zero matches only a value of zero.
void append_flags(Text& to, const schema::FlagTable& table, uint32_t value);
/// The same, but the walk ends at the first name that equals the whole value.
void append_mode(Text& to, const schema::FlagTable& table, uint32_t value);
/// Every name that equals the value, joined with '|'.
void append_enum(Text& to, const schema::FlagTable& table, uint32_t value);

/// "file", "ipv4", "unix": fd.type. Empty for kinds without a name.
std::string_view type_name(FdType type);
/// The letter that stands for a kind of descriptor, 'f' for a file.
char type_letter(FdType type);
/// 't', 'u', 'i' or 'r' for TCP, UDP, ICMP and raw sockets; 0: none of them, or not decided as long
/// as the socket is neither client nor server.
char protocol_letter(const Descriptor& descriptor);
/// "<4t>10.0.0.1:80->10.0.0.2:4321"
void append_descriptor(Text& to, const Descriptor& descriptor);

/// The system call that a generic event is about; nullptr: not a generic event, or none known.
const schema::Syscall* generic_call(const Event& event);

/// The name that an event prints under: that of its system call for the generic event.
std::string_view event_name(const Event& event);
/// The same in a dialect: sysdig 0.29 has some system calls under another name.
std::string_view event_name(const Event& event, Dialect dialect);

}  // namespace gyr
