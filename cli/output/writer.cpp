#include "cli/output/writer.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gyr {

void Writer::flush() {
  std::string_view rest = buffer_.view();
  while (ok_ && !rest.empty()) {
    const ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n >= 0) {
      rest.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      ok_ = false;
      if (errno != EPIPE) failure_ = std::strerror(errno);
    }
  }
  buffer_.clear();
}

}  // namespace gyr
