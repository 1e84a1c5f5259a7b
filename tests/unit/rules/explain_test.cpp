#include "rules/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/loader.hpp"
#include "tests/support/field_probe.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::rules;
using namespace gyr::test;

namespace type = schema::type;

namespace {

uint16_t call_code(std::string_view name) {
  const auto found = std::ranges::find(schema::syscalls, name, &schema::Syscall::name);
  REQUIRE(found != schema::syscalls.end());
  return static_cast<uint16_t>(found - schema::syscalls.begin());
}

/// A process that opens a file, seen by one rule.
struct Scene {
  explicit Scene(const std::string& condition, const std::string& macros = {}) {
    loader.load(loader.files.add(
        "r.yaml", macros + "- rule: R\n  desc: d\n  output: o\n  priority: INFO\n  condition: >\n" +
                      "    " + condition + "\n"));
    compiled = compile_rules(loader.definitions, {}, loader.findings);
    for (const Finding& finding : loader.findings.all())
      if (is_error(finding.code)) FAIL(render(finding, loader.files));
    REQUIRE(compiled.rules.size() == 1);
  }

  void open(std::string_view path) {
    world.by(7).event(type::openat_2_exit,
                      {i64(3), i64(-100), text(path), u32(1), u32(0), u32(5), u64(42)});
    REQUIRE(world.last() != nullptr);
  }
  const Explanation& explanation() {
    const filter::Moment moment{*world.last(), world.state, settings, stream};
    return explainer.explain(compiled.rules.front(), moment);
  }
  std::string lines() {
    Text text;
    append_explanation(text, explanation(), "");
    return std::string(text.view());
  }
  std::string json() {
    Text text;
    append_explanation_json(text, explanation());
    return std::string(text.view());
  }

  Loader loader;
  RuleProgram compiled;
  World world{one_process(7, "cat", "/root")};
  filter::Settings settings;
  filter::Stream stream;
  Explainer explainer;
};

}  // namespace

TEST_CASE("explain: an alert's tree has every value and the names of macros") {
  Scene scene("opening and fd.name startswith /etc and not (proc.name = x or proc.pname exists)",
              "- macro: opening\n  condition: evt.type in (open, openat)\n");
  scene.open("/etc/shadow");
  CHECK(scene.lines() ==
        "yes  opening: evt.type in (open, openat)  (is openat)\n"
        "yes  fd.name startswith /etc  (is /etc/shadow)\n"
        "yes  not any of\n"
        "no     proc.name = x  (is cat)\n"
        "no     proc.pname exists  (is <NA>)\n");
  CHECK(scene.explanation().holds);
  CHECK(scene.explanation().asked);
  CHECK(scene.explanation().parts[1].macros == std::vector<std::string>{"opening"});
  scene.open("/tmp/x");
  CHECK(scene.lines() ==
        "yes  opening: evt.type in (open, openat)  (is openat)\n"
        "no   fd.name startswith /etc  (is /tmp/x)  <- why\n"
        "yes  not any of\n"
        "no     proc.name = x  (is cat)\n"
        "no     proc.pname exists  (is <NA>)\n");
}

TEST_CASE("explain: the reason is the first of an and, all of an or, turned round by not") {
  Scene scene("(proc.name = a or proc.name = b) and fd.num = 9");
  scene.open("/x");
  CHECK(scene.lines() ==
        "no   any of\n"
        "no     proc.name = a  (is cat)  <- why\n"
        "no     proc.name = b  (is cat)  <- why\n"
        "no   fd.num = 9  (is 3)\n");
  Scene negated("not (evt.type = openat and fd.num = 3) and proc.name = cat");
  negated.open("/x");
  CHECK(negated.lines() ==
        "no   not all of\n"
        "yes    evt.type = openat  (is openat)  <- why\n"
        "yes    fd.num = 3  (is 3)  <- why\n"
        "yes  proc.name = cat  (is cat)\n");
  Scene either("not (fd.num = 9 or fd.num = 3 or proc.name = cat)");
  either.open("/x");
  CHECK(either.lines() ==
        "no   not any of\n"
        "no     fd.num = 9  (is 3)\n"
        "yes    fd.num = 3  (is 3)  <- why\n"
        "yes    proc.name = cat  (is cat)\n");
}

