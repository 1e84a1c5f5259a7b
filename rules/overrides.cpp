#include <fmt/format.h>

#include <algorithm>

#include "filter/wording.hpp"
#include "rules/loader.hpp"

namespace gyr::rules {

namespace {

template <class Text>
bool contains(const std::vector<Text>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// One entry: `condition: append`.
void read_override(const Item& item, const YamlNode& key, const YamlNode& value,
                   const std::vector<std::string_view>& appendable,
                   const std::vector<std::string_view>& replaceable, Overrides& to) {
  const std::string& name = key.text.text();
  const std::string& word = value.text.text();
  if (word != "append" && word != "replace") {
    item.error(value.place, fmt::format("'{}' under 'override' is append or replace, found {}",
                                        name, filter::shown(word)));
    return;
  }
  const bool appends = word == "append";
  if (!contains(appends ? appendable : replaceable, name)) {
    const bool other = appends && contains(replaceable, name);
    item.error(key.place, other ? fmt::format("'{}' cannot be appended to, only replaced", name)
                                : fmt::format("'{}' cannot be overridden{}", name,
                                              filter::did_you_mean(name, replaceable)));
    return;
  }
  if (!item.has(name)) {
    item.error(key.place,
               fmt::format("'override' announces '{}', which the item does not have", name));
    return;
  }
  (appends ? to.append : to.replace).push_back(name);
}

}  // namespace

bool Overrides::appends(std::string_view key) const { return contains(append, key); }
bool Overrides::replaces(std::string_view key) const { return contains(replace, key); }

Overrides read_overrides(const Item& item, const std::vector<std::string_view>& appendable,
                         const std::vector<std::string_view>& replaceable) {
  Overrides overrides;
  const YamlNode* node = item.of_kind("override", YamlNode::Kind::mapping);
  if (node == nullptr) return overrides;
  overrides.given = true;
  if (item.boolean("append").value_or(false))
    item.error(item.place_of("append"),
               "'append: true' and 'override' cannot stand together; write 'KEY: append' under "
               "'override'");
  for (const auto& [key, value] : node->entries)
    read_override(item, *key, *value, appendable, replaceable, overrides);
  for (const std::string_view key : replaceable)
    if (item.has(key) && !node->has(key))
      item.error(
          item.place_of(key),
          fmt::format("'{}' has no entry under 'override' that says what to do with it", key));
  return overrides;
}

}  // namespace gyr::rules
