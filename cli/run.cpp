#include "cli/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "capture/file/reader.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/progress.hpp"
#include "cli/output/summary.hpp"
#include "cli/output/writer.hpp"
#include "cli/recorder.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "filter/filter.hpp"
#include "filter/parser.hpp"

namespace gyr {

namespace {

/// The last type of event that the dialect knows.
uint16_t last_type(const Options& options) {
  const bool old = options.render.dialect == Dialect::sysdig_0_29;
  return old ? schema::type::clone3_exit : schema::event_count - 1;
}

filter::Settings settings_of(const Options& options) {
  return {options.render, options.time, options.resolve_ports, options.as_falco};
}

/// What one run over all traces shares.
struct Session {
  const Options& options;
  const filter::Settings settings;
  std::optional<filter::Filter> filter;
  Printer printer;
  Writer out;
  Summary summary;
  uint64_t shown = 0;  // events that count for -n
  uint64_t unknown = 0;
  std::unique_ptr<Recorder> recorder;  // null: nothing is written
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  bool finished() const {
    return interrupted() || !out.ok() || (recorder && !recorder->ok()) ||
           (options.max_events && shown >= *options.max_events);
  }
};

/// Whether an event that the reader gave is printed.
bool is_visible(const Event& event, const Options& options) {
  if (options.quiet) return false;
  const bool internal = event.info().category == schema::Category::internal || event.is_leading();
  return options.debug || !internal;
}

void show(const Event& event, const State& state, Session& session, filter::Stream& stream) {
  ++session.shown;
  if (session.options.summary) session.summary.count(event);
  if (!is_visible(event, session.options)) return;
  if (!session.printer.append(session.out.line(), {event, state, session.settings, stream})) return;
  stream.previous_ts = event.raw().ts;
  session.out.commit();
}

/// Events that change nothing need not be decoded when nobody looks at them: those that the filter
/// cannot match, or all when nothing is printed or counted.
std::optional<EventTypes> wanted_types(const Session& session) {
  const Options& options = session.options;
  if (session.recorder) return std::nullopt;
  const bool unseen = options.quiet && !options.summary && !options.max_events;
  if (!session.filter && !unseen) return std::nullopt;
  EventTypes wanted = state_event_types();
  if (session.filter) wanted |= session.filter->types_to_decode();
  // Types that the dialect does not know are not numbered, which only the decoder can tell.
  for (size_t id = last_type(options) + 1; id < wanted.size(); ++id) wanted.set(id);
  return wanted;
}

bool matches(const Event& event, Session& session, const State& state,
             const filter::Stream& stream) {
  return !session.filter || session.filter->matches({event, state, session.settings, stream});
}

/// Whether an event comes too late for -M.
bool is_past(uint64_t ts, uint64_t first_ts, uint64_t max_ns) {
  return first_ts != 0 && ts >= first_ts && ts - first_ts >= max_ns;
}

int replay_trace(const std::string& path, Session& session) {
  auto opened = TraceReader::open(path, wanted_types(session));
  if (!opened) {
    report(path, opened.error());
    return exit_user_error;
  }
  TraceReader& reader = **opened;
  const WaitingFor waiting(reader.input());
  State state;
  Decoder decoder(state, last_type(session.options));
  const bool asks_enter =
      session.printer.needs_enter() || (session.filter && session.filter->needs_enter());
  if (session.options.as_falco && asks_enter) decoder.keep_enter_events();
  StateImport records(state, !session.options.exclude_users);
  filter::Stream stream;
  if (session.recorder) session.recorder->begin(reader);
  Progress progress(reader.input(), session.options.progress);

  const uint64_t max_ns = session.options.max_seconds.value_or(0) * 1'000'000'000;
  uint64_t passed_over = 0;
  while (!session.finished() && reader.next(records) == TraceReader::Step::event) {
    decoder.pass_over(reader.passed_over() - passed_over);
    passed_over = reader.passed_over();
    if (max_ns != 0 && is_past(reader.event().ts, decoder.first_ts(), max_ns)) break;
    if (session.recorder) session.recorder->prepare(reader.event(), decoder);
    const Event* event = decoder.decode(reader.event());
    stream.first_ts = decoder.first_ts();
    const bool shown = event != nullptr && (reader.event().flags & state_only) == 0 &&
                       matches(*event, session, state, stream);
    const bool written = shown || !session.filter || session.options.filter_display;
    if (session.recorder) session.recorder->event(reader, event, written);
    if (shown) show(*event, state, session, stream);
    progress.tick(decoder.events());
  }

  progress.finish();
  session.unknown += decoder.unknown_types();
  if (!session.filter) session.shown += reader.passed_over();
  session.out.flush();
  if (!reader.error() || interrupted()) return exit_done;
  report(path, *reader.error());
  return exit_user_error;
}

void print_figures(const Session& session) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - session.start;
  fmt::print(stderr, "Elapsed time: {:.3f}, Captured Events: {}, {:.2f} eps\n", elapsed.count(),
             session.shown, static_cast<double>(session.shown) / elapsed.count());
  if (session.unknown != 0)
    fmt::print(stderr, "Events of unknown type, left out: {}\n", session.unknown);
}

/// False when there is a trace to write and it cannot be.
bool open_recorder(Session& session) {
  const Options& options = session.options;
  if (options.write_to.empty()) return true;
  const Codec codec = options.gzip ? Codec::gzip : options.plain ? Codec::plain : Codec::zstd;
  auto recorder = Recorder::open({.name = options.write_to,
                                  .writer = {.codec = codec},
                                  .rotation = options.rotation,
                                  .select = session.filter.has_value() && !options.filter_display,
                                  .inputs = options.traces});
  if (!recorder) {
    report(recorder.error().message);
    return false;
  }
  session.recorder = std::move(*recorder);
  return true;
}

int close_recorder(Session& session) {
  if (!session.recorder) return exit_done;
  const auto done = session.recorder->close();
  if (!done) report(done.error().message);
  return done ? exit_done : exit_user_error;
}

}  // namespace

