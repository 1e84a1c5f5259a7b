// Prints the parts of gyr-filter(7) that come from the tables of fields and transformers, those
// that filters and formats look names up in.
//
//   field_roff PART     fields or transformers
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "filter/json.hpp"
#include "filter/render_value.hpp"
#include "filter/transformers.hpp"
#include "man/roff.hpp"

namespace {

using namespace gyr;
using namespace gyr::filter;

bool has(const Field& field, uint32_t flag) { return (field.flags & flag) != 0; }

/// What may stand behind the name.
std::string argument_of(const Field& field) {
  if (!has(field, arg_allowed | arg_required)) return {};
  const std::string_view what = has(field, arg_is_index) ? "N" : "ARG";
  const std::string form = has(field, arg_dotted) ? fmt::format(".{}", roff::italic(what))
                                                  : fmt::format("[{}]", roff::italic(what));
  return has(field, arg_required) ? form : fmt::format(" or {}{}", roff::bold(field.name), form);
}

/// The type, and in JSON what it does not say by itself.
std::string type_of(const Field& field) {
  std::string text = type_text(field.type, has(field, is_list));
  if (field.json != nullptr) text += ", in JSON a number";
  if (is_integer(field.type) && json_type(field) == JsonType::string) text += ", in JSON a string";
  return text;
}

std::string marks_of(const Field& field) {
  std::string text;
  if (has(field, filter_only)) text += "; filters only";
  if (has(field, print_only)) text += "; output only";
  if (has(field, deprecated)) text += "; deprecated";
  if (has(field, only_0_29)) text += "; of sysdig 0.29";
  return text;
}

void print_field(const Field& field) {
  fmt::print(".TP\n{}{} ({}{})\n{}\n", roff::bold(field.name), argument_of(field),
             roff::escaped(type_of(field)), roff::escaped(marks_of(field)),
             roff::escaped(field.doc));
}

void print_fields() {
  for (const FieldClass& group : field_classes()) {
    if (group.fields.empty()) continue;
    const std::string_view title = group.summary.empty() ? group.name : group.summary;
    fmt::print(".SS {}\n{}\n", roff::escaped(title), roff::escaped(group.description));
    for (const Field& field : group.fields)
      if (!has(field, hidden)) print_field(field);
  }
}

void print_transformers() {
  for (const TransformerRow& row : transformer_table())
    fmt::print(".TP\n{}{}\n{}\n", roff::bold(row.name), roff::escaped(row.arguments),
               roff::escaped(row.doc));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view part = argc == 2 ? argv[1] : "";
  if (part == "fields") {
    print_fields();
  } else if (part == "transformers") {
    print_transformers();
  } else {
    fmt::print(stderr, "usage: field_roff PART\n");
    return 1;
  }
  return 0;
}
