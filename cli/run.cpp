#include "cli/run.hpp"

#include <fmt/format.h>

#include "capture/file/reader.hpp"
#include "cli/interrupt.hpp"
#include "cli/live.hpp"
#include "cli/output/progress.hpp"
#include "cli/session.hpp"
#include "filter/replay.hpp"

namespace gyr {

namespace {

int replay_trace(const std::string& path, Session& session) {
  auto opened = TraceReader::open(path, session.wanted_types(), session.types_by_thread());
  if (!opened) {
    report(path, opened.error());
    return exit_user_error;
  }
  TraceReader& reader = **opened;
  const WaitingFor waiting(reader.input());
  filter::Replay replay(
      reader, {.last_type = session.last_type(),
               .keep_enter_events = session.options.as_falco && session.asks_enter_events(),
               .with_users = !session.options.exclude_users});
  if (session.recorder) session.recorder->begin(reader);
  Progress progress(reader.input(), session.options.progress);

  const auto unwanted = [&](const Thread& thread) { return session.is_unwanted(thread); };
  while (!session.finished() && replay.next(unwanted)) {
    if (session.is_past(replay.raw().ts, replay.first_ts())) break;
    session.prepare(replay.raw(), replay.decoder());
    const Event* event = replay.decode();
    session.take(reader.block(), replay.raw(), event, replay.state(), replay.stream());
    progress.tick(replay.decoder().events());
  }

  session.trace_ends(replay.state(), session.has_enough() ? 0 : reader.last_ts());
  progress.finish();
  session.unknown += replay.decoder().unknown_types();
  session.newer += replay.decoder().newer_types();
  if (!session.filter) session.shown += reader.passed_over();
  session.out.flush();
  if (!reader.error() || interrupted()) return exit_done;
  report(path, *reader.error());
  return exit_user_error;
}

int replay_traces(Session& session) {
  int status = exit_done;
  for (const std::string& trace : session.options.traces) {
    if (session.finished()) break;
    status = std::max(status, replay_trace(trace, session));
  }
  return status;
}

}  // namespace

void report(const std::string& message) { fmt::print(stderr, "gyr: {}\n", message); }

void report(const std::string& trace, const Error& error) {
  if (error.offset)
    report(fmt::format("{}: byte {}: {}", trace, *error.offset, error.message));
  else
    report(fmt::format("{}: {}", trace, error.message));
}

std::optional<int> ends_with_options(std::string_view command, const std::optional<Error>& wrong,
                                     bool wants_help, std::string (*help)()) {
  if (wrong) {
    report(fmt::format("{}: {}", command, wrong->message));
    return exit_user_error;
  }
  if (!wants_help) return std::nullopt;
  fmt::print("{}", help());
  return exit_done;
}

int run_events(const Options& options) {
  catch_interrupts();
  auto session = Session::open(options);
  if (!session) {
    report(session.error().message);
    return exit_user_error;
  }
  const bool live = options.traces.empty();
  const int status = (*session)->finish(live ? capture_live(**session) : replay_traces(**session));
  const auto& chisels = (*session)->chisels;
  return chisels && chisels->host.run_app_asked ? run_again(chisels->host.run_app) : status;
}

}  // namespace gyr
