// Reading the many small files of /proc with few system calls and no allocation.
//
// Contract: everything is relative to an open directory, so that a process that ends and whose
// number is taken by another one cannot be mixed up with it: the directory's files are then gone.
// Texts lie in the scratch buffer of a ProcFiles and are valid until its next call.
//
// Example:
//   ProcFiles files;
//   UniqueFd dir = open_directory(proc.get(), "42");
//   if (const auto text = files.read(dir.get(), "cmdline")) ...
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace gyr {

UniqueFd open_directory(int at, const char* path);

/// The names of an open directory that are numbers, in the order of the kernel; false if it cannot
/// be read, with what was read until then.
bool list_numbers(int directory, std::vector<int64_t>& out);

/// A path below a directory of /proc, as "task/7/stat": made without allocating.
class ShortPath {
 public:
  explicit ShortPath(int64_t number) : ShortPath("", number) {}
  ShortPath(std::string_view before, int64_t number, std::string_view after = "");
  const char* c_str() const { return text_; }

 private:
  char text_[64];
};

class ProcFiles {
 public:
  ProcFiles() : buffer_(std::make_unique<char[]>(capacity)) {}

  /// The first `limit` bytes of a file; nothing, with errno set, if it cannot be read.
  std::optional<std::string_view> read(int at, const char* path, size_t limit = capacity);

  /// What a symbolic link says.
  std::optional<std::string_view> link(int at, const char* path);

  /// Calls `line(text)` for each line of a file of any size, without its newline. A line that is
  /// longer than the buffer is cut. False if the file cannot be opened.
  template <class Line>
  bool for_each_line(int at, const char* path, Line line);

  static constexpr size_t capacity = 64 * 1024;

 private:
  static UniqueFd open(int at, const char* path);
  static size_t read_some(int fd, char* to, size_t room);

  std::unique_ptr<char[]> buffer_;
};

/// The number at the front of `text` after blanks, which are taken off with it.
template <class T>
std::optional<T> take_number(std::string_view& text, int base = 10) {
  const size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return std::nullopt;
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + start, end, value, base);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(stop - text.data()));
  return value;
}

/// The word at the front of `text` after blanks, which are taken off with it; empty: there is none.
inline std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

/// The line at the front of `text`, which is taken off with its newline.
inline std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

template <class Line>
bool ProcFiles::for_each_line(int at, const char* path, Line line) {
  const UniqueFd fd = open(at, path);
  if (!fd) return false;
  char* const buffer = buffer_.get();
  size_t kept = 0;   // bytes of a line whose end has not been read
  bool cut = false;  // the rest of the line is passed over
  while (const size_t got = read_some(fd.get(), buffer + kept, capacity - kept)) {
    std::string_view rest(buffer, kept + got);
    for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      if (!cut) line(rest.substr(0, end));
      cut = false;
      rest.remove_prefix(end + 1);
    }
    if (rest.size() == capacity) {
      if (!cut) line(rest);
      cut = true;
      rest = {};
    }
    kept = rest.size();
    if (kept > 0) std::char_traits<char>::move(buffer, rest.data(), kept);
  }
  if (kept > 0 && !cut) line(std::string_view(buffer, kept));
  return true;
}

}  // namespace gyr
