#include "cli/scan/config.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "cli/scan/config/keys.hpp"
#include "cli/scan/options.hpp"
#include "filter/filter.hpp"
#include "rules/compile.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;

namespace {

ConfigReading read(const std::string& text, const std::vector<std::string>& settings = {}) {
  return read_config_text("f.yaml", text, settings);
}

/// What is right altogether.
ScanConfig config_of(const std::string& text, const std::vector<std::string>& settings = {}) {
  const ConfigReading reading = read(text, settings);
  for (const std::string& error : reading.errors) FAIL_CHECK(error);
  CHECK(reading.warnings.empty());
  return reading.config;
}

/// The first line of the only error.
std::string error_of(const std::string& text, const std::vector<std::string>& settings = {}) {
  const ConfigReading reading = read(text, settings);
  if (reading.errors.size() != 1) return "there are " + std::to_string(reading.errors.size());
  return reading.errors[0].substr(0, reading.errors[0].find('\n'));
}

}  // namespace

TEST_CASE("configuration: the table of keys") {
  std::set<std::string_view> names, groups;
  std::string_view group;
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    CHECK(names.insert(key.name).second);
    CHECK(key.doc.ends_with('.'));
    const size_t dot = key.name.find('.');
    const std::string_view own = dot == std::string_view::npos ? "" : key.name.substr(0, dot);
    if (own != group && !own.empty()) CHECK(groups.insert(own).second);  // they stand together
    group = own;
    ScanConfig config;
    ConfigProblems problems;
    const auto documents = rules::parse_yaml(key.preset, 0);
    REQUIRE(documents);
    problems.files.add("preset", std::string(key.preset));
    key.set(config, *documents->at(0), key.name, problems);
    CHECK(problems.errors.empty());
  }
}

TEST_CASE("configuration: what is listed is read again, and is the default") {
  CHECK(config_of(list_config()) == config_of(""));
  const ScanConfig config = config_of("");
  CHECK(config.style == rules::AlertStyle{});
  CHECK(config.append_output == rules::CompileOptions{}.additions);
  CHECK(config.http.timeout == 10000);
  CHECK(!config.first);
}

TEST_CASE("configuration: values") {
  const ScanConfig config = config_of(
      "rules_files: [a.yaml, b]\n"
      "priority: Warning\n"
      "rule_matching: first\n"
      "rules:\n"
      "  - disable: {rule: '*'}\n"
      "  - enable: {tag: network}\n"
      "json_output: yes\n"
      "json_include_tags_property: off\n"
      "append_output:\n"
      "  - match: {source: syscall, tags: [a, b], rule: R}\n"
      "    extra_output: pid=%proc.pid\n"
      "    extra_fields: [evt.num, who: 'it is %proc.name']\n"
      "http_output:\n"
      "  headers: {X-Token: abc}\n"
      "  format: json\n"
      "  user_agent: ''\n"
      "  max_retries:\n");
  CHECK(config.rules_files == Texts{"a.yaml", "b"});
  CHECK(config.priority == rules::Priority::warning);
  CHECK(config.first);
  CHECK(config.rules == std::vector<RuleSelection>{{false, "*", ""}, {true, "", "network"}});
  CHECK(config.json);
  CHECK(!config.style.tags);
  const rules::OutputAddition addition{.source = "syscall",
                                       .tags = {"a", "b"},
                                       .rule = "R",
                                       .text = "pid=%proc.pid",
                                       .fields = {{"evt.num", ""}, {"who", "it is %proc.name"}}};
  CHECK(config.append_output == std::vector<rules::OutputAddition>{addition});
  CHECK(config.http.headers == TextMap{{"X-Token", "abc"}});
  CHECK(config.http.format == LineFormat::json);
  CHECK(config.http.max_retries == 5);  // nothing: as it was
}

