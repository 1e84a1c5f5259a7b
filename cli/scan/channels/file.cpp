// file_output: lines behind those that are in a file.
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "cli/scan/channels/channel.hpp"

namespace gyr {

namespace {

class FileChannel : public Channel {
 public:
  FileChannel(const FileChannelConfig& config, bool json)
      : Channel("file_output", is_json(config.format, json)), config_(config) {}

  Result<void> deliver(const ChannelAlert& alert, const Stop& stop) override {
    if (!file_) {
      // A pipe that nobody reads is an error, and not a reason to wait.
      constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
      file_ = UniqueFd(::open(config_.filename.c_str(), flags, 0666));
      if (!file_)
        return fail(fmt::format("cannot write {}: {}", config_.filename, std::strerror(errno)));
    }
    auto done = write_all(file_.get(), alert.line + '\n', stop);
    if (!done || !config_.keep_alive) file_ = UniqueFd();
    return done;
  }

 private:
  FileChannelConfig config_;
  UniqueFd file_;
};

}  // namespace

Result<ChannelPtr> make_file_channel(const FileChannelConfig& config, bool json) {
  if (config.filename.empty()) return fail("file_output.filename is empty");
  return std::make_unique<FileChannel>(config, json);
}

}  // namespace gyr
