#include "rules/loader.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "filter/parser.hpp"
#include "rules/compile.hpp"
#include "rules/exceptions.hpp"
#include "rules/expand.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace {

/// "LINE:COLUMN CODE MESSAGE (CONTEXT)" of each finding that is an error (or all).
std::vector<std::string> said(const Findings& findings, const SourceFiles& files,
                              bool all = false) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings.all()) {
    if (!all && !is_error(finding.code)) continue;
    const std::string text = render(finding, files);
    lines.push_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

std::vector<std::string> errors_of(const std::string& text) {
  Loader loader;
  loader.load(loader.files.add("r.yaml", text));
  compile_rules(loader.definitions, {}, loader.findings);
  loader.findings.sort();
  return said(loader.findings, loader.files);
}

std::string rule(const std::string& condition) {
  return "- rule: R\n  desc: d\n  output: o\n  priority: INFO\n  condition: " + condition + "\n";
}

std::string condition_of(const std::string& text) {
  Loader loader;
  loader.load(loader.files.add("r.yaml", text));
  Expander expander(loader.definitions, loader.findings);
  const auto tree = expander.tree_of(loader.definitions.rules.at(0));
  for (const std::string& line : said(loader.findings, loader.files)) FAIL_CHECK(line);
  return tree != nullptr ? dump(*tree) : "none";
}

}  // namespace

TEST_CASE("rules: macros and lists are put in") {
  CHECK(condition_of("- list: shells\n  items: [bash, \"a b\"]\n"
                     "- macro: shell\n  condition: proc.name in (shells, x)\n" +
                     rule("shell and not evt.type = open")) ==
        "(proc.name in (bash, \"a b\", x) and not evt.type = open)");
  CHECK(condition_of("- list: none\n  items: []\n" + rule("proc.name in (a, none)")) ==
        "proc.name in (a)");
}

TEST_CASE("rules: append and override join texts") {
  const std::string appended =
      "- rule: R\n  condition: and proc.name = b\n  override: {condition: append}\n";
  CHECK(condition_of(rule("evt.type = open or proc.name = a") + appended) ==
        "(evt.type = open or (proc.name = a and proc.name = b))");
}

TEST_CASE("rules: exceptions") {
  CHECK(condition_of(
            rule("evt.type = open") +
            "  exceptions:\n"
            "    - name: e\n      fields: [proc.name, fd.name]\n      comps: [=, startswith]\n"
            "      values: [[cat, /etc], [ls, /x]]\n"
            "    - name: f\n      fields: proc.name\n      values: [a, b]\n") ==
        "(evt.type = open and not ((proc.name = cat and fd.name startswith /etc) or "
        "(proc.name = ls and fd.name startswith /x)) and not proc.name in (a, b))");
}

TEST_CASE("rules: all errors at once, each with its place") {
  const auto errors =
      errors_of("- macro: m\n  condition: >\n    evt.type = open\n    and proc.nam = x\n" +
                rule("m and evt.type = opne and (nosuch or fd.num = q)") +
                "- rule: S\n  desc: d\n  output: \"%proc.nome\"\n  condition: m and fd.num = q\n"
                "  priority: LOUD\n- list: l\n");
  REQUIRE(errors.size() >= 4);
  std::string all;
  for (const std::string& line : errors) all += line + "\n";
  CAPTURE(all);
  CHECK(all.find("r.yaml:4:9: error: there is no field 'proc.nam'") != std::string::npos);
  CHECK(all.find("in macro 'm', used by rule 'S'") != std::string::npos);
  CHECK(all.find("there is no macro 'nosuch'") != std::string::npos);
  CHECK(all.find("there is no priority 'LOUD'") != std::string::npos);
  CHECK(all.find("the list has no 'items'") != std::string::npos);
}

