#include "rules/testing/replay.hpp"

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "rules/alert.hpp"

namespace gyr::rules {

namespace {

/// What is looked at: events that rules ask for, and those that the state needs.
EventTypes wanted_types(const Engine& engine) {
  EventTypes wanted = engine.types() | state_event_types();
  for (size_t id = 0; id + 1 < wanted.size(); id += 2)
    if (wanted[id + 1]) wanted.set(id);  // the enter event of an old trace answers for its exit
  return wanted;
}

}  // namespace

Result<std::vector<Alert>> alerts_of(const std::string& trace, Engine& engine) {
  auto opened = TraceReader::open(trace, wanted_types(engine));
  if (!opened) return fail(std::move(opened.error()));
  TraceReader& reader = **opened;
  State state;
  Decoder decoder(state);
  StateImport records(state, true);
  AlertWriter writer(engine.rules(), "test");
  if (engine.needs_enter() || writer.needs_enter()) decoder.keep_enter_events();
  filter::Settings settings;
  settings.as_falco = true;
  filter::Stream stream;
  std::vector<Alert> alerts;
  uint64_t passed_over = 0;
  Text message;
  while (reader.next(records) == TraceReader::Step::event) {
    decoder.pass_over(reader.passed_over() - passed_over);
    passed_over = reader.passed_over();
    const Event* event = decoder.decode(reader.event());
    stream.first_ts = decoder.first_ts();
    if (event == nullptr || (reader.event().flags & state_only) != 0) continue;
    const filter::Moment moment{*event, state, settings, stream};
    engine.match(moment, [&](const CompiledRule& rule) {
      message.clear();
      writer.append_message(message, rule, moment);
      alerts.push_back({&rule, event->num(), std::string(message.view())});
    });
  }
  if (reader.error()) return fail(*reader.error());
  return alerts;
}

}  // namespace gyr::rules
