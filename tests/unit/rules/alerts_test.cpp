// The alerts of a trace are those that Falco gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "capture/file/reader.hpp"
#include "filter/replay.hpp"
#include "rules/alert.hpp"
#include "rules/engine.hpp"
#include "rules/loader.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace {

std::string content(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A line of JSON but for the local time, which the text begins with.
std::string essence(const std::string& line) {
  auto alert = nlohmann::json::parse(line);
  const auto text = alert["output"].get<std::string>();
  alert["output"] = text.substr(text.find(' '));
  return alert.dump();
}

std::vector<std::string> alerts(const std::vector<std::string>& names, bool first) {
  Loader loader;
  for (const std::string& name : names)
    loader.load(loader.files.add(name, content(corpus_path("rules/" + name))));
  Engine engine(compile_rules(loader.definitions, {}, loader.findings), first);
  REQUIRE(loader.findings.errors() == 0);
  auto reader = TraceReader::open(corpus_file("attack.scap.zst"));
  REQUIRE(reader);
  AlertWriter writer(engine.rules());
  filter::Replay replay(**reader, {.keep_enter_events = engine.needs_enter()});
  filter::Settings settings;
  settings.as_falco = true;
  std::vector<std::string> lines;
  while (replay.next()) {
    const Event* event = replay.decode();
    if (event == nullptr || event->is_hidden()) continue;
    const filter::Moment moment = replay.moment(*event, settings);
    engine.match(moment, [&](const CompiledRule& rule) {
      Text line;
      writer.append_json(line, rule, moment);
      lines.push_back(essence(std::string(line.view())));
    });
  }
  return lines;
}

std::vector<std::string> expected(const std::string& name) {
  std::vector<std::string> lines;
  std::istringstream in(content(corpus_path("expected/" + name)));
  for (std::string line; std::getline(in, line);) lines.push_back(essence(line));
  return lines;
}

}  // namespace

TEST_CASE("rules: alerts are those of Falco") {
  if (corpus_path("expected").empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  const auto first = alerts({"falco_rules.yaml"}, true);
  const auto wanted = expected("attack.falco-stable-first.jsonl");
  CHECK(first.size() == wanted.size());
  for (size_t i = 0; i < std::min(first.size(), wanted.size()); ++i) CHECK(first[i] == wanted[i]);
  const auto all = alerts({"falco_rules.yaml", "falco-incubating_rules.yaml"}, false);
  const auto wanted_all = expected("attack.falco-stable-incubating-all.jsonl");
  CHECK(all.size() == wanted_all.size());
  for (size_t i = 0; i < std::min(all.size(), wanted_all.size()); ++i)
    CHECK(all[i] == wanted_all[i]);
}
