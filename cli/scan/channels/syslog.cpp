// syslog_output: messages to the socket that the syslog listens at.
//
// syslog(3) would do, but it says nothing when a message does not arrive.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "cli/scan/channels/channel.hpp"

namespace gyr {

namespace {

constexpr int facility_user = 1;  // RFC 3164, 4.1.1

class SyslogChannel : public Channel {
 public:
  SyslogChannel(const SyslogChannelConfig& config, bool json)
      : Channel("syslog_output", is_json(config.format, json)), path_(config.socket) {}

  /// A syslog that was started anew meanwhile has another socket: one more try is worth it.
  Result<void> deliver(const ChannelAlert& alert, const Stop& stop) override {
    const std::string message = syslog_message(alert, std::time(nullptr));
    const bool was_open = static_cast<bool>(socket_);
    auto done = send(message, stop);
    if (!done && was_open && !stop.pulled()) done = send(message, stop);
    return done;
  }

 private:
  Result<void> send(std::string_view message, const Stop& stop) {
    if (!socket_)
      if (auto opened = open(); !opened) return opened;
    // Over a stream, a message ends with a zero byte.
    const std::string text = std::string(message) + (is_stream_ ? std::string(1, '\0') : "");
    auto done = write_all(socket_.get(), text, stop);
    if (!done) socket_ = UniqueFd();
    return done;
  }

  Result<void> open() {
    int error = 0;
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      UniqueFd made(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::memcpy(address.sun_path, path_.data(), path_.size());
      if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        socket_ = std::move(made);
        is_stream_ = type == SOCK_STREAM;
        return {};
      }
      error = errno;
      if (error != EPROTOTYPE) break;
    }
    return fail(fmt::format("{}: {}", path_, std::strerror(error)));
  }

  std::string path_;
  UniqueFd socket_;
  bool is_stream_ = false;
};

}  // namespace

std::string syslog_message(const ChannelAlert& alert, int64_t time) {
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(time);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("<{}>{} {:2} {:02}:{:02}:{:02} gyr: {}",
                     facility_user * 8 + static_cast<int>(alert.priority), months[local.tm_mon],
                     local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec, alert.line);
}

Result<ChannelPtr> make_syslog_channel(const SyslogChannelConfig& config, bool json) {
  if (config.socket.empty() || config.socket.size() >= sizeof(sockaddr_un::sun_path))
    return fail("syslog_output.socket is no path of a socket");
  return std::make_unique<SyslogChannel>(config, json);
}

}  // namespace gyr
