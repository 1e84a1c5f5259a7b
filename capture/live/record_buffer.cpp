#include "capture/live/record_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace gyr {

namespace {

constexpr size_t usual_piece = 64 * 1024;

}  // namespace

void RecordBuffer::thread(const ThreadRecord& record) {
  ThreadRecord kept = record;
  for (std::string_view* text : {&kept.comm, &kept.exe, &kept.exepath, &kept.cwd, &kept.root})
    *text = keep(*text);
  for (Bytes* bytes : {&kept.args, &kept.env, &kept.cgroups}) *bytes = keep(*bytes);
  records_.emplace_back(kept);
}

void RecordBuffer::fd(int64_t tid, const FdRecord& record) {
  OfThread kept{tid, record};
  kept.record.name = keep(record.name);
  if (auto& own = kept.record.own) {
    own->name = keep(own->name);
    own->given_name = keep(own->given_name);
  }
  records_.emplace_back(kept);
}

void RecordBuffer::give(RecordSink& sink) {
  for (const auto& record : records_) {
    if (const auto* thread = std::get_if<ThreadRecord>(&record))
      sink.thread(*thread);
    else if (const auto* descriptor = std::get_if<OfThread>(&record))
      sink.fd(descriptor->tid, descriptor->record);
  }
  records_.clear();
  records_.shrink_to_fit();
  texts_.clear();
  used_ = room_ = 0;
}

std::string_view RecordBuffer::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > room_ - used_) {
    room_ = std::max(usual_piece, text.size());
    used_ = 0;
    texts_.push_back(std::make_unique_for_overwrite<char[]>(room_));
  }
  char* to = texts_.back().get() + used_;
  std::memcpy(to, text.data(), text.size());
  used_ += text.size();
  return {to, text.size()};
}

}  // namespace gyr
