// -l: which fields words choose, and that every field can be listed and is described.
#include "cli/list_fields.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

using namespace gyr;
using namespace gyr::filter;

namespace {

using Words = std::vector<std::string>;

std::set<std::string> names_of(const Words& words) {
  auto chosen = choose_fields(words);
  std::set<std::string> names;
  if (!chosen) return names;
  for (const ChosenClass& part : chosen->classes)
    for (const Field* field : part.fields) names.emplace(field->name);
  return names;
}

std::string text_of(const Words& words, const ListLayout& layout = {}) {
  auto chosen = choose_fields(words);
  return chosen ? fields_text(*chosen, layout) : chosen.error().message;
}

}  // namespace

TEST_CASE("listing: a field by its name, with and without an argument") {
  CHECK(names_of({"evt.num"}) == std::set<std::string>{"evt.num"});
  CHECK(names_of({"proc.aname[2]"}) == std::set<std::string>{"proc.aname"});
  CHECK(names_of({"evt.arg.flags"}) == std::set<std::string>{"evt.arg"});
  CHECK(text_of({"evt.num"}).starts_with("evt.num\n  does "));
  CHECK(text_of({"tolower"}).starts_with("tolower(TEXT)\n"));
}

TEST_CASE("listing: words are searched in names, and as whole words in descriptions") {
  const auto all = names_of({});
  const auto pgid = names_of({"PGID"});
  CHECK(pgid.contains("proc.pgid"));
  CHECK_FALSE(pgid.contains("proc.name"));
  CHECK(all.size() > 250);
  CHECK(names_of({"proc", "pgid"}).size() <= pgid.size());
  CHECK(names_of({"a"}).size() < all.size());
  CHECK(names_of({"nonsenseword"}).empty());
  CHECK(names_of({"proc.nam"}).contains("proc.name"));  // part of the name
  CHECK(text_of({"nonsenseword"}) ==
        "no field has nonsenseword in its name or description; gyr -l lists all");
}

TEST_CASE("listing: names are unique and every field has a description that ends") {
  std::set<std::string_view> names;
  for (const FieldClass& group : field_classes()) {
    CHECK_FALSE(group.name.empty());
    for (const Field& field : group.fields) {
      INFO(field.name);
      CHECK(names.insert(field.name).second);
      const bool has_extractor = field.extract != nullptr;
      CHECK(has_extractor);
      const bool ends = field.doc.ends_with('.') || field.doc.ends_with('?');
      CHECK(ends);
    }
  }
}

TEST_CASE("listing: lines keep to the width, long names have their text below") {
  constexpr size_t width = 72;
  std::string line;
  for (const char c : text_of({}, {.width = width, .types = true})) {
    if (c != '\n') {
      line += c;
      continue;
    }
    INFO(line);
    CHECK(line.size() <= width);
    line.clear();
  }
  CHECK(text_of({}, {.types = true}).find("(Type: UINT64)") != std::string::npos);
}

TEST_CASE("listing: JSON has every field and transformer, Markdown every field") {
  const auto chosen = choose_fields({});
  REQUIRE(chosen);
  const auto json = nlohmann::json::parse(fields_json(*chosen));
  size_t count = 0;
  const std::string markdown = fields_markdown(*chosen);
  for (const auto& group : json["classes"])
    for (const auto& field : group["fields"]) {
      ++count;
      CHECK(markdown.find("`" + field["name"].get<std::string>() + "` | ") != std::string::npos);
    }
  CHECK(count == names_of({}).size());
  CHECK(json["transformers"].size() == transformer_table().size());
}
