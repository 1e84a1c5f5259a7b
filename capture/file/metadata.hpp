// Parsers of the metadata blocks: machine info, interfaces, users, process and fd lists.
//
// Contract: `body` is the block's body with its padding. Each entry goes to the sink as soon as it
// is read; an entry that is cut short or lies about its length gives an error whose offset counts
// from the start of the body. Extra bytes that a newer writer put into an entry are passed over.
// Layouts: gyr-scap(5), "Metadata blocks".
//
// Example:
//   if (auto done = parse_processes(body, 9, sink); !done) return fail(done.error());
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/records.hpp"

namespace gyr {

/// Behind the fields of an entry that all readers know: gyr's own follow.
inline constexpr uint32_t own_fields_marker = 0x31727967;  // "gyr1"

Result<void> parse_machine(Bytes body, RecordSink& sink);
Result<void> parse_interfaces(Bytes body, int version, RecordSink& sink);
Result<void> parse_users(Bytes body, int version, RecordSink& sink);
Result<void> parse_processes(Bytes body, int version, RecordSink& sink);
Result<void> parse_fds(Bytes body, int version, RecordSink& sink);

}  // namespace gyr
