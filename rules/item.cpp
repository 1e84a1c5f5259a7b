#include "rules/item.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/whole_number.hpp"
#include "filter/wording.hpp"

namespace gyr::rules {

using Kind = YamlNode::Kind;

std::optional<bool> parse_truth(std::string_view text) {
  constexpr std::array<std::array<std::string_view, 2>, 4> words = {
      {{"true", "false"}, {"yes", "no"}, {"on", "off"}, {"y", "n"}}};
  std::string lower;
  size_t capitals = 0;
  for (const char c : text) {
    const bool capital = c >= 'A' && c <= 'Z';
    capitals += capital ? 1 : 0;
    lower += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const bool first_only = capitals == 1 && text[0] >= 'A' && text[0] <= 'Z';
  if (capitals != 0 && capitals != text.size() && !first_only) return std::nullopt;
  for (const auto& [yes, no] : words) {
    if (lower == yes) return true;
    if (lower == no) return false;
  }
  return std::nullopt;
}

Place Item::place_of(std::string_view key) const {
  const YamlNode* value = node_.find(key);
  return value != nullptr ? value->place : node_.place;
}

void Item::error(Place place, std::string message, Code code) const {
  findings_.error(code, place, std::move(message), context_);
}

void Item::warn(Code code, Place place, std::string message) const {
  findings_.warn(code, place, std::move(message), context_);
}

std::optional<TracedText> Item::text_of(const YamlNode& value, std::string_view key) const {
  if (value.kind == Kind::scalar && !value.text.empty()) return value.text;
  if (value.kind == Kind::scalar || value.kind == Kind::null)
    error(value.place, fmt::format("'{}' is empty", key));
  else
    error(value.place, fmt::format("'{}' takes a text, found {}", key, kind_name(value.kind)));
  return std::nullopt;
}

std::optional<TracedText> Item::need(std::string_view key) const {
  if (const YamlNode* value = node_.find(key)) return text_of(*value, key);
  error(node_.place, fmt::format("the {} has no '{}'", kind_, key));
  return std::nullopt;
}

std::optional<TracedText> Item::text(std::string_view key) const {
  const YamlNode* value = node_.find(key);
  return value != nullptr ? text_of(*value, key) : std::nullopt;
}

std::optional<bool> Item::boolean(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto answer = parse_truth(value->text());
  if (!answer)
    error(value->begin(),
          fmt::format("'{}' is true or false, found {}", key, filter::shown(value->text())));
  return answer;
}

std::optional<uint64_t> Item::number(std::string_view key) const {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (const auto number = whole_number(value->text())) return number;
  error(value->begin(),
        fmt::format("'{}' takes a number, found {}", key, filter::shown(value->text())));
  return std::nullopt;
}

std::optional<std::vector<TracedText>> Item::texts(std::string_view key) const {
  const YamlNode* list = of_kind(key, Kind::sequence);
  if (list == nullptr) return std::nullopt;
  std::vector<TracedText> texts;
  bool fits = true;
  for (const YamlPtr& each : list->items) {
    if (each->kind == Kind::scalar) {
      texts.push_back(each->text);
      continue;
    }
    error(each->place,
          fmt::format("an item of '{}' is a text, found {}", key, kind_name(each->kind)));
    fits = false;
  }
  return fits ? std::optional(std::move(texts)) : std::nullopt;
}

const YamlNode* Item::of_kind(std::string_view key, Kind kind) const {
  const YamlNode* value = node_.find(key);
  if (value == nullptr || value->kind == kind) return value;
  error(value->place,
        fmt::format("'{}' takes {}, found {}", key, kind_name(kind), kind_name(value->kind)));
  return nullptr;
}

void Item::check_keys(std::initializer_list<std::string_view> known) const {
  const std::vector<std::string_view> names(known);
  const bool has_vowel = std::string_view("aeiou").find(kind_.front()) != std::string_view::npos;
  for (const auto& [key, value] : node_.entries) {
    const std::string& name = key->text.text();
    if (key->kind == Kind::scalar && std::ranges::find(names, name) != names.end()) continue;
    warn(Code::unknown_key, key->place,
         fmt::format("a{} {} has no key {}, which is ignored{}", has_vowel ? "n" : "", kind_,
                     filter::shown(name), filter::did_you_mean(name, names)));
  }
}

}  // namespace gyr::rules
