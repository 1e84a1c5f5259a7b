#include "cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/run.hpp"
#include "filter/parser.hpp"

namespace gyr {

namespace {

Result<std::optional<filter::Filter>> compile_filter(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto compiled = filter::Filter::compile(text);
  if (!compiled) return fail(filter::explain(text, compiled.error()));
  return std::optional(std::move(*compiled));
}

}  // namespace

std::string filter_text(const Options& options) {
  return fmt::format("{}", fmt::join(options.filter_words, " "));
}

Session::Session(const Options& chosen, Printer format)
    : options(chosen),
      settings{options.render, options.time, options.resolve_ports, options.as_falco},
      out(STDOUT_FILENO, options.unbuffered || ::isatty(STDOUT_FILENO) == 1),
      printer_(std::move(format)) {}

Result<std::unique_ptr<Session>> Session::open(const Options& options) {
  auto printer = Printer::make(options);
  if (!printer) return fail(std::move(printer.error()));
  auto session = std::make_unique<Session>(options, std::move(*printer));
  for (const auto part : {&Session::open_chisels, &Session::open_filter, &Session::open_recorder}) {
    if (auto opened = (session.get()->*part)(); !opened) return fail(std::move(opened.error()));
  }
  session->open_gate();
  return session;
}

Result<void> Session::open_chisels() {
  if (options.chisels.empty()) return {};
  auto run = ChiselRun::open(options, settings);
  if (!run) return fail(std::move(run.error()));
  chisels = std::move(*run);
  return {};
}

/// That of the command line, and the one that a chisel has set for all.
Result<void> Session::open_filter() {
  std::string text = filter_text(options);
  if (chisels && !chisels->host.capture_filter.empty()) {
    const std::string& theirs = chisels->host.capture_filter;
    text = text.empty() ? theirs : fmt::format("({}) and ({})", text, theirs);
  }
  auto compiled = compile_filter(text);
  if (!compiled) return fail("filter: " + compiled.error().message);
  filter = std::move(*compiled);
  return {};
}

Result<void> Session::open_recorder() {
  if (options.write_to.empty()) return {};
  const Codec codec = options.gzip ? Codec::gzip : options.plain ? Codec::plain : Codec::zstd;
  auto opened = Recorder::open({.name = options.write_to,
                                .writer = {.codec = codec},
                                .rotation = options.rotation,
                                .select = filter.has_value() && !options.filter_display,
                                .inputs = options.traces});
  if (!opened) return fail(std::move(opened.error()));
  recorder = std::move(*opened);
  return {};
}

/// A recorder needs all events, and chisels may have filters of their own.
void Session::open_gate() {
  if (!filter || !filter->looks_at_thread() || recorder || chisels) return;
  const EventTypes state_types = state_event_types();
  for (uint16_t id = 0; id <= last_type(); ++id)
    types_by_thread_[id] = event_traits()[id].has_thread && !state_types[id];
  gate_.emplace();
}

/// Asks the filter, and remembers of threads that none of their events matches.
bool Session::matches(const filter::Moment& moment) {
  if (!filter) return true;
  const Thread* thread = moment.event.thread();
  const bool gated = gate_ && thread != nullptr;
  if (gated && gate_->is_closed(*thread)) return false;
  if (filter->matches(moment)) return true;
  if (gated && filter->rejects_thread(moment)) gate_->close(*thread);
  return false;
}

bool Session::has_enough() const {
  return !out.ok() || (chisels && chisels->is_over()) || (observer && observer->is_over()) ||
         (recorder && !recorder->ok()) || (options.max_events && shown >= *options.max_events);
}

uint16_t Session::last_type() const {
  const bool live = options.traces.empty();
  const bool old = options.render.dialect == Dialect::sysdig_0_29 && !(live && chisels);
  return old ? schema::type::clone3_exit : schema::event_count - 1;
}

bool Session::asks_enter_events() const {
  return printer_.needs_enter() || (filter && filter->needs_enter()) ||
         (chisels && chisels->set->needs_enter()) || (observer && observer->needs_enter);
}

bool Session::asks_cpu_times() const {
  if (recorder || options.debug) return true;
  constexpr size_t few = 8;  // types, of a condition that names them
  const auto names_it = [](const EventTypes& types) {
    return types[schema::type::procinfo_enter] && types.count() <= few;
  };
  if (filter && names_it(filter->types())) return true;
  const auto of_chisels = chisels ? chisels->set->wanted_types() : std::nullopt;
  return of_chisels && names_it(*of_chisels);
}

std::optional<EventTypes> Session::wanted_types() const {
  if (recorder) return std::nullopt;
  const bool unseen = options.quiet && !options.summary && !options.max_events && !chisels;
  const auto asked = chisels ? chisels->set->wanted_types() : std::nullopt;
  const bool counts = options.summary || options.max_events;
  if (!filter && !unseen && (!asked || counts)) return std::nullopt;
  EventTypes wanted = filter ? filter->types_to_decode() : EventTypes();
  if (asked && !counts) wanted = filter ? wanted & *asked : *asked;
  wanted |= state_event_types();
  // Types that the dialect does not know are not numbered, which only the decoder can tell.
  for (size_t id = last_type() + 1; id < wanted.size(); ++id) wanted.set(id);
  return wanted;
}

bool Session::is_past(uint64_t ts, uint64_t first_ts) const {
  if (!options.max_seconds) return false;
  const uint64_t max_ns = *options.max_seconds * 1'000'000'000;
  return first_ts != 0 && ts >= first_ts && ts - first_ts >= max_ns;
}

/// Whether an event that the reader gave is printed.
bool Session::is_visible(const Event& event) const {
  if (options.quiet) return false;
  const bool internal = event.info().category == schema::Category::internal || event.is_leading();
  return options.debug || !internal;
}

void Session::show(const Event& event, const State& state, filter::Stream& stream) {
  if (event.is_leading() && !options.debug) return;  // part of the records
  ++shown;
  if (options.summary) summary_.count(event);
  if (chisels || !is_visible(event)) return;
  if (!printer_.append(out.line(), {event, state, settings, stream})) return;
  stream.previous_ts = event.raw().ts;
  out.commit();
}

bool Session::take(Bytes block, const RawEvent& raw, const Event* event, const State& state,
                   filter::Stream& stream) {
  const bool shown_at_all = event != nullptr && !event->is_hidden();
  const bool is_match = shown_at_all && matches({*event, state, settings, stream});
  // Intervals pass with events that are not shown, too; what belongs to the records has passed when
  // a chisel starts.
  if (chisels && event != nullptr && !event->is_leading())
    chisels->event({*event, state, settings, stream}, is_match);
  if (observer && shown_at_all) observer->event({*event, state, settings, stream});
  if (recorder) recorder->event(block, raw, event, is_match || !filter || options.filter_display);
  if (is_match) show(*event, state, stream);
  return is_match;
}

void Session::print_figures() const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  fmt::print(stderr, "Elapsed time: {:.3f}, Captured Events: {}, {:.2f} eps\n", elapsed.count(),
             shown, static_cast<double>(shown) / elapsed.count());
  if (unknown != 0) fmt::print(stderr, "Events of unknown type, left out: {}\n", unknown);
}

bool Session::end_recording() {
  if (!recorder || recording_ended_) return recording_failed_;
  recording_ended_ = true;
  if (const auto done = recorder->close(); !done) {
    report(done.error().message);
    recording_failed_ = true;
  }
  return recording_failed_;
}

int Session::finish(int status) {
  if (chisels && chisels->failed()) status = std::max<int>(status, exit_user_error);
  const bool by_default = chisels && !options.dialect_chosen;
  if (by_default && newer != 0 && !interrupted() && !chisels->is_over())
    fmt::print(stderr,
               "gyr: {} events that sysdig 0.29 does not know were kept from the chisel; --compat "
               "today shows them\n",
               newer);
  if (end_recording()) status = std::max<int>(status, exit_user_error);
  if (options.summary) summary_.append(out.line());
  out.flush();
  if (options.verbose) print_figures();
  if (!out.failure().empty()) {
    report("cannot write: " + out.failure());
    return exit_user_error;
  }
  return status;
}

}  // namespace gyr
