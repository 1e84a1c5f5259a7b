#include "cli/convert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/interrupt.hpp"
#include "cli/output/progress.hpp"
#include "cli/output_options.hpp"
#include "cli/recorder.hpp"
#include "cli/run.hpp"
#include "filter/filter.hpp"
#include "filter/parser.hpp"
#include "filter/replay.hpp"

namespace gyr {

namespace {

template <std::optional<TimeSpec> CutOptions::*End>
Result<void> set_time(ConvertOptions& options, const std::string& text) {
  auto time = parse_time(text);
  if (!time) return fail(std::move(time.error()));
  options.cut.*End = *time;
  return {};
}

Result<void> set_events(ConvertOptions& options, const std::string& text) {
  auto range = parse_event_range(text);
  if (!range) return fail(std::move(range.error()));
  options.cut.events = *range;
  return {};
}

constexpr CommandOption<ConvertOptions> rows[] = {
    output_row<ConvertOptions>,
    zstd_row<ConvertOptions>,
    gzip_row<ConvertOptions>,
    plain_row<ConvertOptions>,
    level_row<ConvertOptions>,
    {"--from", "TIME",
     "Leave out the events before TIME: a local time of day (HH:MM:SS.ns), seconds since 1970, or "
     "+ and seconds since the first event.",
     set_time<&CutOptions::from>},
    {"--to", "TIME", "Leave out the events after TIME.", set_time<&CutOptions::to>},
    {"--events", "A-B",
     "Only the events with the numbers A to B, as gyr prints them. A- and -B are open ranges.",
     set_events},
    help_row<ConvertOptions>,
};

std::string convert_help() {
  constexpr size_t doc_column = 22;
  return "gyr convert: a trace in another compression, or a part of it\n\n"
         "Usage: gyr convert TRACE -o FILE [options] [FILTER]\n\n" +
         options_help<ConvertOptions>(rows, doc_column);
}

/// One run of the command.
class Conversion {
 public:
  Conversion(const ConvertOptions& options, TraceReader& reader, Recorder& recorder,
             std::optional<filter::Filter> filter)
      : reader_(reader),
        recorder_(recorder),
        progress_(reader.input(), true),
        cut_(options.cut),
        filter_(std::move(filter)) {
    recorder.begin(reader);
  }

  /// Every block as it is.
  void copy_all() {
    RecordSink nothing;
    while (goes_on() && reader_.next(nothing) == TraceReader::Step::event) {
      recorder_.event(reader_, nullptr, true);
      progress_.tick(recorder_.events());
    }
    progress_.finish();
  }

  /// False: no event is in the range.
  bool copy_part() {
    filter::Replay replay(reader_);
    bool begun = false;
    while (goes_on() && replay.next()) {
      const uint64_t ts = replay.raw().ts;
      const uint64_t first_ts = replay.events() == 0 ? ts : replay.first_ts();
      const Place place = cut_.place(replay.events() + 1, ts, first_ts);
      if (place == Place::far_after) break;
      if (!begun && place == Place::inside) {
        recorder_.begin_with_state(replay.decoder());
        begun = true;
      }
      const Event* event = replay.decode();
      if (begun)
        recorder_.event(reader_, event, place == Place::inside && matches(event, replay));
      else
        recorder_.leave_out(reader_);
      progress_.tick(replay.events());
    }
    progress_.finish();
    return begun;
  }

 private:
  bool goes_on() const { return !interrupted() && recorder_.ok(); }

  bool matches(const Event* event, const filter::Replay& replay) {
    if (!filter_) return true;
    return event != nullptr && !event->is_hidden() &&
           filter_->matches(replay.moment(*event, settings_));
  }

  TraceReader& reader_;
  Recorder& recorder_;
  Progress progress_;
  Cut cut_;
  std::optional<filter::Filter> filter_;
  filter::Settings settings_{};
};

int convert(const ConvertOptions& options, std::optional<filter::Filter> filter) {
  auto reader = TraceReader::open(options.input);
  if (!reader) {
    report(options.input, reader.error());
    return exit_user_error;
  }
  const WaitingFor waiting((*reader)->input());
  const bool part = options.cut.any() || filter;
  auto recorder = Recorder::open({.name = options.output,
                                  .writer = {.codec = options.codec, .level = options.level},
                                  .select = part,
                                  .inputs = {options.input}});
  if (!recorder) {
    report(recorder.error().message);
    return exit_user_error;
  }
  Conversion conversion(options, **reader, **recorder, std::move(filter));
  bool found = true;
  if (part)
    found = conversion.copy_part();
  else
    conversion.copy_all();
  const auto closed = (*recorder)->close();
  if (!closed) report(closed.error().message);
  if ((*reader)->error() && !interrupted()) report(options.input, *(*reader)->error());
  if (!found && !(*reader)->error()) report(options.input + ": no event is in that range");
  return closed && found && !(*reader)->error() ? exit_done : exit_user_error;
}

}  // namespace

std::span<const CommandOption<ConvertOptions>> convert_options() { return rows; }

Result<ConvertOptions> parse_convert(std::vector<std::string> arguments) {
  ConvertOptions options;
  auto words = parse_command<ConvertOptions>(rows, options, std::move(arguments), "gyr convert");
  if (!words) return fail(std::move(words.error()));
  if (options.help) return options;
  if (words->empty())
    return fail("no trace is given; usage: gyr convert TRACE -o FILE [options] [FILTER]");
  if (options.output.empty()) return fail("-o FILE is missing: where to write the trace");
  options.input = words->front();
  options.filter = fmt::format("{}", fmt::join(words->begin() + 1, words->end(), " "));
  return options;
}

int run_convert(std::vector<std::string> arguments) {
  auto options = parse_convert(std::move(arguments));
  if (const auto status = ends_with_options("convert", options, convert_help)) return *status;
  std::optional<filter::Filter> filter;
  if (!options->filter.empty()) {
    auto compiled = filter::Filter::compile(options->filter);
    if (!compiled) {
      report("filter: " + filter::explain(options->filter, compiled.error()));
      return exit_user_error;
    }
    filter = std::move(*compiled);
  }
  catch_interrupts();
  return convert(*options, std::move(filter));
}

}  // namespace gyr