TEST_CASE("configuration: what is wrong has its place") {
  CHECK(error_of("prioritty: debug") ==
        "f.yaml:1:1: error: there is no key 'prioritty'; did you mean 'priority'?");
  CHECK(error_of("http_output:\n  url: x\n  ulr: y\n") ==
        "f.yaml:3:3: error: there is no key 'http_output.ulr'; did you mean 'http_output.url'?");
  CHECK(error_of("http_output: [1]") ==
        "f.yaml:1:14: error: 'http_output' takes a mapping, found a list");
  CHECK(error_of("json_output: maybe") ==
        "f.yaml:1:14: error: 'json_output' takes true or false, found 'maybe'");
  CHECK(error_of("outputs_queue: {capacity: -1}")
            .starts_with("f.yaml:1:27: error: 'outputs_queue.capacity' takes a number from 0"));
  CHECK(error_of("rules_files: x") ==
        "f.yaml:1:14: error: 'rules_files' takes a list, found a text");
  CHECK(error_of("rules: [{disable: {name: x}}]")
            .starts_with("f.yaml:1:20: error: 'disable' has no key 'name'"));
  CHECK(error_of("rule_matching: some") ==
        "f.yaml:1:16: error: 'rule_matching' takes first or all, found 'some'");
  CHECK(error_of("append_output: [{extra_output: 'x %proc.nam'}]") ==
        "f.yaml:1:36: error: there is no field 'proc.nam'; did you mean 'proc.name'?");
  CHECK(error_of("append_output: [{extra_fields: [evt.nun]}]")
            .starts_with("f.yaml:1:33: error: there is no field 'evt.nun'"));
  CHECK(error_of("priority: info\npriority: debug\n") ==
        "f.yaml:2:1: error: the key 'priority' stands there twice");
  CHECK(error_of("rules_files: []\nrules_file: []\n").starts_with("f.yaml:2:1: error: the key"));
  CHECK(error_of("- a") ==
        "f.yaml:1:1: error: a configuration is a mapping of keys to values, "
        "found a list");
  CHECK(error_of("a: [").find("this is not YAML") != std::string::npos);
  CHECK(error_of("priority: info\n---\npriority: debug\n").ends_with("is one document"));
  CHECK(read("a: 1\nb: 2\njson_output: 3\n").errors.size() == 3);
}

TEST_CASE("configuration: Falco's other keys are a warning") {
  const ConfigReading reading = read(
      "engine: {kind: kmod}\nwebserver: {enabled: true}\nhttp_output: {compress_uploads: false}\n"
      "priority: info\n");
  CHECK(reading.errors.empty());
  CHECK(reading.warnings == Texts{"f.yaml: warning: Falco's keys that gyr has no use for: "
                                  "engine, webserver, http_output.compress_uploads"});
  CHECK(reading.config.priority == rules::Priority::informational);
}

namespace {

/// Configuration files in a folder; $ in a text is the folder.
struct Files {
  explicit Files(const std::map<std::string, std::string>& texts) {
    std::filesystem::create_directory(folder / "d");
    for (const auto& [name, text] : texts) std::ofstream(folder / name) << in_folder(text);
  }
  std::string in_folder(std::string text) const {
    for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at))
      text.replace(at, 1, folder / "");
    return text;
  }
  ConfigReading read(const std::vector<std::string>& settings = {}) const {
    return read_config(folder / "main.yaml", settings);
  }

  test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("configuration: files that are part of it, each with its strategy") {
  const std::string main =
      "priority: error\nrules_files: [a]\nhttp_output: {url: u, keep_alive: true}\n";
  const std::string more =
      "priority: info\nrules_files: [b]\nhttp_output: {url: v}\njson_output: true\n";
  const auto merged = [&](const std::string& strategy) {
    const Files files(
        {{"main.yaml", "config_files: [{path: $d, strategy: " + strategy + "}]\n" + main},
         {"d/1", more}});
    const ConfigReading reading = files.read();
    CHECK(reading.errors.empty());
    CHECK(reading.warnings.empty());
    CHECK(reading.config.config_files.size() == 1);
    CHECK(reading.config.json);
    return reading.config;
  };
  const ScanConfig appended = merged("append");
  CHECK(appended.priority == rules::Priority::informational);
  CHECK(appended.rules_files == Texts{"a", "b"});
  CHECK(appended.http.url == "v");
  CHECK(!appended.http.keep_alive);  // a mapping is replaced as a whole
  CHECK(merged("override").rules_files == Texts{"b"});
  CHECK(merged("override").priority == rules::Priority::informational);
  const ScanConfig added = merged("add-only");
  CHECK(added.priority == rules::Priority::error);
  CHECK(added.rules_files == Texts{"a"});
  CHECK(added.http.url == "u");
}

TEST_CASE("configuration: files of a folder come by name, and settings behind all") {
  const Files files({{"main.yaml", "config_files: [$d, $last.yaml]\n"},
                     {"d/2", "rules_files: [2]\npriority: info\n"},
                     {"d/1", "rules_files: [1]\npriority: error\n"},
                     {"last.yaml", "rules_files: [3]\n"}});
  const ConfigReading reading = files.read({"rules_files[]=4"});
  CHECK(reading.errors.empty());
  CHECK(reading.config.rules_files == Texts{"1", "2", "3", "4"});
  CHECK(reading.config.priority == rules::Priority::informational);
  const auto late = files.read({"config_files[]=x"}).errors;
  REQUIRE(late.size() == 1);
  CHECK(late[0].starts_with("-o:1:1: error: config_files is for files"));
}

