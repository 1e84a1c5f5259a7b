// Messages to the system log, as programs write them to /dev/log: "<PRI>text".
#pragma once

#include <optional>
#include <string_view>

#include "decoder/event.hpp"

namespace gyr::filter {

struct SyslogMessage {
  uint32_t priority = 0;  // facility * 8 + severity
  std::string_view text;
};

/// What an event writes to the system log; nullopt: it does not, or not a message.
std::optional<SyslogMessage> syslog_message(const Event& event);

/// "err"
std::string_view severity_name(uint32_t priority);

}  // namespace gyr::filter
