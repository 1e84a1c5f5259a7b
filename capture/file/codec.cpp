#include "capture/file/codec.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace gyr {

namespace {

constexpr size_t input_buffer_size = 256 * 1024;
constexpr int zstd_window_log_max = 31;  // as `zstd -d --long=31`
constexpr std::array<std::byte, 2> gzip_magic = {std::byte{0x1f}, std::byte{0x8b}};
constexpr uint32_t zstd_magic = 0xFD2FB528;
constexpr size_t zstd_frame_start = 5;  // says how long the frame header is
constexpr size_t zstd_block_header = 3;
constexpr size_t zstd_largest_block = 128 * 1024;
constexpr uint32_t zstd_skippable_first = 0x184D2A50;
constexpr uint32_t zstd_skippable_mask = 0xFFFFFFF0;

/// Compressed bytes that were read from the file and not yet used.
class InputBuffer {
 public:
  explicit InputBuffer(InputFile& file) : file_(file), bytes_(input_buffer_size) {}

  Bytes unused() const { return Bytes(bytes_).subspan(begin_, end_ - begin_); }
  void use(size_t n) { begin_ += n; }

  /// Reads more behind what is unused; 0 at the end of the file.
  Result<size_t> more() {
    if (begin_ != 0) {
      std::copy(bytes_.begin() + static_cast<ptrdiff_t>(begin_),
                bytes_.begin() + static_cast<ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    auto n = file_.read(std::span(bytes_).subspan(end_));
    if (n) end_ += *n;
    return n;
  }

  InputFile& file() { return file_; }

 private:
  InputFile& file_;
  std::vector<std::byte> bytes_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(InputBuffer buffer) : buffer_(std::move(buffer)) {}
  Codec codec() const override { return Codec::plain; }

  Result<size_t> read(std::span<std::byte> to) override {
    const Bytes first = buffer_.unused();
    if (first.empty()) return buffer_.file().read(to);
    const size_t n = std::min(first.size(), to.size());
    std::memcpy(to.data(), first.data(), n);
    buffer_.use(n);
    return n;
  }

 private:
  InputBuffer buffer_;
};

class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(InputBuffer buffer) : buffer_(std::move(buffer)) {
    // 16: gzip framing only. Fails only without memory, which read() reports.
    ready_ = inflateInit2(&state_, 15 + 16) == Z_OK;
  }
  ~GzipStream() override { inflateEnd(&state_); }
  Codec codec() const override { return Codec::gzip; }

  Result<size_t> read(std::span<std::byte> to) override {
    if (!ready_) return fail("out of memory for gzip");
    for (;;) {
      if (ended_) return size_t{0};
      if (buffer_.unused().empty() && !may_hold_output_) {
        auto more = buffer_.more();
        if (!more) return more;
        if (*more == 0) return end_of_file();
      }
      if (at_member_ && !next_member()) continue;
      auto n = inflate_some(to);
      if (!n || *n != 0) return n;
    }
  }

 private:
  Result<size_t> end_of_file() {
    if (!at_member_) return fail("the gzip stream is cut short (the file is truncated)");
    ended_ = true;
    return size_t{0};
  }

  /// Between members: another one follows, or the rest of the file is not ours.
  bool next_member() {
    if (first_) return true;
    if (buffer_.unused().size() < gzip_magic.size()) {
      auto more = buffer_.more();
      ended_ = !more || *more == 0;
      return false;
    }
    ended_ = !std::equal(gzip_magic.begin(), gzip_magic.end(), buffer_.unused().begin());
    return !ended_;
  }

  Result<size_t> inflate_some(std::span<std::byte> to) {
    const Bytes in = buffer_.unused();
    // zlib does not write through next_in, it is only declared so.
    state_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
    state_.avail_in = static_cast<uInt>(in.size());
    state_.next_out = reinterpret_cast<Bytef*>(to.data());
    state_.avail_out = static_cast<uInt>(std::min<size_t>(to.size(), UINT32_MAX));
    at_member_ = false;
    first_ = false;
    const uInt room = state_.avail_out;
    const int status = ::inflate(&state_, Z_NO_FLUSH);
    buffer_.use(in.size() - state_.avail_in);
    const size_t n = room - state_.avail_out;
    may_hold_output_ = status == Z_OK && state_.avail_out == 0;
    if (status == Z_STREAM_END) {
      at_member_ = true;
      inflateReset(&state_);
    } else if (status != Z_OK && status != Z_BUF_ERROR && n == 0) {
      return fail(fmt::format("the gzip stream is damaged near byte {} of the file ({})",
                              buffer_.file().position() - buffer_.unused().size(),
                              state_.msg != nullptr ? state_.msg : "no message"));
    }
    return n;
  }

  InputBuffer buffer_;
  z_stream state_{};
  bool ready_ = false;
  bool at_member_ = true;
  bool first_ = true;
  bool ended_ = false;
  bool may_hold_output_ = false;  // the last call filled its buffer, zlib may have more inside
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(InputBuffer buffer)
      : buffer_(std::move(buffer)), state_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    if (state_) ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, zstd_window_log_max);
  }
  Codec codec() const override { return Codec::zstd; }

