#include "capture/file/frame_encoder.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <vector>

namespace gyr {

namespace {

class PlainEncoder final : public FrameEncoder {
 public:
  Result<Bytes> encode(Bytes content) override { return content; }
};

class GzipEncoder final : public FrameEncoder {
 public:
  explicit GzipEncoder(int level) {
    constexpr int window_bits = 15, gzip_framing = 16, memory_level = 8;
    ready_ = deflateInit2(&state_, level, Z_DEFLATED, window_bits + gzip_framing, memory_level,
                          Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipEncoder() override { deflateEnd(&state_); }

  Result<Bytes> encode(Bytes content) override {
    if (!ready_) return fail("out of memory for gzip");
    deflateReset(&state_);
    out_.resize(deflateBound(&state_, content.size()));
    // zlib does not write through next_in, it is only declared so.
    state_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(content.data()));
    state_.avail_in = static_cast<uInt>(content.size());
    state_.next_out = reinterpret_cast<Bytef*>(out_.data());
    state_.avail_out = static_cast<uInt>(out_.size());
    if (::deflate(&state_, Z_FINISH) != Z_STREAM_END) return fail("gzip failed to compress");
    return Bytes(out_).first(out_.size() - state_.avail_out);
  }

 private:
  z_stream state_{};
  bool ready_ = false;
  std::vector<std::byte> out_;
};

class ZstdEncoder final : public FrameEncoder {
 public:
  explicit ZstdEncoder(int level) : context_(ZSTD_createCCtx(), &ZSTD_freeCCtx) {
    if (!context_) return;
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  Result<Bytes> encode(Bytes content) override {
    if (!context_) return fail("out of memory for zstd");
    out_.resize(ZSTD_compressBound(content.size()));
    const size_t size =
        ZSTD_compress2(context_.get(), out_.data(), out_.size(), content.data(), content.size());
    if (ZSTD_isError(size))
      return fail(fmt::format("zstd failed to compress ({})", ZSTD_getErrorName(size)));
    put(static_cast<uint32_t>(size));
    put(static_cast<uint32_t>(content.size()));
    ++frames_;
    return Bytes(out_).first(size);
  }

  /// A skippable frame: an entry per frame, then how many there are, a byte of flags (none set:
  /// entries without checksums, the frames have their own) and the magic number.
  Bytes trailer() override {
    constexpr uint32_t footer_size = 9;
    std::vector<std::byte> entries = std::move(table_);
    table_.clear();
    put(seek_table_skippable_magic);
    put(static_cast<uint32_t>(entries.size()) + footer_size);
    table_.insert(table_.end(), entries.begin(), entries.end());
    put(frames_);
    table_.push_back(std::byte{0});
    put(seek_table_magic);
    return table_;
  }

 private:
  void put(uint32_t value) {
    const auto* raw = reinterpret_cast<const std::byte*>(&value);
    table_.insert(table_.end(), raw, raw + sizeof value);
  }

  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
  std::vector<std::byte> out_;
  std::vector<std::byte> table_;  // sizes of each frame, compressed and not
  uint32_t frames_ = 0;
};

}  // namespace

// Measured: docs/PERFORMANCE.md, "Writing".
LevelRange level_range(Codec codec) {
  switch (codec) {
    case Codec::gzip:
      return {1, 9, 5};
    case Codec::zstd:
      return {1, 19, 3};
    case Codec::plain:
      break;
  }
  return {};
}

size_t usual_frame_size(Codec codec) {
  constexpr size_t compressed = 2u << 20, plain = 256u << 10;
  return codec == Codec::plain ? plain : compressed;
}

Result<std::unique_ptr<FrameEncoder>> make_encoder(Codec codec, std::optional<int> level) {
  const LevelRange range = level_range(codec);
  if (level && (*level < range.lowest || *level > range.highest)) {
    if (range.highest == 0) return fail("a plain trace has no compression level");
    return fail(fmt::format("{} has the compression levels {} to {}", codec_name(codec),
                            range.lowest, range.highest));
  }
  const int chosen = level.value_or(range.usual);
  switch (codec) {
    case Codec::gzip:
      return std::make_unique<GzipEncoder>(chosen);
    case Codec::zstd:
      return std::make_unique<ZstdEncoder>(chosen);
    case Codec::plain:
      break;
  }
  return std::make_unique<PlainEncoder>();
}

}  // namespace gyr