void report(const std::string& message) { fmt::print(stderr, "gyr: {}\n", message); }

void report(const std::string& trace, const Error& error) {
  if (error.offset)
    report(fmt::format("{}: byte {}: {}", trace, *error.offset, error.message));
  else
    report(fmt::format("{}: {}", trace, error.message));
}

Result<std::optional<filter::Filter>> compile_filter(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto compiled = filter::Filter::compile(text);
  if (!compiled) return fail(filter::explain(text, compiled.error()));
  return std::optional(std::move(*compiled));
}

int run_replay(const Options& options) {
  auto filter = compile_filter(fmt::format("{}", fmt::join(options.filter_words, " ")));
  if (!filter) {
    report("filter: " + filter.error().message);
    return exit_user_error;
  }
  catch_interrupts();
  const bool each_line = options.unbuffered || ::isatty(STDOUT_FILENO) == 1;
  auto printer = Printer::make(options);
  if (!printer) {
    report(printer.error().message);
    return exit_user_error;
  }
  Session session{.options = options,
                  .settings = settings_of(options),
                  .filter = std::move(*filter),
                  .printer = std::move(*printer),
                  .out = Writer(STDOUT_FILENO, each_line),
                  .summary = {},
                  .recorder = nullptr};
  if (!open_recorder(session)) return exit_user_error;
  int status = exit_done;
  for (const std::string& trace : options.traces) {
    if (session.finished()) break;
    status = std::max(status, replay_trace(trace, session));
  }
  status = std::max(status, close_recorder(session));
  if (options.summary) session.summary.append(session.out.line());
  session.out.flush();
  if (options.verbose) print_figures(session);
  if (!session.out.failure().empty()) {
    report("cannot write: " + session.out.failure());
    return exit_user_error;
  }
  return status;
}

}  // namespace gyr
