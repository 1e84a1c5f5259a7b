#include "capture/live/proc_files.hpp"

#include <dirent.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/bytes.hpp"

namespace gyr {

namespace {

/// A name that is a number as the kernel writes it.
std::optional<int64_t> number_of(std::string_view name) {
  if (name.empty() || name.front() < '0' || name.front() > '9') return std::nullopt;
  int64_t value = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

UniqueFd open_directory(int at, const char* path) {
  return UniqueFd(openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool list_numbers(int directory, std::vector<int64_t>& out) {
  out.clear();
  alignas(dirent64) char entries[16 * 1024];
  while (true) {
    const ssize_t got = getdents64(directory, entries, sizeof entries);
    if (got <= 0) return got == 0;
    for (ssize_t at = 0; at < got;) {
      const char* entry = entries + at;
      const char* name = entry + offsetof(dirent64, d_name);
      if (const auto number = number_of(name)) out.push_back(*number);
      at +=
          load<uint16_t>(reinterpret_cast<const std::byte*>(entry) + offsetof(dirent64, d_reclen));
    }
  }
}

ShortPath::ShortPath(std::string_view before, int64_t number, std::string_view after) {
  constexpr size_t longest_number = 20;
  before = before.substr(0, (sizeof text_ - longest_number) / 2);
  after = after.substr(0, (sizeof text_ - longest_number) / 2 - 1);
  char* to = std::copy(before.begin(), before.end(), text_);
  to = std::to_chars(to, to + longest_number, number).ptr;
  to = std::copy(after.begin(), after.end(), to);
  *to = '\0';
}

// A pipe or a terminal in the place of a file must not stop the scan.
UniqueFd ProcFiles::open(int at, const char* path) {
  return UniqueFd(openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

size_t ProcFiles::read_some(int fd, char* to, size_t room) {
  while (true) {
    const ssize_t got = ::read(fd, to, room);
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return 0;
  }
}

std::optional<std::string_view> ProcFiles::read(int at, const char* path, size_t limit) {
  const UniqueFd fd = open(at, path);
  if (!fd) return std::nullopt;
  errno = 0;
  const size_t size = read_some(fd.get(), buffer_.get(), std::min(limit, capacity));
  if (size == 0 && errno != 0) return std::nullopt;
  return std::string_view(buffer_.get(), size);
}

std::optional<std::string_view> ProcFiles::link(int at, const char* path) {
  const ssize_t size = readlinkat(at, path, buffer_.get(), capacity);
  if (size < 0) return std::nullopt;
  return std::string_view(buffer_.get(), static_cast<size_t>(size));
}

}  // namespace gyr
