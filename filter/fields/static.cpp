#include "filter/fields/static.hpp"

#include <fmt/format.h>

#include "filter/fields/registry.hpp"
#include "filter/lexer.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

StaticFields& defined() {
  static StaticFields fields;
  return fields;
}

/// Puts the value in the place of the name.
Result<void> look_up(Argument& argument) {
  const auto found = defined().find(argument.text);
  if (found != defined().end()) {
    argument.text = found->second;
    return {};
  }
  std::vector<std::string_view> names;
  for (const auto& [name, value] : defined()) names.push_back(name);
  return fail(fmt::format("static_fields of the configuration have no {}{}", shown(argument.text),
                          did_you_mean(argument.text, names)));
}

bool value(const Site& site, Extraction& out) { return out.set_text(site.argument.text); }

constexpr Field rows[] = {
    {.name = "static",
     .flags = arg_allowed | arg_required | arg_dotted,
     .depends = Depends::nothing,
     .prepare = look_up,
     .extract = value,
     .doc = "The text that static_fields of gyr.yaml gives that name; gyr scan only."},
};

}  // namespace

void define_static_fields(StaticFields fields) { defined() = std::move(fields); }

bool is_static_name(std::string_view name) {
  const std::string field = fmt::format("static.{}", name);
  return Lexer(field, true).field_name() == field;
}

FieldClass static_fields() {
  return {"static", "", "Texts of the configuration, the same for every event.", rows};
}

}  // namespace gyr::filter
