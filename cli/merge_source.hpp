// One of the traces that are merged.
//
// Contract: `probe` looks at the beginning only: host, and time of the first event that is shown
// (hidden ones may be repeated from long before). `start` opens the trace, `next` goes on to its
// next event, in the ids of its host; `time` is what the traces are ordered by: hidden events go
// with the one before.
//
// Example:
//   auto source = MergeSource::probe("a.scap");
//   source->set_host(1); source->start();
//   while (source->next()) use(source->block(), source->raw());
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capture/file/reader.hpp"
#include "decoder/host_ids.hpp"
#include "decoder/import.hpp"
#include "decoder/state.hpp"

namespace gyr {

class MergeSource {
 public:
  static Result<std::unique_ptr<MergeSource>> probe(const std::string& path);
  explicit MergeSource(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  const Machine& machine() const { return machine_; }
  /// Recorded on the same host since the same boot.
  bool same_host(const MergeSource& other) const;
  void set_host(int64_t host);
  int64_t host() const { return host_; }
  /// Of the first event that is shown.
  uint64_t begins() const { return begins_; }

  Result<void> start();
  /// False at the end, or at an error.
  bool next();
  std::optional<Error> error() const;
  bool is_open() const { return reader_ != nullptr; }
  void close() { reader_.reset(); }

  Bytes block() const { return block_; }
  const RawEvent& raw() const { return raw_; }
  uint64_t time() const { return time_; }
  /// The event belongs to what the writer knew at the start.
  bool is_leading() const { return leading_; }
  /// What its snapshot says; a new one with each section.
  const State& snapshot() const { return snapshot_; }

 private:
  bool is_hidden() const { return leading_ || (raw_.flags & state_only) != 0; }

  std::string path_;
  Machine machine_;
  uint64_t begins_ = 0;
  int64_t host_ = 0;
  HostIds ids_{0};
  State snapshot_;
  StateImport import_{snapshot_, true};
  HostRecords records_{ids_, import_};
  std::unique_ptr<TraceReader> reader_;
  uint64_t sections_ = 0;
  RawEvent raw_;
  Bytes block_;
  uint64_t time_ = 0;
  bool leading_ = true;
};

}  // namespace gyr
