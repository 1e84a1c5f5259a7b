#include "rules/profile.hpp"

#include <doctest/doctest.h>

#include "rules/engine.hpp"
#include "rules/loader.hpp"
#include "tests/support/field_probe.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace type = schema::type;

namespace {

std::string rule(const std::string& name, const std::string& condition) {
  return "- rule: " + name +
         "\n  desc: d\n  output: o\n  priority: INFO\n  condition: " + condition + "\n";
}

/// An engine that sees openat events of a process named cat.
struct Scene {
  Scene(const std::string& text, bool first) : engine(engine_of(text, first)) {}

  static Engine engine_of(const std::string& text, bool first) {
    Loader loader;
    loader.load(loader.files.add("r.yaml", text));
    RuleProgram compiled = compile_rules(loader.definitions, {}, loader.findings);
    REQUIRE(loader.findings.errors() == 0);
    return {std::move(compiled), first};
  }

  /// The rules that match, with and without profiling the same.
  std::string open(std::string_view path) {
    world.by(7).event(type::openat_2_exit,
                      {i64(3), i64(-100), text(path), u32(1), u32(0), u32(5), u64(42)});
    const filter::Moment moment{*world.last(), world.state, settings, stream};
    std::string plain, profiled;
    engine.match(moment, [&](const CompiledRule& found) { plain += found.name; });
    engine.match(moment, profile, [&](const CompiledRule& found) { profiled += found.name; });
    CHECK(plain == profiled);
    return plain;
  }

  Engine engine;
  Profile profile = engine.profile();
  World world{one_process(7, "cat", "/root")};
  filter::Settings settings;
  filter::Stream stream;
};

const std::string three_rules = rule("A", "evt.type = openat and fd.name contains etc") +
                                rule("B",
                                     "fd.num = 3 and evt.type in (openat, open) and "
                                     "(fd.name = /x or fd.name contains e)") +
                                rule("C", "evt.type = connect");

}  // namespace

TEST_CASE("profile: who was asked, who matched, and how far events got") {
  Scene scene(three_rules, false);
  CHECK(scene.open("/etc/x") == "AB");
  CHECK(scene.open("/e") == "B");
  CHECK(scene.open("/x") == "B");
  CHECK(scene.open("/tmp") == "");
  const RuleCost& a = scene.profile.costs[0];
  CHECK(a.asked == 4);
  CHECK(a.matched() == 1);
  CHECK(a.steps == std::vector<std::string>{"evt.type = openat", "fd.name contains etc"});
  CHECK(a.passed(0) == 4);
  CHECK(a.passed(1) == 1);
  const RuleCost& b = scene.profile.costs[1];
  CHECK(b.steps == std::vector<std::string>{"evt.type in (openat, open)", "fd.num = 3",
                                            "(fd.name = /x or fd.name contains e)"});
  CHECK(b.stopped == std::vector<uint64_t>{0, 0, 1});
  CHECK(b.matched() == 3);
  CHECK(scene.profile.costs[2].asked == 0);
}

TEST_CASE("profile: with the first match only, rules behind it are not asked") {
  Scene scene(three_rules, true);
  CHECK(scene.open("/etc/x") == "A");
  CHECK(scene.open("/e") == "B");
  CHECK(scene.profile.costs[0].asked == 2);
  CHECK(scene.profile.costs[1].asked == 1);
}

TEST_CASE("profile: conditions that are no and have one step") {
  Scene scene(rule("A", "evt.type = openat or evt.type = open") +
                  rule("B", "evt.type = openat and evt.type = openat") +
                  rule("C", "proc.name = cat and proc.name startswith c"),
              false);
  CHECK(scene.open("/x") == "ABC");
  CHECK(scene.profile.costs[0].steps.size() == 1);
  CHECK(scene.profile.costs[0].matched() == 1);
  CHECK(scene.profile.costs[1].matched() == 1);
  // Found out once per thread, as a whole.
  CHECK(scene.profile.costs[2].steps ==
        std::vector<std::string>{"(proc.name = cat and proc.name startswith c)"});
}

TEST_CASE("profile: the table is sorted by time and safe") {
  Profile profile;
  profile.costs.emplace_back("cheap", std::vector<std::string>{"a"});
  profile.costs.emplace_back("dear\x1b[31m", std::vector<std::string>{"b", "c", "d"});
  profile.costs.emplace_back("idle", std::vector<std::string>{"e"});
  profile.costs[0].add(1'000'000, std::nullopt);
  profile.costs[1].add(2'000'000, 1);
  profile.costs[1].add(7'000'000, 0);
  Profile twice = profile;
  twice.add(profile);
  Text text;
  append_profile(text, twice);
  const std::string table(text.view());
  CAPTURE(table);
  CHECK(table.find("dear.[31m") < table.find("cheap"));
  CHECK(table.find("   18.0") != std::string::npos);
  CHECK(table.find("2    b\n") != std::string::npos);
  CHECK(table.find("    a\n") == std::string::npos);
  CHECK(table.find("0    c\n") != std::string::npos);
  CHECK(table.find("    d\n") == std::string::npos);
  CHECK(table.ends_with("not asked, for there was no event of their types:\n  idle\n"));
}