TEST_CASE("rules: bytes that are no YAML move no place behind them") {
  using namespace std::string_literals;
  const std::string text = rule(">\n    proc.name = o\0n\n    and "s);
  const auto field = errors_of(text + "    proc.nam = x\n");
  const auto end = errors_of(text + "\n- list: l\n  items: [a]\n");
  REQUIRE(field.size() == 1);
  REQUIRE(end.size() == 1);
  CHECK(field[0].starts_with("r.yaml:8:5: error: there is no field 'proc.nam'"));
  CHECK(end[0].starts_with("r.yaml:8:1: error: expected a check"));
}

TEST_CASE("rules: codes are those that Falco gives") {
  const auto only = [](const std::string& text) {
    const auto errors = errors_of(text);
    return errors.size() == 1 ? errors.front() : std::to_string(errors.size()) + " errors";
  };
  CHECK(only(rule("evt.type = open") + "  exceptions:\n    - name: e\n") ==
        "r.yaml:7:7: error: the exception has no 'fields' (in rule 'R') [LOAD_ERR_YAML_VALIDATE]");
  CHECK(only(rule("evt.type = open") + "- rule: R\n  append: true\n") ==
        "r.yaml:6:3: error: what is appended to a rule is a condition or exceptions (in rule 'R') "
        "[LOAD_ERR_VALIDATE]");
  CHECK(only("- list:\n  items: [a]\n") ==
        "r.yaml:1:3: error: 'list' is empty [LOAD_ERR_YAML_VALIDATE]");
  CHECK(only("rules_files: [a]\n").find("is it a configuration") != std::string::npos);
}

TEST_CASE("rules: plugins that are required") {
  const auto found = [](const std::string& name, const std::string& version) {
    Loader loader;
    loader.load(loader.files.add("r.yaml", "- required_plugin_versions:\n  - name: " + name +
                                               "\n    version: " + version + "\n"));
    loader.check_plugins();
    const auto lines = said(loader.findings, loader.files, true);
    return lines.empty() ? std::string("nothing") : lines.front();
  };
  CHECK(found("container", "0.4.0") == "nothing");
  CHECK(found("container", "100.0.0") ==
        "r.yaml:2:5: error: the file needs the plugin container 100.0.0; gyr does what versions "
        "below 1.0.0 do [LOAD_ERR_VALIDATE]");
  CHECK(found("json", "0.1.0") ==
        "r.yaml:2:5: warning: the file needs the plugin json 0.1.0, which is not there "
        "[LOAD_MISSING_PLUGIN]");
}

TEST_CASE("rules: values that are probably not what was meant") {
  const auto doubts = [](const std::string& condition) {
    Loader loader;
    loader.load(loader.files.add("r.yaml", rule("evt.type = open and " + condition)));
    compile_rules(loader.definitions, {}, loader.findings);
    const auto lines = said(loader.findings, loader.files, true);
    std::string all;
    for (const std::string& line : lines) all += line;
    return all;
  };
  CHECK(doubts("proc.name = proc.pname") ==
        "r.yaml:5:46: warning: 'proc.pname' is a text here, not the field; that would be "
        "val(proc.pname) (in rule 'R') [LOAD_COMPILE_CONDITION]");
  CHECK(doubts("proc.name in (a, 'proc.pname ')").find("'proc.pname '") != std::string::npos);
  CHECK(doubts("proc.name = 'toupper( proc.pname)'").find("transformer") != std::string::npos);
  CHECK(doubts("fd.name regex '.*foo'").find("endswith foo") != std::string::npos);
  CHECK(doubts("fd.name regex '^foo$'").find("= foo") != std::string::npos);
  for (const char* good : {"proc.name = val(proc.pname)", "proc.name = a.out", "fd.name = '/a(b)'",
                           "fd.name regex '/a[0-9]'", "fd.name regex '.*'"})
    CHECK(doubts(good) == "");
}

TEST_CASE("rules: what is no value does not hold the parser up") {
  for (const char* text : {",b ", ", , ,", "- list: a\n  items: []\n...\n,"})
    CHECK(errors_of(text).size() == 1);
  CHECK(errors_of("---\n---\n...\n---\n").empty());
}

