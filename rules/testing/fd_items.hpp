// An open descriptor that a case says was there before.
//
// Contract: the kind of the descriptor is the key that names it: file, directory, pipe, ipv4, ipv6,
// unix, eventfd and so on. An ipv4 or ipv6 socket is a pair of addresses, or one address that it
// listens on. `role: server` makes the process the server's end of the pair, whose source is the
// client then.
//
// Example:
//   - fd: {fd: 3, ipv4: "10.0.0.1:4000->10.0.0.2:80", proto: tcp, role: server}
#pragma once

#include <optional>

#include "rules/testing/item_keys.hpp"

namespace gyr::rules {

struct FdItem {
  int64_t tid = -1;
  FdRecord record;
  std::string name;

  FdRecord as_record() const;
};

/// `tid` is that of the process before. Nothing: it is wrong, which was said.
std::optional<FdItem> read_fd_item(const ItemKeys& keys, int64_t tid);

}  // namespace gyr::rules
