#include "cli/run.hpp"

#include <fmt/format.h>

#include "capture/file/reader.hpp"
#include "cli/interrupt.hpp"
#include "cli/live.hpp"
#include "cli/output/progress.hpp"
#include "cli/session.hpp"
#include "decoder/import.hpp"

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
  State state;
  Decoder decoder(state, session.last_type());
  if (session.options.as_falco && session.asks_enter_events()) decoder.keep_enter_events();
  StateImport records(state, !session.options.exclude_users);
  filter::Stream stream;
  if (session.recorder) session.recorder->begin(reader);
  Progress progress(reader.input(), session.options.progress);

  const auto unwanted = [&](int64_t tid, uint16_t cpu) {
    const Thread* thread = state.threads.find(tid, cpu);
    return thread != nullptr && session.is_unwanted(*thread);
  };
  uint64_t passed_over = 0;
  while (!session.finished() && reader.next(records, unwanted) == TraceReader::Step::event) {
    decoder.pass_over(reader.passed_over() - passed_over);
    passed_over = reader.passed_over();
    if (session.is_past(reader.event().ts, decoder.first_ts())) break;
    session.prepare(reader.event(), decoder);
    const Event* event = decoder.decode(reader.event());
    stream.first_ts = decoder.first_ts();
    session.take(reader.block(), reader.event(), event, state, stream);
    progress.tick(decoder.events());
  }

  session.trace_ends(state, session.has_enough() ? 0 : reader.last_ts());
  progress.finish();
  session.unknown += decoder.unknown_types();
  session.newer += decoder.newer_types();
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