  Result<size_t> read(std::span<std::byte> to) override {
    if (!state_) return fail("out of memory for zstd");
    for (;;) {
      if (!may_hold_output_) {
        auto ready = fill();
        if (!ready) return ready;
        if (*ready == 0) {
          if (inside_frame_) return fail("the zstd stream is cut short (the file is truncated)");
          return size_t{0};
        }
      }
      const Bytes in_bytes = buffer_.unused();
      // Not beyond the end of a block: what a call has decoded is lost when it then meets damage.
      const size_t offered = may_hold_output_ ? 0 : std::min(in_bytes.size(), wanted_);
      ZSTD_inBuffer in{in_bytes.data(), offered, 0};
      ZSTD_outBuffer out{to.data(), to.size(), 0};
      const size_t status = ZSTD_decompressStream(state_.get(), &out, &in);
      buffer_.use(in.pos);
      if (ZSTD_isError(status)) {
        if (out.pos != 0) return out.pos;  // the next call meets the error again
        return fail(fmt::format("the zstd stream is damaged near byte {} of the file ({})",
                                buffer_.file().position() - buffer_.unused().size(),
                                ZSTD_getErrorName(status)));
      }
      inside_frame_ = status != 0;
      wanted_ = inside_frame_ ? before_next_header(status) : zstd_frame_start;
      may_hold_output_ = inside_frame_ && out.pos == out.size;
      if (out.pos != 0) return out.pos;
    }
  }

 private:
  /// Reads up to the end of the header or block, as far as the file goes: what zstd gives of a
  /// damaged one depends on how much of it comes at a time. 0 at the end of the file.
  Result<size_t> fill() {
    while (buffer_.unused().size() < std::min(wanted_, zstd_largest_block)) {
      auto more = buffer_.more();
      if (!more && buffer_.unused().empty()) return more;
      if (!more || *more == 0) break;
    }
    return buffer_.unused().size();
  }

  /// zstd asks for a block together with the header of the next one, which may be the damage. Only
  /// the last byte of a last block can show that the frame is not as long as it says: given alone,
  /// an uncompressed block loses no more than it, in whatever portions the file comes.
  static size_t before_next_header(size_t asked) {
    return asked > zstd_block_header ? asked - zstd_block_header : 1;
  }

  InputBuffer buffer_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> state_;
  size_t wanted_ = zstd_frame_start;  // at most up to the end of a header or block
  bool inside_frame_ = false;
  bool may_hold_output_ = false;  // the last call filled its buffer, zstd may have more inside
};

Codec detect(Bytes head) {
  if (head.size() >= 2 && head[0] == gzip_magic[0] && head[1] == gzip_magic[1]) return Codec::gzip;
  if (head.size() >= 4) {
    const auto magic = load<uint32_t>(head.data());
    if (magic == zstd_magic || (magic & zstd_skippable_mask) == zstd_skippable_first)
      return Codec::zstd;
  }
  return Codec::plain;
}

}  // namespace

std::string_view codec_name(Codec codec) {
  switch (codec) {
    case Codec::gzip:
      return "gzip";
    case Codec::zstd:
      return "zstd";
    case Codec::plain:
      break;
  }
  return "none";
}

void InputFile::cancel() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_.get(), &one, sizeof one);
}

/// False when cancelled while there was nothing to read.
bool InputFile::wait_for_input() const {
  std::array<pollfd, 2> waited = {pollfd{fd_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0) {
    if (errno != EINTR) return true;  // let read() report it
  }
  return waited[1].revents == 0;
}

Result<size_t> InputFile::read(std::span<std::byte> to) {
  for (;;) {
    if (size_ == 0 && !wait_for_input()) return size_t{0};
    const ssize_t n = ::read(fd_.get(), to.data(), to.size());
    if (n >= 0) {
      position_.fetch_add(static_cast<uint64_t>(n), std::memory_order_relaxed);
      return static_cast<size_t>(n);
    }
    if (errno != EINTR) return fail(fmt::format("cannot read: {}", std::strerror(errno)));
  }
}

Result<std::unique_ptr<InputFile>> open_input(const std::string& path) {
  const bool standard_input = path == "-";
  UniqueFd fd(standard_input ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(fmt::format("cannot open: {}", std::strerror(errno)));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0)
    return fail(fmt::format("cannot read: {}", std::strerror(errno)));
  if (S_ISDIR(info.st_mode)) return fail("is a directory, not a trace");
  const uint64_t size = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC));
  if (!wake) return fail(fmt::format("cannot open: {}", std::strerror(errno)));
  return std::make_unique<InputFile>(std::move(fd), std::move(wake), size);
}

Result<std::unique_ptr<ByteStream>> open_stream(InputFile& input) {
  InputBuffer buffer(input);
  while (buffer.unused().size() < 4) {
    auto more = buffer.more();
    if (!more) return fail(std::move(more.error()));
    if (*more == 0) break;
  }
  switch (detect(buffer.unused())) {
    case Codec::gzip:
      return std::make_unique<GzipStream>(std::move(buffer));
    case Codec::zstd:
      return std::make_unique<ZstdStream>(std::move(buffer));
    case Codec::plain:
      break;
  }
  return std::make_unique<PlainStream>(std::move(buffer));
}

}  // namespace gyr
