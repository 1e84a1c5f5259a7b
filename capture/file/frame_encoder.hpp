// Compresses a trace piece by piece, each of which can be decompressed alone.
//
// Purpose: what a crash or a full disk leaves behind is readable up to the last whole piece, and a
// reader can begin at any of them.
//
// Contract: `encode` gives the bytes of one frame, valid until the next call: for gzip a member,
// for zstd a frame with its content size and a checksum. `trailer` is called once, after the last
// frame: for zstd it gives the seek table of the seekable format. All frames together are an
// ordinary .gz or .zst file. Layout: gyr-scap(5), "Compression".
//
// Example:
//   auto encoder = make_encoder(Codec::zstd, std::nullopt);
//   auto frame = (*encoder)->encode(blocks);
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/file/codec.hpp"

namespace gyr {

class FrameEncoder {
 public:
  FrameEncoder() = default;
  FrameEncoder(const FrameEncoder&) = delete;
  FrameEncoder& operator=(const FrameEncoder&) = delete;
  virtual ~FrameEncoder() = default;

  virtual Result<Bytes> encode(Bytes content) = 0;
  virtual Bytes trailer() { return {}; }
};

/// The levels that a codec has; both 0 for none.
struct LevelRange {
  int lowest = 0, highest = 0, usual = 0;
};
LevelRange level_range(Codec codec);

/// Bytes of content that make a good frame.
size_t usual_frame_size(Codec codec);

/// The level must be in the codec's range.
Result<std::unique_ptr<FrameEncoder>> make_encoder(Codec codec, std::optional<int> level);

inline constexpr uint32_t seek_table_skippable_magic = 0x184D2A5E;
inline constexpr uint32_t seek_table_magic = 0x8F92EAB1;

}  // namespace gyr
