// Where alerts are delivered to, besides the output of gyr scan itself.
//
// Contract: a channel is used by one thread, its delivery's. `deliver` takes as long as it needs,
// retries included, but returns at once when `stop` is pulled; an error is the reason why the alert
// did not arrive, fit to print behind the name. `close` comes after the last alert.
//
// Example:
//   auto channel = make_file_channel(config.file, false);
//   if (auto done = (*channel)->deliver({line, priority}, stop); !done) count(done.error());
#pragma once

#include <memory>
#include <string>

#include "cli/scan/channels/stop.hpp"
#include "cli/scan/config.hpp"

namespace gyr {

struct ChannelAlert {
  std::string line;  // Falco's text or JSON, without an end of line
  rules::Priority priority = rules::Priority::debug;
};

class Channel {
 public:
  /// `json`: what its lines are to be.
  Channel(std::string name, bool json) : name_(std::move(name)), json_(json) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  virtual Result<void> deliver(const ChannelAlert& alert, const Stop& stop) = 0;
  virtual Result<void> close(const Stop&) { return {}; }

  const std::string& name() const { return name_; }  // of its group of keys
  bool json() const { return json_; }

 private:
  std::string name_;
  bool json_;
};

using ChannelPtr = std::unique_ptr<Channel>;

/// One per file. `json`: what `automatic` stands for.
Result<ChannelPtr> make_file_channel(const FileChannelConfig& config, bool json);
Result<ChannelPtr> make_syslog_channel(const SyslogChannelConfig& config, bool json);
Result<ChannelPtr> make_program_channel(const ProgramChannelConfig& config, bool json);
Result<ChannelPtr> make_http_channel(const HttpChannelConfig& config, bool json);

inline bool is_json(LineFormat format, bool automatic) {
  return format == LineFormat::automatic ? automatic : format == LineFormat::json;
}

/// "<14>gyr: …": facility user, severity as syslog counts it.
std::string syslog_message(const ChannelAlert& alert, int64_t time);

}  // namespace gyr
