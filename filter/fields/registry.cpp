#include "filter/fields/registry.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <unordered_map>

#include "filter/parser.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {
namespace {

const std::unordered_map<std::string_view, const Field*>& by_name() {
  static const auto map = [] {
    std::unordered_map<std::string_view, const Field*> fields;
    for (const FieldClass& group : field_classes())
      for (const Field& field : group.fields) fields.emplace(field.name, &field);
    return fields;
  }();
  return map;
}

std::vector<std::string_view> listed_names() {
  std::vector<std::string_view> names;
  for (const FieldClass& group : field_classes())
    for (const Field& field : group.fields)
      if ((field.flags & hidden) == 0) names.push_back(field.name);
  return names;
}

std::string unknown_field(std::string_view name) {
  const std::string hint = did_you_mean(name, listed_names());
  return fmt::format("there is no field {}{}", shown(name),
                     hint.empty() ? "; gyr -l lists the fields" : hint);
}

/// The longest field with dotted arguments that `name` begins with.
const Field* find_dotted(std::string_view name, std::string_view& rest) {
  for (size_t dot = name.rfind('.'); dot != std::string_view::npos && dot != 0;
       dot = name.rfind('.', dot - 1)) {
    const Field* field = find_field(name.substr(0, dot));
    if (field != nullptr && (field->flags & arg_dotted) != 0) {
      rest = name.substr(dot + 1);
      return field;
    }
  }
  return nullptr;
}

std::optional<uint64_t> as_index(std::string_view text) {
  uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

Result<void> check_argument(const Field& field, const Argument& argument) {
  const bool takes = (field.flags & (arg_allowed | arg_required)) != 0;
  if (argument.given && !takes) return fail(fmt::format("{} takes no argument", field.name));
  if (!argument.given && (field.flags & arg_required) != 0)
    return fail(fmt::format("{} needs an argument: {}", field.name,
                            (field.flags & arg_dotted) != 0 ? fmt::format("{}.NAME", field.name)
                                                            : fmt::format("{}[...]", field.name)));
  if (argument.given && (field.flags & arg_is_index) != 0 && !argument.index)
    return fail(
        fmt::format("the argument of {} is a number, not {}", field.name, shown(argument.text)));
  return {};
}

}  // namespace

std::span<const FieldClass> field_classes() {
  static const std::array classes = {
      event_stream_fields(), event_fields(),  process_fields(),   thread_fields(),
      user_fields(),         group_fields(),  container_fields(), fd_fields(),
      fs_path_fields(),      syslog_fields(), fdlist_fields(),    util_fields(),
      k8s_fields(),          static_fields(), span_fields(),
  };
  return classes;
}

const Field* find_field(std::string_view name) {
  const auto found = by_name().find(name);
  return found != by_name().end() ? found->second : nullptr;
}

bool is_field_name(std::string_view name) {
  std::string_view rest;
  return find_field(name) != nullptr || find_dotted(name, rest) != nullptr;
}

Result<BoundField> resolve(std::string_view name, const std::optional<std::string>& argument) {
  BoundField bound;
  std::string_view rest;
  bound.field = find_field(name);
  if (bound.field == nullptr) bound.field = find_dotted(name, rest);
  if (bound.field == nullptr) return fail(unknown_field(name));
  Argument& taken = bound.argument;
  taken.dotted = !rest.empty();
  taken.given = taken.dotted || argument.has_value();
  if (taken.dotted && argument)
    return fail(fmt::format("{} has two arguments, {} and {}", bound.field->name, shown(rest),
                            shown(*argument)));
  taken.text = taken.dotted ? std::string(rest) : argument.value_or("");
  taken.index = as_index(taken.text);
  if (auto right = check_argument(*bound.field, taken); !right)
    return fail(std::move(right.error()));
  if (bound.field->prepare != nullptr) {
    if (auto prepared = bound.field->prepare(taken); !prepared)
      return fail(std::move(prepared.error()));
  }
  return bound;
}

}  // namespace gyr::filter
