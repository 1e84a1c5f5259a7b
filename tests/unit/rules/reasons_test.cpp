// Reasons and costs of real rules over a real trace agree with what matches.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "rules/engine.hpp"
#include "rules/explain.hpp"
#include "rules/loader.hpp"
#include "tests/support/random_filters.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace {

Engine engine_of(const std::vector<std::string>& names, bool first_only) {
  Loader loader;
  for (const std::string& name : names) {
    std::ifstream in(corpus_path("rules/" + name));
    std::stringstream text;
    text << in.rdbuf();
    loader.load(loader.files.add(name, text.str()));
  }
  RuleProgram compiled = compile_rules(
      loader.definitions, {.wanted = [](const Rule&) { return true; }}, loader.findings);
  REQUIRE(loader.findings.errors() == 0);
  return {std::move(compiled), first_only};
}

/// The terms of a part, each before what it is made of.
std::vector<size_t> terms_of_part(const std::vector<ExplainedPart>& parts, size_t part) {
  std::vector<size_t> terms;
  for (size_t i = part + 1; i < parts.size() && parts[i].depth > parts[part].depth; ++i)
    if (parts[i].depth == parts[part].depth + 1) terms.push_back(i);
  return terms;
}

/// Whether every group holds as its terms say.
bool adds_up(const Explanation& why) {
  const std::vector<ExplainedPart>& parts = why.parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind == ExplainedPart::Kind::check) continue;
    const bool all = parts[i].kind == ExplainedPart::Kind::all;
    bool content = all;
    for (const size_t term : terms_of_part(parts, i))
      content = all ? content && parts[term].holds : content || parts[term].holds;
    const bool negated = parts[i].text.ends_with(": not all of") ||
                         parts[i].text.ends_with(": not any of") ||
                         parts[i].text.starts_with("not ");
    if ((content != negated) != parts[i].holds) return false;
  }
  return true;
}

bool has_reason(const Explanation& why) {
  return std::ranges::any_of(why.parts, [](const ExplainedPart& part) { return part.decides; });
}

}  // namespace

TEST_CASE("reasons: every rule, explained at events of a trace, holds where it matches") {
  if (corpus_path("rules").empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  Engine engine = engine_of({"falco_rules.yaml", "falco-incubating_rules.yaml"}, false);
  Replay replay(corpus_file("attack.scap.zst"));
  replay.settings.as_falco = true;
  replay.decoder.keep_enter_events();
  Explainer explainer;
  constexpr uint64_t some = 97;  // of the events that match nothing
  uint64_t matches = 0, wrong = 0, sums_wrong = 0, without_reason = 0;
  replay.for_each([&](const filter::Moment& moment) {
    std::map<std::string, bool> found;
    engine.match(moment, [&](const CompiledRule& rule) { found[rule.name] = true; });
    matches += found.size();
    if (found.empty() && moment.event.num() % some != 0) return;
    for (const CompiledRule& rule : engine.rules()) {
      const Explanation& why = explainer.explain(rule, moment);
      wrong += why.holds != found.contains(rule.name);
      sums_wrong += !adds_up(why);
      without_reason += why.asked && !why.holds && !has_reason(why);
    }
  });
  CHECK(matches > 20);
  CHECK(wrong == 0);
  CHECK(sums_wrong == 0);
  CHECK(without_reason == 0);
}

TEST_CASE("reasons: profiled, the same rules match") {
  if (corpus_path("rules").empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  for (const bool first_only : {false, true}) {
    Engine engine = engine_of({"falco_rules.yaml", "falco-incubating_rules.yaml"}, first_only);
    Profile profile = engine.profile();
    Replay replay(corpus_file("attack.scap.zst"));
    replay.settings.as_falco = true;
    replay.decoder.keep_enter_events();
    std::map<std::string, uint64_t> plain, profiled;
    replay.for_each([&](const filter::Moment& moment) {
      engine.match(moment, [&](const CompiledRule& rule) { ++plain[rule.name]; });
      engine.match(moment, profile, [&](const CompiledRule& rule) { ++profiled[rule.name]; });
    });
    CHECK(plain == profiled);
    for (const RuleCost& cost : profile.costs) {
      CAPTURE(cost.name);
      CHECK(cost.matched() == plain[cost.name]);
      CHECK(std::ranges::find(cost.steps, "") == cost.steps.end());
    }
  }
}
