// The file that a trace is written to.
//
// Contract: `write` writes all or fails; `cut_back` drops what a failed write left behind, where
// the output is a file of ours (not a pipe, not a device). The path "-" is standard output. A file
// that is there already is replaced, but never one of `inputs`: those are still being read.
//
// Example:
//   auto file = open_output("copy.scap", {*file_id("t.scap")});
//   if (auto done = (*file)->write(bytes); !done) return fail(done.error());
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace gyr {

/// What tells one file from another, whatever its names are.
struct FileId {
  dev_t device;
  ino_t inode;
  bool operator==(const FileId&) const = default;
};

/// Of a regular file; "-" is standard input. nullopt: there is none, or it is no regular file.
std::optional<FileId> file_id(const std::string& path);

class OutputFile {
 public:
  OutputFile(UniqueFd fd, bool can_cut) : fd_(std::move(fd)), can_cut_(can_cut) {}

  Result<void> write(Bytes bytes);
  /// Bytes written so far.
  uint64_t position() const { return position_; }
  /// Back to the first `size` bytes that were written.
  void cut_back(uint64_t size);
  /// Some file systems tell only now that there was no room.
  Result<void> close();
  /// The last write failed because nobody reads the pipe any more.
  bool pipe_closed() const { return pipe_closed_; }

 private:
  UniqueFd fd_;
  bool can_cut_;
  bool pipe_closed_ = false;
  uint64_t position_ = 0;
};

Result<std::unique_ptr<OutputFile>> open_output(const std::string& path,
                                                const std::vector<FileId>& inputs = {});

}  // namespace gyr
