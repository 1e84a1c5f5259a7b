#include "rules/review.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "filter/parser.hpp"
#include "rules/loader.hpp"
#include "rules/terms.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace {

std::string rule(const std::string& name, const std::string& condition) {
  return "- rule: " + name +
         "\n  desc: d\n  output: o\n  priority: INFO\n  condition: " + condition + "\n";
}

/// "CODE MESSAGE (CONTEXT)" of each of our own findings.
std::vector<std::string> review_of(const std::string& text, bool first_only = false) {
  Loader loader;
  loader.load(loader.files.add("r.yaml", text));
  const RuleProgram compiled = compile_rules(loader.definitions, {}, loader.findings);
  for (const Finding& finding : loader.findings.all())
    if (is_error(finding.code)) FAIL(render(finding, loader.files));
  Findings findings;
  review_rules(compiled, {.first_only = first_only}, findings);
  std::vector<std::string> lines;
  for (const Finding& finding : findings.all())
    lines.push_back(std::string(code_name(finding.code)) + " " + finding.message + " (" +
                    finding.context + ")");
  return lines;
}

std::string contradiction(std::string_view condition) {
  const auto tree = filter::parse_filter(condition, {});
  REQUIRE(tree);
  return contradiction_in(**tree).value_or("none");
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("review: terms that contradict each other") {
  CHECK(contradiction("proc.name = a and fd.num = 3 and proc.name = b") ==
        "proc.name = a and proc.name = b");
  CHECK(contradiction("proc.name in (a, b) and not proc.name in (c, b, a)") ==
        "proc.name in (a, b) and not proc.name in (c, b, a)");
  CHECK(contradiction("proc.name = abc and proc.name startswith b") ==
        "proc.name = abc and proc.name startswith b");
  CHECK(contradiction("proc.name = a and proc.name != a") == "proc.name = a and proc.name != a");
  CHECK(contradiction("proc.name = a and not (proc.name = a or fd.num = 3)") ==
        "proc.name = a and not proc.name = a");
  CHECK(contradiction("proc.name = a and (proc.name = b or proc.name = c)") ==
        "proc.name = a and proc.name in (b, c)");
  CHECK(contradiction("fd.num = 3 and fd.num > 5") == "fd.num = 3 and fd.num > 5");
  CHECK(contradiction("fd.num = 3 and proc.name in ()") == "proc.name in ()");
  CHECK(contradiction("proc.name in ()") == "proc.name in ()");
  CHECK(contradiction("proc.name = a and not proc.name exists") ==
        "proc.name = a and not proc.name exists");
  CHECK(contradiction("(fd.num = 1 and fd.num = 2) or (proc.name = a and proc.name = b)") ==
        "fd.num = 1 and fd.num = 2");
  CHECK(contradiction("evt.type = open and (fd.num = 1 and fd.num = 2 or fd.num < 0 and fd.num = "
                      "1)") == "fd.num = 1 and fd.num = 2");
}

TEST_CASE("review: terms that only look as if they did") {
  for (const std::string_view condition : {
           "proc.name = a and proc.pname = b",
           "proc.name in (a, b) and proc.name in (b, c)",
           "proc.name in (a, b) and not proc.name = a",
           "proc.aname = a and proc.aname = b",    // one of the ancestors
           "fd.ip = 1.2.3.4 and fd.ip = 5.6.7.8",  // one of the ends
           "evt.rawarg.flags = 1 and evt.rawarg.flags = 0x1",
           "user.uid = -1 and user.uid = 4294967295",
           "fd.num = 3 and fd.num = 0x3",
           "proc.name = a or proc.name = b",
           "not (proc.name = a and proc.name = b)",
           "(proc.name = a and proc.name = b) or fd.num = 3",
           "proc.name = a and proc.name = val(proc.pname)",
           "not proc.name in ()",
           "fd.num = 3 or proc.name in ()",
           "evt.buffer contains a and evt.buffer contains b",
       }) {
    CAPTURE(condition);
    CHECK(contradiction(condition) == "none");
  }
}

TEST_CASE("review: rules that never match") {
  CHECK(review_of(rule("R", "evt.type = open and proc.name = a and proc.name = b")) ==
        Lines{"GYR_NEVER_MATCHES the rule can never match: it asks for proc.name = a and "
              "proc.name = b (in rule 'R')"});
  CHECK(review_of(rule("R", "evt.type in (open, openat) and evt.dir = > and proc.name = a")) ==
        Lines{"GYR_NEVER_MATCHES the rule can never match: it asks for calls that begin, and "
              "rules are about calls that have ended (in rule 'R')"});
  CHECK(review_of(rule("R", "evt.type = close and evt.arg.linkpath = x")) ==
        Lines{"GYR_NEVER_MATCHES the rule can never match: its condition fits no type of event "
              "(in rule 'R')"});
}

TEST_CASE("review: rules that match every event of their types") {
  CHECK(review_of(rule("R", "evt.type in (open, openat)")) ==
        Lines{"GYR_MATCHES_EVERYTHING every event of type open or openat is an alert: the "
              "condition says "
              "nothing else (in rule 'R')"});
  CHECK(review_of(rule("R", "evt.type != open")).size() == 1);
  CHECK(review_of(rule("R", "evt.type = open and proc.name exists")).empty());
}

TEST_CASE("review: rules that an earlier one hides") {
  const std::string wide = rule("W", "evt.type in (open, openat) and not proc.name in (a, b)");
  const std::string narrow =
      rule("N", "evt.type = open and not proc.name in (c, b, a) and fd.num > 3");
  const Lines shadowed{
      "GYR_SHADOWED the rule 'W' comes before and matches whenever this one would (in rule 'N')"};
  CHECK(review_of(wide + narrow, true) == shadowed);
  CHECK(review_of(wide + narrow, false).empty());
  CHECK(review_of(narrow + wide, true).empty());
  const std::string other = rule("O", "evt.type = open and not proc.name = a and fd.num > 3");
  CHECK(review_of(wide + other, true).empty());
  const std::string again =
      rule("A", "not proc.name in (b, a) and (evt.type = openat or evt.type = open)");
  CHECK(review_of(wide + again, false) ==
        Lines{"GYR_SHADOWED the rule 'W' has the same condition (in rule 'A')"});
}

TEST_CASE("review: comparisons of audit fields with <NA>") {
  Loader loader;
  loader.load(loader.files.add("r.yaml",
                               "- rule: R\n  desc: d\n  output: o\n  priority: INFO\n"
                               "  source: k8s_audit\n"
                               "  condition: ka.verb in (a, <NA>) and ka.name = b\n"));
  compile_rules(loader.definitions, {}, loader.findings);
  size_t warned = 0;
  for (const Finding& finding : loader.findings.all()) {
    if (finding.code != Code::unsafe_na_check) continue;
    ++warned;
    CHECK(render(finding, loader.files).starts_with("r.yaml:6:14: warning: "));
  }
  CHECK(warned == 1);
}

TEST_CASE("review: nothing is wrong with the rules that are published") {
  if (corpus_path("rules").empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  for (const char* name : {"falco_rules.yaml", "falco-incubating_rules.yaml"}) {
    std::ifstream in(corpus_path(std::string("rules/") + name));
    std::stringstream content;
    content << in.rdbuf();
    const Lines lines = review_of(content.str(), true);
    const std::string_view to_be_filled =
        "GYR_NEVER_MATCHES the rule can never match: it asks for k8s.ns.name in () "
        "(in rule 'Network Connection outside Local Subnet')";
    for (const std::string& line : lines) CHECK(line == to_be_filled);
  }
}