TEST_CASE("configuration: what is wrong in files that are part of it") {
  const Files files({{"main.yaml", "config_files: [$d, $none.yaml]\n"},
                     {"d/1", "priorty: info\n"},
                     {"d/2", "config_files: [x]\n"},
                     {"d/3", "- a\n"},
                     {"d/4", "priority: info\npriority: debug\n"}});
  const ConfigReading reading = files.read();
  std::vector<std::string> firsts;
  for (const std::string& error : reading.errors)
    firsts.push_back(error.substr(0, error.find('\n')));
  const auto at = [&](const std::string& text) { return files.in_folder("$d/" + text); };
  CHECK(std::set<std::string>(firsts.begin(), firsts.end()) ==
        std::set<std::string>{
            at("1:1:1: error: there is no key 'priorty'; did you mean 'priority'?"),
            at("2:1:1: error: a file that is named by config_files cannot name others"),
            at("3:1:1: error: a configuration is a mapping of keys to values, found a list"),
            at("4:2:1: error: the key 'priority' stands there twice")});
  CHECK(reading.warnings ==
        Texts{files.in_folder("warning: $none.yaml, one of config_files, does not exist")});
  CHECK(error_of("config_files: [{path: x, strategy: both}]") ==
        "f.yaml:1:36: error: 'strategy' takes append, override or add-only, found 'both'");
  CHECK(error_of("config_files: [{strategy: append}]") ==
        "f.yaml:1:16: error: an entry of 'config_files' needs a path");
  CHECK(error_of("config_files: [{path: [x]}]").starts_with("f.yaml:1:23: error: 'path' takes"));
}

TEST_CASE("configuration: static fields") {
  const std::string fields = "static_fields: {region: eu, zone_2: '${GYR_TEST_UNSET}b c'}\n";
  const std::string formats = "append_output: [{extra_output: 'in %static.region'}]\n";
  const ScanConfig config = config_of(formats + fields);
  CHECK(config.static_fields == TextMap{{"region", "eu"}, {"zone_2", "b c"}});
  const auto is_field = [](const char* condition) {
    return filter::Filter::compile(condition).has_value();
  };
  CHECK(is_field("static.region = eu"));
  CHECK_FALSE(is_field("static.regio = eu"));
  CHECK(error_of(formats).find("error: static_fields of the configuration have no 'region'") !=
        std::string::npos);
  CHECK_FALSE(is_field("static.region = eu"));  // those of another configuration
  for (const char* name : {"a-b", "2", "''", "ä"})
    CHECK(error_of("static_fields: {" + std::string(name) + ": x}").find("cannot be the name") !=
          std::string::npos);
  CHECK(error_of("static_fields: [a]").find("takes a mapping") != std::string::npos);
}

TEST_CASE("configuration: settings go before the file") {
  const std::string file = "priority: error\nrules_files: [a, b]\nhttp_output: {url: u}\n";
  const ScanConfig config =
      config_of(file, {"priority=debug", "http_output.headers.X-A=b=c", "rules_files[1]=x",
                       "rules_files[]=y", "rules[].disable.rule=*", "rules[].enable={tag: t}",
                       "http_output.headers.a\\.b=1", "program_output.program={a: b"});
  CHECK(config.priority == rules::Priority::debug);
  CHECK(config.http.url == "u");
  CHECK(config.http.headers == TextMap{{"X-A", "b=c"}, {"a.b", "1"}});
  CHECK(config.rules_files == Texts{"a", "x", "y"});
  CHECK(config.rules == std::vector<RuleSelection>{{false, "*", ""}, {true, "", "t"}});
}

TEST_CASE("configuration: a setting adds to what is there by default") {
  const auto additions = config_of("", {"append_output[].extra_output=n=%evt.num"}).append_output;
  REQUIRE(additions.size() == 2);
  CHECK(additions[0].suggested);
  CHECK(additions[1].text == "n=%evt.num");
  CHECK(config_of("append_output: []").append_output.empty());
}

