#include "tests/unit/rules/testing/written_case.hpp"

#include <doctest/doctest.h>

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "decoder/render/values.hpp"
#include "filter/format.hpp"
#include "rules/testing/case_trace.hpp"
#include "tests/support/trace_builder.hpp"

namespace gyr::test {

namespace {

std::string line_of(const Event& event, const State& state) {
  Text text;
  append_args(text, event, state, RenderOptions{.user_names = false});
  std::string line = std::to_string(event.raw().tid) + ' ' + std::string(event.info().name);
  if (!text.empty()) line += ' ' + std::string(text.view());
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

void read_back(const std::vector<std::byte>& bytes, const std::string& format, Written& to) {
  const MemoryFile file(as_text(bytes));
  auto reader = TraceReader::open(file.path());
  REQUIRE(reader);
  State state;
  Decoder decoder(state);
  StateImport records(state, true);
  auto output = filter::OutputFormat::parse('*' + format);
  REQUIRE(output);
  filter::Settings settings;
  settings.as_falco = true;
  filter::Stream stream;
  while ((*reader)->next(records) == TraceReader::Step::event) {
    const Event* event = decoder.decode((*reader)->event());
    REQUIRE(event != nullptr);
    stream.first_ts = decoder.first_ts();
    CHECK(event->nparams() == event->info().params.size());
    to.events.push_back(line_of(*event, state));
    Text text;
    output->append(text, {*event, state, settings, stream});
    to.fields.emplace_back(text.view());
  }
  if ((*reader)->error()) FAIL_CHECK((*reader)->error()->message);
}

}  // namespace

Written write_case(const std::string& yaml, const std::string& format) {
  Written written;
  rules::SourceFiles files;
  rules::Findings findings;
  const uint32_t file = files.add("c.yaml", yaml);
  const auto documents = rules::parse_yaml(files[file].text, file);
  REQUIRE(documents);
  REQUIRE(documents->size() == 1);
  const std::vector<std::byte> bytes = rules::build_trace(*(*documents)[0], findings);
  findings.sort();
  for (const rules::Finding& finding : findings.all())
    written.errors.push_back(place_text(finding.place, files).substr(7) + ": " + finding.message);
  read_back(bytes, format, written);
  return written;
}

std::string event_of(const std::string& yaml) {
  const Written written =
      write_case("- process: {tid: 100, exe: /bin/cat}\n- fd: {fd: 3, file: /x}\n- " + yaml + '\n');
  for (const std::string& error : written.errors) FAIL_CHECK(error);
  return written.events.empty() ? "" : written.events.back();
}

std::string error_of(const std::string& yaml) {
  const Written written = write_case("- process: {tid: 100, exe: /bin/cat}\n- " + yaml + '\n');
  return written.errors.empty() ? "" : written.errors.front();
}

}  // namespace gyr::test