TEST_CASE("explain: macros in macros, of groups, and under a not that goes away") {
  Scene scene("outer and not without",
              "- macro: inner\n  condition: (evt.type = openat and fd.num > 2)\n"
              "- macro: outer\n  condition: inner\n"
              "- macro: without\n  condition: not proc.name = cat\n");
  scene.open("/x");
  CHECK(scene.lines() ==
        "yes  outer: inner: all of\n"
        "yes    evt.type = openat  (is openat)\n"
        "yes    fd.num > 2  (is 3)\n"
        "yes  not without: proc.name = cat  (is cat)\n");
}

TEST_CASE("explain: two fields, long lists, and the constant that fits") {
  Scene scene(
      "evt.type = openat and fd.num = val(evt.rawres) and"
      " proc.name in (a, b, c, d, e, f, g, h, i, cat) and fd.name pmatch (/usr, /etc)");
  scene.open("/etc/x");
  CHECK(scene.lines() ==
        "yes  evt.type = openat  (is openat)\n"
        "yes  fd.num = val(evt.rawres)  (is 3, evt.rawres is 3)\n"
        "yes  proc.name in (a, b, c, d, e, ... 5 more)  (is cat)\n"
        "yes  fd.name pmatch (/usr, /etc)  (is /etc/x, fits /etc)\n");
}

TEST_CASE("explain: a rule that is about other events") {
  Scene scene("evt.type = connect and proc.name = cat");
  scene.open("/x");
  CHECK_FALSE(scene.explanation().asked);
  CHECK_FALSE(scene.explanation().holds);
  CHECK(scene.lines() ==
        "no   evt.type = connect  (is openat)  <- why\n"
        "yes  proc.name = cat  (is cat)\n");
}

TEST_CASE("explain: generic events are those of their call") {
  Scene scene("evt.type = getcwd and proc.name = x");
  const auto generic = [&](uint16_t call) {
    scene.world.by(7).event(type::generic_exit, {u16(call)});
    REQUIRE(scene.world.last() != nullptr);
  };
  generic(call_code("sysinfo"));
  CHECK_FALSE(scene.explanation().asked);
  CHECK(scene.lines().starts_with("no   evt.type = getcwd  (is sysinfo)  <- why\n"));
  Scene about("evt.type = sysinfo and proc.name = x");
  about.world.by(7).event(type::generic_exit, {u16(call_code("sysinfo"))});
  CHECK(about.explanation().asked);
  CHECK(about.lines().ends_with("no   proc.name = x  (is cat)  <- why\n"));
}

TEST_CASE("explain: what a trace says does not drive the terminal") {
  Scene scene("evt.type = openat and fd.name contains etc");
  scene.open("/etc/\x1b[31m\xc2\x9b\nred");
  CHECK(scene.lines() ==
        "yes  evt.type = openat  (is openat)\n"
        "yes  fd.name contains etc  (is /etc/.[31m...red)\n");
  scene.open("/etc/" + std::string(300, 'x'));
  CHECK(scene.lines().size() < 260);
}

TEST_CASE("explain: as JSON, terms in terms") {
  Scene scene("evt.type = openat and (proc.name = cat or fd.name = \"\\\"\")");
  scene.open("/etc/\"");
  const auto tree = nlohmann::json::parse(scene.json());
  CHECK(tree["holds"] == true);
  REQUIRE(tree["terms"].size() == 2);
  CHECK(tree["terms"][0]["text"] == "evt.type = openat");
  CHECK(tree["terms"][1]["terms"][1]["value"] == "/etc/\"");
  CHECK(tree["terms"][1]["terms"][1]["holds"] == false);
}

TEST_CASE("explain: one comparison alone") {
  Scene scene("evt.type = openat");
  scene.open("/x");
  CHECK(scene.lines() == "yes  evt.type = openat  (is openat)\n");
  CHECK(scene.json() == R"({"holds":true,"text":"evt.type = openat","value":"openat"})");
}
