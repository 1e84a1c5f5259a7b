// Output formats, as text and as JSON, over synthetic events.
//
// The first byte picks how to print, then comes the format up to a NUL, then events: synthetic.hpp.
// A format that is refused must be explained; one that is taken must print, and whatever the events
// hold, each line of JSON must be valid.
#include <nlohmann/json.hpp>

#include "cli/output/printer.hpp"
#include "filter/parser.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/synthetic.hpp"

namespace gyr::fuzz {

namespace {

/// One style of printing, over all events.
class Output {
 public:
  explicit Output(Options options) : options_(std::move(options)) {
    auto made = Printer::make(options_);
    check(made.has_value(), "a format that was taken before");
    printer_.emplace(std::move(*made));
  }

  void show(const Event& event, const State& state, uint64_t first_ts) {
    const filter::Settings settings{options_.render, options_.time, false};
    const filter::Stream stream{first_ts, previous_ts_};
    line_.clear();
    const bool shown = printer_->append(line_, {event, state, settings, stream});
    previous_ts_ = event.raw().ts;
    check(shown == !line_.empty(), "an event that has no line but text, or the other way round");
    if (!shown) return;
    check(line_.view().back() == '\n', "a line without an end");
    if (options_.json) check(nlohmann::json::accept(line_.view()), "a line that is no JSON");
  }

 private:
  Options options_;
  std::optional<Printer> printer_;
  Text line_;
  uint64_t previous_ts_ = 0;
};

void show_all(Bytes events_bytes, Output& text, Output& json) {
  SyntheticReplay replay(events_bytes);
  while (const Event* event = replay.next()) {
    text.show(*event, replay.state, replay.decoder.first_ts());
    json.show(*event, replay.state, replay.decoder.first_ts());
  }
}

void run(Bytes bytes) {
  if (bytes.empty()) return;
  const std::string_view rest = as_text(bytes.subspan(1));
  const std::string_view format = rest.substr(0, rest.find('\0'));
  if (auto parsed = filter::OutputFormat::parse(format); !parsed) {
    check(parsed.error().offset.value_or(0) <= format.size(), "an error behind the end");
    check(!filter::explain(format, parsed.error()).empty(), "an error without a message");
    return;
  }
  Options options = options_of(static_cast<unsigned>(bytes.front()));
  options.format = format;
  Options json_options = options;
  json_options.json = true;
  Output text(options), json(json_options);
  show_all(bytes.subspan(std::min(bytes.size(), format.size() + 2)), text, json);
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
