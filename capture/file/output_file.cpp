#include "capture/file/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gyr {

namespace {

constexpr mode_t new_file_mode = 0666;  // less the umask

tl::unexpected<Error> fail_with_errno(const char* what) {
  return fail(fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

std::optional<FileId> file_id(const std::string& path) {
  struct stat info {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &info) : ::stat(path.c_str(), &info);
  if (failed != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return FileId{info.st_dev, info.st_ino};
}

Result<void> OutputFile::write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      pipe_closed_ = errno == EPIPE;
      return fail_with_errno("cannot write");
    }
    position_ += static_cast<uint64_t>(n);
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return {};
}

void OutputFile::cut_back(uint64_t size) {
  if (can_cut_ && ::ftruncate(fd_.get(), static_cast<off_t>(size)) == 0) position_ = size;
}

Result<void> OutputFile::close() {
  UniqueFd fd = std::move(fd_);
  if (fd && ::close(fd.release()) != 0 && errno != EINTR) return fail_with_errno("cannot write");
  return {};
}

Result<std::unique_ptr<OutputFile>> open_output(const std::string& path,
                                                const std::vector<FileId>& inputs) {
  const bool standard_output = path == "-";
  // Not truncated yet: it could be one of the inputs.
  UniqueFd fd(standard_output
                  ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                  : ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, new_file_mode));
  if (!fd) return fail_with_errno("cannot write");
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail_with_errno("cannot write");
  const bool regular = S_ISREG(info.st_mode);
  const FileId id{info.st_dev, info.st_ino};
  if (regular && std::find(inputs.begin(), inputs.end(), id) != inputs.end())
    return fail("this is the trace that is read; write to another file");
  const bool own_file = regular && !standard_output;
  if (own_file && ::ftruncate(fd.get(), 0) != 0) return fail_with_errno("cannot write");
  return std::make_unique<OutputFile>(std::move(fd), own_file);
}

}  // namespace gyr
