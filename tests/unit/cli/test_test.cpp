// gyr test: its runner, reports, and the cases that it adds.
#include <doctest/doctest.h>

#include "cli/test/add_case.hpp"
#include "cli/test/options.hpp"
#include "cli/test/report.hpp"
#include "rules/yaml.hpp"

using namespace gyr;

namespace {

constexpr const char* rule_file =
    "- rule: Passwd\n  desc: d\n  output: read %fd.name\n  priority: INFO\n"
    "  condition: evt.type = openat and fd.name = /etc/passwd\n"
    "- rule: Off\n  desc: d\n  output: o\n  priority: INFO\n  enabled: false\n"
    "  condition: evt.type = close\n";
constexpr const char* events =
    "  events:\n    - process: {tid: 5}\n    - openat: {fd: 3, name: /etc/passwd}\n"
    "    - close: {fd: 3}\n";

struct World {
  rules::Loader loader;

  World() { loader.load(loader.files.add("r.yaml", rule_file)); }
  std::vector<Outcome> run(const std::string& text) {
    rules::Findings findings;
    const uint32_t file = loader.files.add("c.yaml", text);
    std::vector<rules::Case> cases = rules::load_cases(file, loader.files, findings);
    Runner runner(loader);
    std::vector<Outcome> outcomes;
    for (rules::Case& each : cases) outcomes.push_back(runner.run(each));
    untriggered = runner.untriggered();
    return outcomes;
  }
  std::vector<std::string> untriggered;
};

std::string case_of(const std::string& name, const std::string& rest) {
  return "- case: " + name + '\n' + events + "  " + rest + '\n';
}

}  // namespace

TEST_CASE("gyr test: cases pass, fail and go wrong") {
  World world;
  const auto outcomes =
      world.run(case_of("a", "expect: [Passwd]") + case_of("b", "expect: none") +
                case_of("c", "expect: [Paswd]") + case_of("d", "expect: [Passwd, Off]") +
                case_of("e", "enable: [Off]\n  expect: [Passwd, Off]") +
                "- case: f\n  trace: nothing.scap\n  expect: none\n");
  REQUIRE(outcomes.size() == 6);
  using Kind = Outcome::Kind;
  CHECK(outcomes[0].kind == Kind::passed);
  CHECK(outcomes[1].kind == Kind::failed);
  CHECK(outcomes[1].lines[0] == "not expected: Passwd, once");
  CHECK(outcomes[1].lines[1].starts_with("  event 1: read /etc/passwd"));
  CHECK(outcomes[1].place == "c.yaml:7");
  CHECK(outcomes[2].kind == Kind::error);
  CHECK(outcomes[2].lines[0] == "c.yaml:18:12: there is no rule 'Paswd'; did you mean 'Passwd'?");
  CHECK(outcomes[3].lines[0].find("the rule is disabled; add enable: [Off]") != std::string::npos);
  CHECK(outcomes[4].kind == Kind::passed);
  CHECK(outcomes[5].kind == Kind::error);
  CHECK(world.untriggered.empty());
  CHECK(totals_line(outcomes) == "6 cases: 2 passed, 4 failed\n");
}

TEST_CASE("gyr test: what was kept of a process is not believed of the next case's") {
  World world;
  world.loader.load(world.loader.files.add(
      "s.yaml",
      "- rule: Shell\n  desc: d\n  output: o\n  priority: INFO\n"
      "  condition: evt.type = close and proc.name = sh and proc.pname = sshd\n"));
  int number = 0;
  const auto text = [&](const std::string& name, const std::string& parent,
                        const std::string& expect) {
    return "- case: " + std::to_string(++number) +
           "\n  events:\n    - process: {tid: 4, comm: " + parent +
           "}\n    - process: {tid: 5, comm: " + name + ", parent: 4}\n    - close: {tid: 5}\n" +
           "  expect: " + expect + '\n';
  };
  const auto outcomes = world.run(text("sh", "sshd", "[Shell]") + text("ls", "sshd", "none") +
                                  text("sh", "cron", "none") + text("sh", "sshd", "[Shell]"));
  REQUIRE(outcomes.size() == 4);
  for (const Outcome& outcome : outcomes) CHECK(outcome.kind == Outcome::Kind::passed);
}

TEST_CASE("gyr test: rules that no case triggers") {
  World world;
  world.run(case_of("a", "expect: [Passwd]"));
  CHECK(world.untriggered == std::vector<std::string>{"Off"});
}

TEST_CASE("gyr test: JUnit") {
  Outcome good{.file = "a<b>.yaml", .place = "a<b>.yaml:1", .name = "\"x\" & y", .lines = {}};
  Outcome bad = good;
  bad.kind = Outcome::Kind::failed;
  bad.lines = {"expected: <A>"};
  const std::string xml = junit_report({good, bad});
  CHECK(xml.find("<testsuites name=\"gyr test\" tests=\"2\" failures=\"1\" errors=\"0\"") !=
        std::string::npos);
  CHECK(xml.find("classname=\"a&lt;b&gt;.yaml\" name=\"&quot;x&quot; &amp; y\"") !=
        std::string::npos);
  CHECK(xml.find("<failure message=\"expected: &lt;A&gt;\">") != std::string::npos);
}

TEST_CASE("gyr test: names of cases in YAML") {
  for (const char* name : {"plain", "two words", "yes", "None", "12", "a: b", "- x", "\"q\"", "",
                           "back\\slash", "#c", "tab\there", "trailing ", "ü", "a\nb", "null"}) {
    const std::string text = "- " + yaml_scalar(name) + '\n';
    const auto documents = rules::parse_yaml(text, 0);
    REQUIRE_MESSAGE(documents, text);
    REQUIRE_MESSAGE((*documents)[0]->items.size() == 1, text);
    CHECK((*documents)[0]->items[0]->text.text() == name);
  }
  CHECK(file_stem("a shell: /bin/sh") == "a-shell-bin-sh");
  CHECK(file_stem("../..") == "case");
  CHECK(file_stem("/") == "case");
}

TEST_CASE("gyr test: options") {
  CHECK(!parse_test({}));
  CHECK(!parse_test({"r.yaml", "--from-event", "3"}));
  CHECK(!parse_test({"r.yaml", "--add", "x"}));
  CHECK(!parse_test({"r.yaml", "--add", "x", "t.scap", "--from-event", "0"}));
  const auto add = parse_test({"r.yaml", "--add", "x", "t.scap", "proc.name=a", "or", "fd.num=1"});
  REQUIRE(add);
  CHECK(add->trace == "t.scap");
  CHECK(add->trace_filter == "proc.name=a or fd.num=1");
  CHECK(parse_test({"a.yaml", "b.yaml", "-v"})->rule_files.size() == 2);
}
