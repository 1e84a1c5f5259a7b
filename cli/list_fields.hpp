// -l: the fields of filters and formats.
//
// Purpose: the listing in sysdig's layout, as Markdown and as JSON, a search, and all about one
// field.
//
// Contract: `choose_fields` takes the words behind the options: none for all fields; one that is
// the name of a field, perhaps with an argument, or of a transformer for that one; else those that
// match all words, each in the field's name or as a word of its description, upper case or lower.
// Fields that are hidden are found by their name only. Texts end with a newline.
//
// Example:
//   auto chosen = choose_fields({"proc", "parent"});
//   fmt::print("{}", fields_text(*chosen, {.width = 80}));
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "filter/transformers.hpp"

namespace gyr {

struct ChosenClass {
  const filter::FieldClass* group;
  std::vector<const filter::Field*> fields;
};

struct ChosenFields {
  std::vector<ChosenClass> classes;
  std::vector<const filter::TransformerRow*> transformers;
  bool one = false;  // asked for by its name
};

struct ListLayout {
  size_t width = 120;
  bool types = false;
};

Result<ChosenFields> choose_fields(const std::vector<std::string>& words);

std::string fields_text(const ChosenFields& chosen, const ListLayout& layout);
std::string fields_markdown(const ChosenFields& chosen);
std::string fields_json(const ChosenFields& chosen);

/// "optional, a number": what may stand in brackets or behind a dot; empty: nothing.
std::string argument_text(const filter::Field& field);

int run_list_fields(const Options& options);

}  // namespace gyr
