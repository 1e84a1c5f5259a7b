#include "cli/merge_source.hpp"

#include <algorithm>

#include "decoder/traits.hpp"

namespace gyr {

Result<std::unique_ptr<MergeSource>> MergeSource::probe(const std::string& path) {
  if (path == "-") return fail("traces to merge are read twice: name files, not standard input");
  auto source = std::make_unique<MergeSource>(path);
  if (auto started = source->start(); !started) return fail(std::move(started.error()));
  bool any = source->next();
  while (any && source->is_hidden()) any = source->next();
  if (const auto error = source->error(); error && !any) return fail(*error);
  source->machine_ = source->snapshot_.machine;
  source->begins_ = source->raw_.ts;
  source->close();
  return source;
}

bool MergeSource::same_host(const MergeSource& other) const {
  constexpr uint64_t jitter = 5'000'000'000;  // boot times are worked out from two clocks
  const Machine& a = machine_;
  const Machine& b = other.machine_;
  if (a.hostname != b.hostname) return false;
  if (a.boot_ts == 0 || b.boot_ts == 0) return true;  // not recorded in old traces
  return std::max(a.boot_ts, b.boot_ts) - std::min(a.boot_ts, b.boot_ts) < jitter;
}

void MergeSource::set_host(int64_t host) {
  host_ = host;
  ids_ = HostIds(host);
}

Result<void> MergeSource::start() {
  auto reader = TraceReader::open(path_);
  if (!reader) return fail(std::move(reader.error()));
  reader_ = std::move(*reader);
  time_ = 0;
  return {};
}

bool MergeSource::next() {
  if (reader_->next(raw_, records_) != TraceReader::Step::event) return false;
  leading_ = leading_ || snapshot_.sections != sections_;
  sections_ = snapshot_.sections;
  leading_ = leading_ && raw_.type < schema::event_count && event_traits()[raw_.type].leads;
  block_ = ids_.apply(reader_->block(), raw_);
  if (!is_hidden() || time_ == 0) time_ = std::max(begins_, raw_.ts);
  return true;
}

std::optional<Error> MergeSource::error() const {
  return reader_ ? reader_->error() : std::nullopt;
}

}  // namespace gyr
