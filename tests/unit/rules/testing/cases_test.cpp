// Files of cases, and the verdict on alerts.
#include "rules/testing/cases.hpp"

#include <doctest/doctest.h>

#include "rules/testing/verdict.hpp"

using namespace gyr;
using namespace gyr::rules;

namespace {

struct Loaded {
  SourceFiles files;
  Findings findings;
  std::vector<Case> cases;

  explicit Loaded(const std::string& text) {
    cases = load_cases(files.add("tests/c.yaml", text), files, findings);
  }
  std::string error(size_t index) const {
    const auto& all = cases.at(index).findings.all();
    return all.empty() ? "" : place_text(all[0].place, files) + ": " + all[0].message;
  }
};

using Lines = std::vector<std::string>;

Lines compare(const std::string& expect, const std::vector<SeenAlert>& alerts) {
  const Loaded loaded("- case: a\n  trace: t\n  expect: " + expect + "\n");
  CHECK(loaded.error(0) == "");
  return differences(loaded.cases[0].expect, alerts);
}

}  // namespace

TEST_CASE("cases: a file of them") {
  const Loaded loaded(
      "- case: first\n  trace: a.scap\n  expect: none\n"
      "- case: second\n  events: []\n  enable: [X, Y]\n  expect:\n    - One\n"
      "    - {rule: Two, count: 3}\n    - {rule: Three, count: 2+, output: this}\n");
  CHECK(loaded.findings.errors() == 0);
  REQUIRE(loaded.cases.size() == 2);
  CHECK(loaded.error(0) == "");
  CHECK(loaded.error(1) == "");
  CHECK(loaded.cases[0].trace == "tests/a.scap");
  const Case& second = loaded.cases[1];
  REQUIRE(second.expect.size() == 3);
  CHECK(second.enable.size() == 2);
  CHECK(second.expect[1].count == 3);
  CHECK(second.expect[2].or_more);
  CHECK(second.expect[2].output == "this");
}

TEST_CASE("cases: what is wrong with one leaves the others alone") {
  const Loaded loaded(
      "- case: a\n  trace: x\n  expet: none\n"
      "- case: b\n  trace: x\n  events: []\n  expect: none\n"
      "- case: c\n  expect: none\n"
      "- 5\n"
      "- case: d\n  trace: x\n  expect: {a: b}\n"
      "- case: e\n  trace: x\n  expect: [{rule: R, count: 0}]\n"
      "- case: f\n  trace: x\n  expect: [R]\n"
      "- case: f\n  trace: x\n  expect: [R]\n"
      "- trace: x\n  expect: [[R]]\n");
  CHECK(loaded.findings.errors() == 0);
  REQUIRE(loaded.cases.size() == 9);
  CHECK(loaded.error(0) == "tests/c.yaml:3:3: 'case' has no 'expet'; did you mean 'expect'?");
  CHECK(loaded.error(1) ==
        "tests/c.yaml:4:3: the case has both 'trace' and 'events'; give one of "
        "them");
  CHECK(loaded.error(2) == "tests/c.yaml:8:3: the case has neither 'trace' nor 'events'");
  CHECK(loaded.error(3) == "tests/c.yaml:10:3: a case is a mapping, found a text");
  CHECK(loaded.error(4).find("'expect' takes a list of rules, or none") != std::string::npos);
  CHECK(loaded.error(5).find("'count' takes a number from 1 on") != std::string::npos);
  CHECK(loaded.error(6) == "");
  CHECK(loaded.error(7).find("a case of the name 'f' already") != std::string::npos);
  CHECK(loaded.error(8).find("the case has no 'case'") != std::string::npos);
}

TEST_CASE("cases: a file that is none") {
  CHECK(Loaded("case: a\n").findings.errors() == 1);
  CHECK(Loaded("- [\n").findings.errors() == 1);
  CHECK(Loaded("").findings.errors() == 0);
  const Loaded broken("- case: [a\n");
  REQUIRE(broken.findings.errors() == 1);
  CHECK(render_case_error(broken.findings.all()[0], broken.files).starts_with("tests/c.yaml:"));
}

TEST_CASE("verdict: exactly these alerts") {
  CHECK(compare("none", {}).empty());
  CHECK(compare("[A]", {{"A", 5, "m"}}).empty());
  CHECK(compare("[A, B]", {{"B", 5, "m"}, {"A", 6, "m"}}).empty());
  CHECK(compare("[A, A]", {{"A", 5, "m"}, {"A", 6, "m"}}).empty());
  CHECK(compare("[{rule: A, count: 2+}]", {{"A", 1, ""}, {"A", 2, ""}, {"A", 3, ""}}).empty());
  CHECK(compare("[A]", {}) == Lines{"expected: A, once; it came never"});
  CHECK(compare("[{rule: A, count: 3}]", {{"A", 5, "m"}}) ==
        Lines{"expected: A, 3 times; it came once", "  event 5: m"});
  CHECK(compare("[{rule: A, count: 2+}]", {{"A", 5, "m"}}) ==
        Lines{"expected: A, 2 times or more; it came once", "  event 5: m"});
  CHECK(compare("none", {{"A", 5, "a\x1b[31m"}}) ==
        Lines{"not expected: A, once", "  event 5: a.[31m"});
}

TEST_CASE("verdict: many alerts are counted") {
  const std::vector<SeenAlert> many(5, SeenAlert{"A", 5, "m"});
  CHECK(compare("none", many) == Lines{"not expected: A, 5 times", "  event 5: m", "  event 5: m",
                                       "  event 5: m", "  and 2 more"});
}

TEST_CASE("verdict: messages") {
  CHECK(compare("[{rule: A, output: shadow}]", {{"A", 5, "cat /etc/shadow"}}).empty());
  CHECK(compare("[{rule: A, output: shadow}]", {{"A", 5, "cat /etc/passwd"}}) ==
        Lines{"expected: A with 'shadow'; its message is", "  event 5: cat /etc/passwd"});
  CHECK(compare("[{rule: A, output: x}, {rule: A, output: y}]", {{"A", 5, "x"}, {"A", 6, "y"}})
            .empty());
  CHECK(compare("[{rule: A, output: x}, A]", {{"A", 5, "x"}, {"A", 6, "z"}}).empty());
}
