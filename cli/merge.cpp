#include "cli/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "capture/file/snapshot_writer.hpp"
#include "capture/record_tee.hpp"
#include "cli/interrupt.hpp"
#include "cli/merge_source.hpp"
#include "cli/output_options.hpp"
#include "cli/recorder.hpp"
#include "cli/run.hpp"
#include "decoder/unite.hpp"

namespace gyr {

namespace {

constexpr CommandOption<MergeOptions> rows[] = {
    output_row<MergeOptions>, zstd_row<MergeOptions>,  gzip_row<MergeOptions>,
    plain_row<MergeOptions>,  level_row<MergeOptions>, help_row<MergeOptions>,
};

std::string merge_help() {
  constexpr size_t doc_column = 22;
  return "gyr merge: several traces in one, in the order of time\n\n"
         "Usage: gyr merge TRACE TRACE... -o FILE [options]\n\n" +
         options_help<MergeOptions>(rows, doc_column);
}

using Sources = std::vector<std::unique_ptr<MergeSource>>;

/// Numbers the hosts, the one whose trace begins first is 0, and gives what they are together.
Machine number_hosts(const Sources& sources) {
  std::vector<const MergeSource*> hosts;
  Machine all;
  for (const auto& source : sources) {
    const auto known = std::find_if(hosts.begin(), hosts.end(), [&](const MergeSource* host) {
      return host->same_host(*source);
    });
    source->set_host(known - hosts.begin());
    if (known != hosts.end()) continue;
    const Machine& machine = source->machine();
    if (hosts.empty()) all.boot_ts = machine.boot_ts;
    all.cpus = std::max(all.cpus, machine.cpus);
    all.memory_bytes += machine.memory_bytes;
    all.hostname += (hosts.empty() ? "" : ",") + machine.hostname;
    if (!hosts.empty())
      report(fmt::format("ids of {} are raised by {}", machine.hostname,
                         source->host() * HostIds::per_host));
    hosts.push_back(source.get());
  }
  return all;
}

class Merge {
 public:
  Merge(Sources sources, Recorder& recorder)
      : sources_(std::move(sources)), machine_(number_hosts(sources_)), recorder_(recorder) {
    joined_.resize(sources_.size());
  }

  /// False when a trace could not be read to its end.
  bool run() {
    while (!interrupted() && recorder_.ok()) {
      start_those_due();
      if (queue_.empty()) break;
      const size_t index = queue_.top().second;
      queue_.pop();
      take_event(index);
      advance(index);
    }
    return complete_;
  }

 private:
  using Entry = std::pair<uint64_t, size_t>;  // time of the next event, source

  /// The traces that begin before the next event of those that are open.
  void start_those_due() {
    while (next_ < sources_.size() &&
           (queue_.empty() || sources_[next_]->begins() < queue_.top().first)) {
      const size_t index = next_++;
      if (auto started = sources_[index]->start(); started)
        advance(index);
      else
        give_up(*sources_[index], started.error());
    }
  }

  void give_up(const MergeSource& source, const Error& error) {
    report(source.path(), error);
    complete_ = false;
  }

  void advance(size_t index) {
    MergeSource& source = *sources_[index];
    if (source.next()) {
      queue_.emplace(source.time(), index);
      return;
    }
    if (const auto error = source.error()) give_up(source, *error);
    source.close();
  }

  void take_event(size_t index) {
    MergeSource& source = *sources_[index];
    if (joined_[index] != source.snapshot().sections) {
      joined_[index] = source.snapshot().sections;
      join(source);
    }
    const Event* event = decoder_->decode(source.raw());
    recorder_.event(source.block(), source.raw(), event, !source.is_leading());
  }

  /// Whether another trace of the same host goes on.
  bool has_company(const MergeSource& source) const {
    return std::any_of(sources_.begin(), sources_.end(), [&](const auto& other) {
      return other.get() != &source && other->is_open() && other->host() == source.host();
    });
  }

  /// A trace begins: so does a section.
  void join(const MergeSource& source) {
    decoder_->settle();
    const bool company = has_company(source);
    const auto stays = [&](const Thread& thread) {
      return company || HostIds::host_of(thread.tid) != source.host();
    };
    auto united = std::make_unique<State>();
    std::vector<std::byte> blocks;
    SnapshotWriter writer(blocks);
    StateImport import(*united, true);
    RecordTee both(writer, import);
    unite_states(source.snapshot(), *state_, machine_, stays, both);
    carry_over(*state_, *united);
    decoder_ = std::make_unique<Decoder>(*united);
    state_ = std::move(united);
    recorder_.begin_section(std::move(blocks));
  }

  Sources sources_;
  Machine machine_;
  Recorder& recorder_;
  std::vector<uint64_t> joined_;  // section of each source whose snapshot is in the state
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  size_t next_ = 0;  // source to start
  bool complete_ = true;
  std::unique_ptr<State> state_ = std::make_unique<State>();
  std::unique_ptr<Decoder> decoder_ = std::make_unique<Decoder>(*state_);
};

/// Empty when one of them cannot be read.
Sources probe_all(const std::vector<std::string>& paths) {
  Sources sources;
  for (const std::string& path : paths) {
    auto source = MergeSource::probe(path);
    if (!source) {
      report(path, source.error());
      return {};
    }
    sources.push_back(std::move(*source));
  }
  std::stable_sort(sources.begin(), sources.end(),
                   [](const auto& a, const auto& b) { return a->begins() < b->begins(); });
  return sources;
}

int merge(const MergeOptions& options) {
  Sources sources = probe_all(options.inputs);
  if (sources.empty()) return exit_user_error;
  auto recorder = Recorder::open({.name = options.output,
                                  .writer = {.codec = options.codec, .level = options.level},
                                  .select = true,
                                  .inputs = options.inputs});
  if (!recorder) {
    report(recorder.error().message);
    return exit_user_error;
  }
  const bool complete = Merge(std::move(sources), **recorder).run();
  const auto closed = (*recorder)->close();
  if (!closed) report(closed.error().message);
  return closed && complete ? exit_done : exit_user_error;
}

}  // namespace

std::span<const CommandOption<MergeOptions>> merge_options() { return rows; }

Result<MergeOptions> parse_merge(std::vector<std::string> arguments) {
  MergeOptions options;
  auto words = parse_command<MergeOptions>(rows, options, std::move(arguments), "gyr merge");
  if (!words) return fail(std::move(words.error()));
  options.inputs = std::move(*words);
  if (options.help) return options;
  if (options.inputs.empty())
    return fail("no trace is given; usage: gyr merge TRACE TRACE... -o FILE");
  if (options.output.empty()) return fail("-o FILE is missing: where to write the trace");
  return options;
}

int run_merge(std::vector<std::string> arguments) {
  auto options = parse_merge(std::move(arguments));
  if (const auto status = ends_with_options("merge", options, merge_help)) return *status;
  catch_interrupts();
  return merge(*options);
}

}  // namespace gyr
