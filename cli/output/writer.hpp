// Buffered output to a file descriptor that may be a closed pipe.
//
// Contract: `commit` hands over what was appended to `line()`; it is written when enough has
// gathered, or at once when unbuffered. When the reader of a pipe has gone, or writing fails, `ok`
// turns false and the rest is dropped; `failure` says why unless it was the pipe.
//
// Example:
//   Writer out(STDOUT_FILENO, unbuffered);
//   out.line().append("hello\n");
//   out.commit();
#pragma once

#include <string>

#include "base/text.hpp"

namespace gyr {

class Writer {
 public:
  Writer(int fd, bool unbuffered) : fd_(fd), unbuffered_(unbuffered) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { flush(); }

  Text& line() { return buffer_; }
  void commit() {
    if (unbuffered_ || buffer_.size() >= flush_size) flush();
  }
  void flush();

  bool ok() const { return ok_; }
  /// Empty when all went well or only the reader went away.
  const std::string& failure() const { return failure_; }

 private:
  static constexpr size_t flush_size = 64 * 1024;

  int fd_;
  bool unbuffered_;
  bool ok_ = true;
  std::string failure_;
  Text buffer_;
};

}  // namespace gyr
