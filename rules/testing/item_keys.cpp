#include "rules/testing/item_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rules/testing/numbers.hpp"

namespace gyr::rules {

bool ItemKeys::check(std::span<const std::string_view> known) const {
  if (item_.value->kind != YamlNode::Kind::mapping) {
    encoder_.wrong(item_.place, fmt::format("'{}' takes {{key: value, ...}}, found {}", item_.name,
                                            kind_name(item_.value->kind)));
    return false;
  }
  std::set<std::string_view> seen;
  bool fits = true;
  for (const auto& [key, value] : item_.value->entries) {
    const std::string& name = key->text.text();
    const bool is_known = std::ranges::find(known, name) != known.end();
    if (is_known && seen.insert(name).second) continue;
    fits = false;
    if (is_known)
      encoder_.wrong(key->place, fmt::format("'{}' stands twice", name));
    else
      encoder_.wrong(key->place, unknown_key(item_.name, name, {known.begin(), known.end()}));
  }
  return fits;
}

bool ItemKeys::need(std::string_view key) const {
  if (find(key) != nullptr) return true;
  encoder_.wrong(item_.place, fmt::format("the {} has no '{}'", item_.name, key));
  return false;
}

void ItemKeys::read(std::string_view key, bool& to) const {
  uint8_t value = to ? 1 : 0;
  read(key, schema::ParamType::uint8, value);
  to = value != 0;
}

void ItemKeys::read_text(std::string_view key, std::string& to) const {
  const YamlNode* value = find(key);
  const TracedText* text = value != nullptr ? encoder_.scalar(key, *value) : nullptr;
  if (text != nullptr) to = text->text();
}

void ItemKeys::read_texts(std::string_view key, std::string& to) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return;
  if (auto texts = encoder_.texts(key, *value)) to = std::move(*texts);
}

void ItemKeys::wrong(std::string_view key, std::string message) const {
  const YamlNode* value = find(key);
  encoder_.wrong(value != nullptr ? value->place : item_.place, std::move(message));
}

const schema::FlagTable* ItemKeys::flag_table(std::string_view name) {
  return find_flag_table(name);
}

}  // namespace gyr::rules