TEST_CASE("rules: the published files load unchanged") {
  const std::string folder = corpus_path("rules");
  if (folder.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  for (const char* name : {"falco_rules.yaml", "falco-incubating_rules.yaml",
                           "k8s_audit_rules.yaml", "aws_cloudtrail_rules.yaml"}) {
    std::ifstream in(folder + "/" + name);
    std::stringstream text;
    text << in.rdbuf();
    Loader loader;
    loader.load(loader.files.add(name, text.str()));
    const RuleProgram compiled = compile_rules(loader.definitions, {}, loader.findings);
    for (const std::string& line : said(loader.findings, loader.files)) FAIL_CHECK(line);
    CHECK(loader.definitions.rules.size() >= 5);
  }
}

namespace {

std::string nested(size_t deep, const std::string& open, const std::string& inner) {
  std::string text;
  for (size_t i = 0; i < deep; ++i) text += open;
  return text + inner + std::string(deep, ')');
}

/// Macros m1 to mN: each is made of the one before, and the first is `first`.
std::string chain(size_t n, const std::string& first, const std::string& before,
                  const std::string& after) {
  std::string text = "- macro: m1\n  condition: " + first + "\n";
  for (size_t i = 2; i <= n; ++i)
    text += "- macro: m" + std::to_string(i) + "\n  condition: " + before + 'm' +
            std::to_string(i - 1) + after + "\n";
  return text;
}

const std::string some = "evt.type = open";
const std::string level = "proc.name = a or proc.pid = 1 and (";  // two, with its parenthesis

}  // namespace

TEST_CASE("rules: conditions may be as deep as Falco takes, and more") {
  constexpr size_t most = filter::max_depth;
  CHECK(errors_of(rule(nested(most, "(", some))).empty());
  const auto parentheses = errors_of(rule(nested(most + 1, "(", some)));
  REQUIRE(parentheses.size() == 1);
  CHECK(parentheses[0].find("more than 400 parentheses inside each other") != std::string::npos);
  CHECK(errors_of(rule(nested(most / 2, level, some))).empty());
  CHECK(errors_of(rule(nested(most / 2, "not " + level, some))).size() <= 1);
  const auto high = errors_of(rule(nested(most / 2 + 1, level, some)));
  REQUIRE(high.size() == 1);
  CHECK(high[0].find("more than 400 levels of 'and' and 'or'") != std::string::npos);
}

TEST_CASE("rules: macros in macros are no way around the limit") {
  constexpr size_t most = filter::max_depth / 2;
  const auto macros = [&](size_t n) { return chain(n, some, level, ")"); };
  CHECK(errors_of(macros(100) + rule("m100")).empty());
  const std::string whole = nested(most, level, some);
  CHECK(errors_of(chain(1, whole, "", "") + rule("m1")).empty());
  const auto errors = errors_of(chain(2, whole, "proc.pid = 2 and ", "") + rule("m2"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].find("with the macro 'm1', there are more than 400 levels") != std::string::npos);
  CHECK(errors[0].find("in macro 'm2'") != std::string::npos);
}

TEST_CASE("rules: a long chain of macros that are defined again does not end the program") {
  // Each sees all others, so that the first one that is looked at opens all of them.
  constexpr size_t n = 12000;
  std::string text, again;
  for (size_t i = 1; i <= n; ++i) {
    const std::string name = "- macro: m" + std::to_string(i);
    text += name + "\n  condition: " + some + "\n";
    again += name + "\n  condition: m" + std::to_string(i + 1) + "\n";
  }
  text += "- macro: m" + std::to_string(n + 1) + "\n  condition: " + some + "\n";
  const auto errors = errors_of(text + again + rule("m1"));
  REQUIRE_FALSE(errors.empty());
  CHECK(errors[0].find("levels of 'and', 'or' and macros inside each other") != std::string::npos);
}

TEST_CASE("rules: names of macros in a long chain do not add up") {
  const auto errors = errors_of(chain(5000, some, "", "") + rule("m5000"));
  REQUIRE_FALSE(errors.empty());
  CHECK(errors[0].find("the macros in macros are too large together") != std::string::npos);
}
