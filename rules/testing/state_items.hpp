// What a case says was there before its first event: processes, descriptors, users.
//
// Purpose: the records that a recorder would have written, from a few words: what is left out is
// what it usually is.
//
// Contract: `write_state` gives all records of a section to the sink, which has to fill `state`
// (for the names in what comes later). What is wrong goes to the findings. A process whose parent
// is 1 has systemd as its parent unless the case has a process 1.
//
// Example:
//   - process: {tid: 100, comm: nginx, exe: /usr/sbin/nginx, parent: 1, uid: www-data}
//   - fd: {tid: 100, fd: 3, ipv4: "10.0.0.1:4000->10.0.0.2:80", proto: tcp}
//   - user: {uid: 33, name: www-data}
#pragma once

#include <vector>

#include "rules/testing/values.hpp"

namespace gyr::rules {

/// An item of a list of events that says what was there before.
bool is_state_item(std::string_view name);
std::vector<std::string_view> state_item_names();

struct NamedItem {
  std::string_view name;  // "process"
  Place place;
  const YamlNode* value;
};

void write_state(const std::vector<NamedItem>& items, uint64_t ts, const State& state,
                 RecordSink& sink, Findings& findings);

/// The error that a key is none of those an item has.
std::string unknown_key(std::string_view item, std::string_view key,
                        const std::vector<std::string_view>& known);
/// "nginx" of "/usr/sbin/nginx", as long as the kernel keeps it.
std::string command_name(std::string_view path);

}  // namespace gyr::rules
