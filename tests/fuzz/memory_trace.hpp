// A trace in memory, read as if it came from a file.
//
// Purpose: fuzz targets read millions of traces; no file is opened for them.
//
// Contract: the bytes must outlive the reader. Each piece is what one read gives, so pieces decide
// where a block straddles two buffers; empty pieces are left out.
//
// Example:
//   auto reader = read_from_memory({bytes});
//   while (reader->next(sink) == TraceReader::Step::event) use(reader->event());
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "capture/file/reader.hpp"

namespace gyr::fuzz {

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::vector<Bytes> pieces) : pieces_(std::move(pieces)) {}
  Codec codec() const override { return Codec::plain; }

  Result<size_t> read(std::span<std::byte> to) override {
    while (at_ < pieces_.size() && pieces_[at_].empty()) ++at_;
    if (at_ == pieces_.size()) return size_t{0};
    Bytes& piece = pieces_[at_];
    const size_t n = std::min(piece.size(), to.size());
    std::copy_n(piece.begin(), n, to.begin());
    piece = piece.subspan(n);
    return n;
  }

 private:
  std::vector<Bytes> pieces_;
  size_t at_ = 0;
};

/// The reader cancels its file when it is done, which without descriptors does nothing.
inline std::unique_ptr<TraceReader> read_from_memory(
    std::vector<Bytes> pieces, const std::optional<EventTypes>& wanted = std::nullopt) {
  constexpr uint64_t not_a_pipe = 1;
  return std::make_unique<TraceReader>(
      std::make_unique<InputFile>(UniqueFd(), UniqueFd(), not_a_pipe),
      std::make_unique<MemoryStream>(std::move(pieces)), wanted);
}

}  // namespace gyr::fuzz
