// Compressed containers and files for tests.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

void write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n <= 0) throw std::runtime_error("cannot write a test file");
    content.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

std::string gzip(std::string_view content) {
  constexpr int gzip_framing = 15 + 16;
  z_stream state{};
  if (deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_framing, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string input(content);
  std::string out(deflateBound(&state, static_cast<uLong>(input.size())), '\0');
  state.next_in = reinterpret_cast<Bytef*>(input.data());
  state.avail_in = static_cast<uInt>(input.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&state, Z_FINISH);
  out.resize(out.size() - state.avail_out);
  deflateEnd(&state);
  if (status != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

std::string zstd_frame(std::string_view content, bool checksum) {
  ZSTD_CCtx* state = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(state, ZSTD_c_checksumFlag, checksum ? 1 : 0);
  std::string out(ZSTD_compressBound(content.size()), '\0');
  const size_t n = ZSTD_compress2(state, out.data(), out.size(), content.data(), content.size());
  ZSTD_freeCCtx(state);
  if (ZSTD_isError(n) != 0) throw std::runtime_error("ZSTD_compress2");
  out.resize(n);
  return out;
}

std::string zstd_skippable_frame(std::string_view content) {
  constexpr uint32_t magic = 0x184D2A5E;
  return u32(magic) + u32(static_cast<uint32_t>(content.size())) + std::string(content);
}

MemoryFile::MemoryFile(std::string_view content)
    : fd_(::memfd_create("gyr-test", MFD_CLOEXEC)),
      path_("/proc/self/fd/" + std::to_string(fd_.get())) {
  if (!fd_) throw std::runtime_error("memfd_create");
  assign(content);
}

void MemoryFile::assign(std::string_view content) {
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0)
    throw std::runtime_error("cannot empty a test file");
  write_all(fd_.get(), content);
}

}  // namespace gyr::test
