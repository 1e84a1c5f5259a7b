#include "cli/scan/channels/stop.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

namespace gyr {

Stop::Stop() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Stop::pull() {
  pulled_ = true;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof one);
}

bool Stop::wait(uint64_t ms) const {
  pollfd waited{fd_.get(), POLLIN, 0};
  ::poll(&waited, 1, static_cast<int>(std::min<uint64_t>(ms, INT_MAX)));
  return !pulled_;
}

bool Stop::wait_writable(int fd) const {
  pollfd waited[] = {{fd_.get(), POLLIN, 0}, {fd, POLLOUT, 0}};
  while (::poll(waited, 2, -1) < 0 && errno == EINTR) continue;
  return !pulled_;
}

Result<void> write_all(int fd, std::string_view text, const Stop& stop) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      if (!stop.wait_writable(fd)) return fail(out_of_time);
    } else if (errno != EINTR) {
      return fail(std::strerror(errno));
    }
  }
  return {};
}

}  // namespace gyr
