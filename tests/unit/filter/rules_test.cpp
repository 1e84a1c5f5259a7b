// The conditions of the published rule files, with macros and lists put in.
#include <doctest/doctest.h>

#include <map>

#include "filter/parser.hpp"
#include "filter/program.hpp"
#include "tests/support/rule_file.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::filter;
using namespace gyr::test;

namespace {

struct Names {
  std::map<std::string, std::string> macros;              // to their conditions
  std::map<std::string, std::vector<std::string>> lists;  // to their items
};

void append_items(const Names& names, const Literal& value, std::vector<Literal>& to) {
  const auto list = value.quoted ? names.lists.end() : names.lists.find(value.text);
  if (list == names.lists.end()) {
    to.push_back(value);
    return;
  }
  for (const std::string& item : list->second) append_items(names, {item, false, value.span}, to);
}

NodePtr expanded(const Names& names, NodePtr node) {
  if (node->kind == Node::Kind::macro) {
    const auto macro = names.macros.find(node->name);
    if (macro == names.macros.end()) FAIL("no macro " << node->name);
    auto tree = parse_filter(macro->second, {.strict = true});
    REQUIRE(tree);
    return expanded(names, std::move(*tree));
  }
  for (NodePtr& child : node->children) child = expanded(names, std::move(child));
  if (node->kind == Node::Kind::check && node->check.is_list) {
    std::vector<Literal> values;
    for (const Literal& value : node->check.values) append_items(names, value, values);
    node->check.values = std::move(values);
  }
  return node;
}

}  // namespace

TEST_CASE("every condition of the published rules compiles") {
  const std::filesystem::path folder = corpus_path("rules");
  if (folder.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  Program program;
  Names names;
  size_t rules = 0;
  for (const char* file : {"falco_rules.yaml", "falco-incubating_rules.yaml"}) {
    const auto entries = read_rule_file(folder / file);
    for (const RuleEntry& entry : entries) {
      if (entry.kind == "macro") names.macros[entry.name] = entry.condition;
      if (entry.kind == "list") names.lists[entry.name] = entry.items;
    }
    for (const RuleEntry& entry : entries) {
      if (entry.kind != "rule" || entry.condition.empty()) continue;
      CAPTURE(entry.name);
      auto tree = parse_filter(entry.condition, {.strict = true});
      REQUIRE(tree);
      const NodePtr whole = expanded(names, std::move(*tree));
      const auto id = program.add(*whole);
      if (!id) FAIL_CHECK(id.error().message);
      ++rules;
    }
  }
  CHECK(rules >= 50);
}
