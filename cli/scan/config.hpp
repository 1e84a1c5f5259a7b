// gyr.yaml: what gyr scan does that is not said by a flag.
//
// Purpose: the keys of Falco's configuration that mean the same for gyr, and some of gyr's own.
//
// Contract: `read_config` reads the file named, or the first one there is of
// $XDG_CONFIG_HOME/gyr/gyr.yaml (~/.config/gyr/gyr.yaml) and /etc/gyr/gyr.yaml, and the files that
// it names; then applies settings as "key.sub=value", "list[0]=value" and "list[]=value", in order.
// What is wrong is said all at once, each with its place and a caret. Keys of Falco's that gyr has
// no use for are a warning. The keys, their defaults and documents are the table in
// config/keys.hpp, and nowhere else.
//
// Both define the static fields (filter/fields/static.hpp), which formats may name.
//
// Example:
//   auto reading = read_config(options.config_file, {"http_output.enabled=true"});
//   if (reading.errors.empty()) use(reading.config);
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/alert_style.hpp"
#include "rules/definitions.hpp"

namespace gyr {

/// What a channel's lines are.
enum class LineFormat : uint8_t { automatic, text, json };

/// An entry of `rules`: what it fits is switched on or off.
struct RuleSelection {
  bool enable = false;
  std::string rule;  // a name, in which * stands for anything
  std::string tag;

  bool operator==(const RuleSelection&) const = default;
};

/// What becomes of a key that both a file of config_files and what is before it have.
enum class MergeStrategy : uint8_t { append, override_all, add_only };

struct IncludedConfig {
  std::string path;  // of a file, or of a directory of them
  MergeStrategy strategy = MergeStrategy::append;

  bool operator==(const IncludedConfig&) const = default;
};

struct QueueConfig {
  uint64_t capacity = 0;  // alerts; 0: without bound
  uint64_t grace = 0;     // ms at the end for what is still to be delivered

  bool operator==(const QueueConfig&) const = default;
};

struct FileChannelConfig {
  bool enabled = false;
  LineFormat format = LineFormat::automatic;
  std::string filename = {};
  bool keep_alive = false;

  bool operator==(const FileChannelConfig&) const = default;
};

struct SyslogChannelConfig {
  bool enabled = false;
  LineFormat format = LineFormat::automatic;
  std::string socket = {};

  bool operator==(const SyslogChannelConfig&) const = default;
};

struct ProgramChannelConfig {
  bool enabled = false;
  LineFormat format = LineFormat::automatic;
  std::string program = {};
  bool keep_alive = false;

  bool operator==(const ProgramChannelConfig&) const = default;
};

struct HttpChannelConfig {
  bool enabled = false;
  LineFormat format = LineFormat::automatic;
  std::string url = {}, user_agent = {};
  std::map<std::string, std::string> headers = {};
  uint64_t timeout = 0, connect_timeout = 0;  // ms
  uint64_t max_retries = 0, max_consecutive_timeouts = 0;
  uint64_t retry_wait = 0;  // ms before the first retry; doubles
  bool keep_alive = false;
  bool insecure = false;
  bool echo = false;
  std::string ca_cert = {}, ca_bundle = {}, ca_path = {};
  bool mtls = false;
  std::string client_cert = {}, client_key = {};

  bool operator==(const HttpChannelConfig&) const = default;
};

struct ScanConfig {
  std::vector<IncludedConfig> config_files;
  std::vector<std::string> rules_files;
  rules::Priority priority = rules::Priority::debug;
  bool first = false;  // only the first rule that an event matches
  std::vector<RuleSelection> rules;
  bool json = false;
  rules::AlertStyle style;
  std::vector<rules::OutputAddition> append_output;
  std::map<std::string, std::string> static_fields;
  bool standard_output = true;
  QueueConfig queue;
  FileChannelConfig file;
  SyslogChannelConfig syslog;
  ProgramChannelConfig program;
  HttpChannelConfig http;

  bool operator==(const ScanConfig&) const = default;
};

/// Messages are whole: "FILE:LINE:COLUMN: error: …", the line, a caret.
struct ConfigReading {
  ScanConfig config;
  std::vector<std::string> errors, warnings;
};

/// `file`: empty for where it is usually found.
ConfigReading read_config(const std::string& file, const std::vector<std::string>& settings);

/// `name` is for messages. The files that config_files names are not read.
ConfigReading read_config_text(std::string name, std::string text,
                               const std::vector<std::string>& settings);

/// The text of gyr scan --list-config: all keys with their defaults and documents, as a file that
/// can be read again.
std::string list_config();

}  // namespace gyr
