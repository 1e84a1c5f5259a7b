#include "filter/fields/syslog.hpp"

#include <charconv>

#include "decoder/event_fd.hpp"
#include "decoder/paths.hpp"
#include "filter/fields/event_parts.hpp"
#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

constexpr uint32_t severities = 8;

bool writes_data(uint16_t id) {
  static const ParamIndexes data("data");
  return is_exit(id) && has_flag(id, schema::writes_fd) && data[id] >= 0;
}

std::string_view facility_name(uint32_t priority) {
  static constexpr std::string_view names[] = {
      "kern",   "user",   "mail",     "daemon", "auth",   "syslog",   "lpr",      "news",
      "uucp",   "clock",  "authpriv", "ftp",    "ntp",    "logaudit", "logalert", "cron",
      "local0", "local1", "local2",   "local3", "local4", "local5",   "local6",   "local7"};
  const uint32_t facility = priority / severities;
  return facility < std::size(names) ? names[facility] : not_available;
}

/// "<PRI>text"; the number has at most 15 digits. What comes before it is not looked at, as in
/// sysdig.
std::optional<SyslogMessage> parse(std::string_view data) {
  constexpr size_t max_digits = 15;
  const size_t end = data.substr(0, max_digits + 2).find('>');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  SyslogMessage message;
  const char* digits = data.data() + 1;
  const auto parsed = std::from_chars(digits, data.data() + end, message.priority);
  if (parsed.ec != std::errc() || parsed.ptr != data.data() + end) return std::nullopt;
  message.text = data.substr(end + 1);
  return message;
}

bool facility(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  return message && out.set_number(message->priority / severities);
}

bool facility_text(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  return message && out.set_text(facility_name(message->priority));
}

bool severity(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  return message && out.set_number(message->priority % severities);
}

bool severity_text(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  return message && out.set_text(severity_name(message->priority));
}

bool message_text(const Site& site, Extraction& out) {
  const auto message = syslog_message(site.event);
  return message && out.set_text(message->text);
}

constexpr Field rows[] = {
    {.name = "syslog.facility.str",
     .flags = only_0_29,
     .applies = writes_data,
     .extract = facility_text,
     .doc = "Part of the system that a log message is about: 'mail', 'auth', ..."},
    {.name = "syslog.facility",
     .type = ParamType::uint32,
     .flags = only_0_29,
     .applies = writes_data,
     .extract = facility,
     .doc = "The same as a number, 0 to 23."},
    {.name = "syslog.severity.str",
     .flags = only_0_29,
     .applies = writes_data,
     .extract = severity_text,
     .doc = "How serious a log message is: 'emerg', 'alert', 'crit', 'err', 'warn', 'notice', "
            "'info' or 'debug'."},
    {.name = "syslog.severity",
     .type = ParamType::uint32,
     .flags = only_0_29,
     .applies = writes_data,
     .extract = severity,
     .doc = "The same as a number, 0 (emerg) to 7 (debug)."},
    {.name = "syslog.message",
     .flags = only_0_29,
     .applies = writes_data,
     .extract = message_text,
     .doc = "Text of a log message."},
};

}  // namespace

std::optional<SyslogMessage> syslog_message(const Event& event) {
  static const ParamIndexes data("data");
  if (!writes_data(event.raw().type)) return std::nullopt;
  const Descriptor* descriptor = event_descriptor(event);
  const bool is_log =
      descriptor != nullptr && descriptor->name.view().find("/dev/log") != std::string_view::npos;
  const auto result = result_of(event);
  if (!is_log || !result || *result < 0) return std::nullopt;
  return parse(as_text(data.in(event)));
}

std::string_view severity_name(uint32_t priority) {
  static constexpr std::string_view names[] = {"emerg", "alert",  "crit", "err",
                                               "warn",  "notice", "info", "debug"};
  return names[priority % severities];
}

FieldClass syslog_fields() {
  return {"syslog", "", "Messages that programs write to the system log (/dev/log).", rows};
}

}  // namespace gyr::filter
