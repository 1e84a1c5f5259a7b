#include "cli/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>

#include "capture/file/reader.hpp"
#include "cli/output/line.hpp"
#include "cli/output/progress.hpp"
#include "cli/output/summary.hpp"
#include "cli/output/writer.hpp"
#include "cli/recorder.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"

namespace gyr {

namespace {

constexpr uint16_t last_type_of_sysdig_0_29 = schema::type::clone3_exit;

// Set by Ctrl-C: the run ends as if the trace did.
std::atomic<bool> interrupted = false;
std::atomic<const InputFile*> waiting_input = nullptr;

void on_interrupt(int) {
  interrupted = true;
  if (const InputFile* input = waiting_input) input->cancel();
}

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // write() then says that the file may not be so large
}

/// What one run over all traces shares.
struct Session {
  const Options& options;
  Writer out;
  Summary summary;
  uint64_t shown = 0;  // events that count for -n
  uint64_t unknown = 0;
  std::unique_ptr<Recorder> recorder;  // null: nothing is written
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  bool finished() const {
    return interrupted || !out.ok() || (recorder && !recorder->ok()) ||
           (options.max_events && shown >= *options.max_events);
  }
};

/// Whether an event that the reader gave is printed.
bool is_visible(const Event& event, const Options& options) {
  if (options.quiet) return false;
  const bool internal = event.info().category == schema::Category::internal || event.is_leading();
  return options.debug || !internal;
}

void show(const Event& event, Session& session, LinePrinter& printer, uint64_t first_ts) {
  ++session.shown;
  if (session.options.summary) session.summary.count(event);
  if (!is_visible(event, session.options)) return;
  printer.append(session.out.line(), event, first_ts);
  session.out.commit();
}

/// When nobody looks at the events, those that do not change the state need not be decoded.
std::optional<EventTypes> wanted_types(const Options& options) {
  const bool unseen =
      options.quiet && !options.summary && !options.max_events && options.write_to.empty();
  return unseen ? std::optional(state_event_types()) : std::nullopt;
}

int replay_trace(const std::string& path, Session& session) {
  auto opened = TraceReader::open(path, wanted_types(session.options));
  if (!opened) {
    report(path, opened.error());
    return exit_user_error;
  }
  TraceReader& reader = **opened;
  waiting_input = &reader.input();
  State state;
  const bool old = session.options.render.dialect == Dialect::sysdig_0_29;
  Decoder decoder(state, old ? last_type_of_sysdig_0_29 : schema::event_count - 1);
  StateImport records(state, !session.options.exclude_users);
  LinePrinter printer(session.options, state);
  if (session.recorder) session.recorder->begin(reader);
  Progress progress(reader.input(), session.options.progress);

  while (!session.finished() && reader.next(records) == TraceReader::Step::event) {
    if (session.recorder) session.recorder->prepare(reader.event(), decoder);
    const Event* event = decoder.decode(reader.event());
    if (session.recorder) session.recorder->event(reader, event, true);
    if (event != nullptr && (reader.event().flags & state_only) == 0)
      show(*event, session, printer, decoder.first_ts());
    progress.tick(decoder.events());
  }

  waiting_input = nullptr;
  progress.finish();
  session.unknown += decoder.unknown_types();
  session.shown += reader.passed_over();
  session.out.flush();
  if (!reader.error() || interrupted) return exit_done;
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

int run_replay(const Options& options) {
  catch_interrupts();
  const bool each_line = options.unbuffered || ::isatty(STDOUT_FILENO) == 1;
  Session session{options, Writer(STDOUT_FILENO, each_line), {}, 0, 0, nullptr};
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