TEST_CASE("configuration: what is wrong in settings has its place") {
  CHECK(error_of("", {"x"}) ==
        "-o:1:2: error: a setting is key=value, key.sub=value, key[0]=value or key[]=value");
  for (const char* wrong : {"", "=x", "a..b=c", "a[=1", "a[x]=1", ".a=1"}) {
    CAPTURE(wrong);
    CHECK(error_of("", {wrong}).find("a setting is key=value") != std::string::npos);
  }
  std::string deep = "a";
  for (int level = 0; level < 100'000; ++level) deep += ".a";
  CHECK(error_of("", {deep + "=1"}).find("a setting is key=value") != std::string::npos);
  CHECK(error_of("", {"http_output.ulr=x"}).starts_with("-o:1:13: error: there is no key"));
  CHECK(error_of("", {"json_output=x"}) ==
        "-o:1:13: error: 'json_output' takes true or false, found 'x'");
  CHECK(error_of("rules_files: [a]", {"rules_files[3]=x"}) ==
        "-o:1:12: error: the list has 1 items; [] stands for a new one behind them");
  CHECK(error_of("rules_files: [a]", {"rules_files.x=x"}) ==
        "-o:1:13: error: what the setting is for is a list and not a mapping");
}

TEST_CASE("configuration: variables of the environment") {
  ::setenv("GYR_TEST_VARIABLE", "value", 1);
  ::unsetenv("GYR_TEST_UNSET");
  CHECK(with_environment("a ${GYR_TEST_VARIABLE}b${GYR_TEST_UNSET}") == "a valueb");
  CHECK(with_environment("$${GYR_TEST_VARIABLE} ${") == "${GYR_TEST_VARIABLE} ${");
  CHECK(with_environment("$GYR_TEST_VARIABLE $") == "$GYR_TEST_VARIABLE $");
  CHECK(config_of("http_output: {url: 'http://${GYR_TEST_VARIABLE}/'}").http.url ==
        "http://value/");
  CHECK(config_of("", {"http_output.url=${GYR_TEST_VARIABLE}"}).http.url == "value");
}

TEST_CASE("configuration: flags go before it") {
  const auto options_of = [](std::vector<std::string> arguments, const std::string& file) {
    auto options = parse_scan(std::move(arguments));
    REQUIRE(options);
    REQUIRE(use_config(*options, read(file).config));
    return *options;
  };
  const std::string file = "rules_files: [f]\npriority: error\njson_output: true\n";
  CHECK(options_of({"t.scap"}, file).rule_files == Texts{"f"});
  CHECK(options_of({"t.scap"}, file).min_priority == rules::Priority::error);
  CHECK(options_of({"t.scap"}, file).format == AlertFormat::json);
  const ScanOptions options =
      options_of({"-r", "g", "--min-priority", "info", "--format", "text", "t.scap"}, file);
  CHECK(options.rule_files == Texts{"g"});
  CHECK(options.min_priority == rules::Priority::informational);
  CHECK(options.format == AlertFormat::text);
  const std::string quiet = file + "stdout_output: {enabled: false}\n";
  CHECK(options_of({"t.scap"}, quiet).silent);
  CHECK(!options_of({"--output", "o", "t.scap"}, quiet).silent);
}

TEST_CASE("configuration: rules are switched on and off in order") {
  ScanOptions options;
  options.config.rules = {{false, "*", ""}, {true, "", "network"}, {false, "Net B", ""}};
  const auto selected = [&](const std::string& name, std::set<std::string> tags) {
    rules::Rule rule;
    rule.name = rules::TracedText(name, {});
    rule.tags = std::move(tags);
    return is_selected(rule, options);
  };
  CHECK(selected("Net A", {"network"}));
  CHECK(!selected("Net B", {"network"}));
  CHECK(!selected("Other", {"file"}));
  CHECK(!selected("No tag", {}));
  options.selections = {{true, "Oth*", ""}};
  CHECK(selected("Other", {}));
}

TEST_CASE("configuration: of -D and -E the last that names a rule counts") {
  const auto selected = [](std::vector<std::string> words) {
    words.push_back("t.scap");
    const auto options = parse_scan(std::move(words));
    REQUIRE(options);
    rules::Rule rule;
    rule.name = rules::TracedText(std::string_view("Net"), {});
    return is_selected(rule, *options);
  };
  CHECK(selected({"-D", "*", "-E", "Net"}));
  CHECK(!selected({"-E", "Net", "-D", "*"}));
  CHECK(!selected({"-D", "N*", "-E", "Other"}));
  CHECK(selected({"-E", "*", "-D", "Other"}));
}
