#include <nlohmann/json.hpp>

#include "cli/list_fields.hpp"
#include "filter/json.hpp"

namespace gyr {

namespace {

using namespace filter;
using Json = nlohmann::ordered_json;

bool has(const Field& field, uint32_t flag) { return (field.flags & flag) != 0; }

/// "number", "string", "boolean"; "any" where the argument decides.
std::string_view json_type_of(const Field& field) {
  return field.type == schema::ParamType::dyn ? "any" : json_type_name(json_type(field));
}

Json argument_json(const Field& field) {
  if (!has(field, arg_allowed | arg_required)) return nullptr;
  return {{"required", has(field, arg_required)},
          {"dotted", has(field, arg_dotted)},
          {"number", has(field, arg_is_index)}};
}

Json field_json(const Field& field) {
  return {{"name", field.name},
          {"type", type_text(field.type, false)},
          {"list", has(field, is_list)},
          {"json", json_type_of(field)},
          {"argument", argument_json(field)},
          {"filter", !has(field, print_only)},
          {"output", !has(field, filter_only)},
          {"deprecated", has(field, deprecated)},
          {"sysdig_0_29_only", has(field, only_0_29)},
          {"doc", field.doc}};
}

Json class_json(const ChosenClass& chosen) {
  Json fields = Json::array();
  for (const Field* field : chosen.fields) fields.push_back(field_json(*field));
  return {{"name", chosen.group->name},
          {"summary", chosen.group->summary},
          {"description", chosen.group->description},
          {"fields", std::move(fields)}};
}

}  // namespace

std::string fields_json(const ChosenFields& chosen) {
  Json classes = Json::array(), transformers = Json::array();
  for (const ChosenClass& part : chosen.classes) classes.push_back(class_json(part));
  for (const TransformerRow* row : chosen.transformers)
    transformers.push_back({{"name", row->name}, {"arguments", row->arguments}, {"doc", row->doc}});
  constexpr int indent = 2;
  return Json{{"classes", classes}, {"transformers", transformers}}.dump(indent) + '\n';
}

}  // namespace gyr
