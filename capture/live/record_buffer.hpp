// Threads and descriptors that are kept until somebody takes them.
//
// Purpose: a thread of its own reads them, another one passes them on.
//
// Contract: a sink that keeps what it is given, texts included; `give` passes all of it on in the
// same order. Records of other kinds are not kept.
//
// Example:
//   RecordBuffer buffer;
//   reader.read(directory, pid, buffer);
//   ...
//   buffer.give(sink);
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "capture/records.hpp"

namespace gyr {

class RecordBuffer : public RecordSink {
 public:
  void thread(const ThreadRecord& record) override;
  void fd(int64_t tid, const FdRecord& record) override;

  /// Keeps nothing any more afterwards.
  void give(RecordSink& sink);

 private:
  struct OfThread {
    int64_t tid;
    FdRecord record;
  };

  std::string_view keep(std::string_view text);
  Bytes keep(Bytes bytes) { return as_bytes_of(keep(as_text(bytes))); }

  std::vector<std::variant<ThreadRecord, OfThread>> records_;
  std::vector<std::unique_ptr<char[]>> texts_;  // pieces that stay where they are
  size_t used_ = 0, room_ = 0;                  // of the last one
};

}  // namespace gyr
