#include "rules/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/whole_number.hpp"
#include "filter/wording.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;
using Version = std::array<uint32_t, 3>;

bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_macro_name(std::string_view name) {
  size_t letters = 0;
  while (letters < name.size() && is_word_start(name[letters])) ++letters;
  return letters != 0 && std::ranges::all_of(name, [](char c) {
           return is_word_start(c) || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_list_name(std::string_view name) {
  return name.find_first_of("()\"' \t\r\n\v\f=,") == std::string_view::npos;
}

/// A version as it is written in `required_engine_version`: a bare number is the middle one.
bool parse_engine_version(std::string_view text, Version& version) {
  if (const auto number = whole_number(text); number && *number <= UINT32_MAX) {
    version = {0, static_cast<uint32_t>(*number), 0};
    return true;
  }
  return parse_version(text, version);
}

/// Whether it has keys that a gyr.yaml or falco.yaml is likely to have.
bool is_configuration(const YamlNode& node) {
  constexpr std::string_view keys[] = {"rules_files",   "rules_file", "json_output",
                                       "stdout_output", "plugins",    "engine"};
  return std::ranges::any_of(keys, [&](std::string_view key) { return node.has(key); });
}

std::optional<PluginRequirement::Choice> read_choice(const Item& item) {
  const auto name = item.need("name");
  const auto version = item.need("version");
  if (!name || !version) return std::nullopt;
  Version numbers{};
  if (parse_version(version->text(), numbers))
    return PluginRequirement::Choice{name->text(), version->text()};
  item.error(
      version->begin(),
      fmt::format("{} is not a version of a plugin, such as 1.2.3", filter::shown(version->text())),
      Code::validate);
  return std::nullopt;
}

}  // namespace

bool parse_version(std::string_view text, Version& version) {
  const size_t core = std::min(text.find_first_of("-+"), text.size());
  const char* at = text.data();
  const char* const end = text.data() + core;
  for (size_t i = 0; i < version.size(); ++i) {
    if (i != 0 && (at == end || *at++ != '.')) return false;
    const auto parsed = std::from_chars(at, end, version[i]);
    if (parsed.ec != std::errc()) return false;
    at = parsed.ptr;
  }
  return at == end;
}

bool is_compatible(const Version& there, const Version& wanted) {
  return there[0] == wanted[0] && there >= wanted;
}

void Loader::load(uint32_t file) {
  auto documents = parse_yaml(files[file].text, file);
  if (!documents) {
    const Place place{file, static_cast<uint32_t>(documents.error().offset.value_or(0))};
    findings.error(Code::yaml_parse, place, documents.error().message);
    return;
  }
  for (const YamlPtr& document : *documents) {
    if (document->kind != Kind::sequence) {
      findings.error(Code::yaml_validate, document->place,
                     fmt::format("a rule file is a list of rules, macros and lists, found {}{}",
                                 kind_name(document->kind),
                                 is_configuration(*document) ? "; is it a configuration, which is "
                                                               "for --config?"
                                                             : ""));
      continue;
    }
    for (const YamlPtr& item : document->items)
      if (item->kind != Kind::null) load_item(*item);
  }
}

void Loader::load_item(const YamlNode& node) {
  if (node.kind != Kind::mapping) {
    findings.error(
        Code::yaml_validate, node.place,
        fmt::format("an item of a rule file is a mapping, found {}", kind_name(node.kind)));
    return;
  }
  if (node.has("required_engine_version")) {
    load_engine_version(Item(node, "required_engine_version", findings));
  } else if (node.has("required_plugin_versions")) {
    load_plugin_versions(Item(node, "required_plugin_versions", findings));
  } else if (node.has("list")) {
    Item item(node, "list", findings);
    load_list(item);
  } else if (node.has("macro")) {
    Item item(node, "macro", findings);
    load_macro(item);
  } else if (node.has("rule")) {
    Item item(node, "rule", findings);
    load_rule(item, definitions, next_index_);
  } else {
    findings.warn(Code::unknown_item, node.place,
                  "the item is neither a rule nor a macro nor a list, and is ignored");
  }
}

void Loader::load_engine_version(const Item& item) {
  item.check_keys({"required_engine_version"});
  const auto text = item.need("required_engine_version");
  if (!text) return;
  Version wanted{}, there{};
  parse_version(engine_version, there);
  if (!parse_engine_version(text->text(), wanted))
    item.error(text->begin(), fmt::format("{} is not a version, such as 0.26.0 or 26",
                                          filter::shown(text->text())));
  else if (!is_compatible(there, wanted))
    item.error(text->begin(),
               fmt::format("the rules are for engine version {}; gyr reads those up to {}",
                           text->text(), engine_version),
               Code::validate);
}

void Loader::load_plugin_versions(const Item& item) {
  item.check_keys({"required_plugin_versions"});
  const YamlNode* entries = item.of_kind("required_plugin_versions", Kind::sequence);
  if (entries == nullptr) return;
  for (const YamlPtr& entry : entries->items) {
    const Item plugin(*entry, "required plugin", findings);
    if (entry->kind != Kind::mapping) {
      plugin.error(entry->place, fmt::format("a plugin has a name and a version, found {}",
                                             kind_name(entry->kind)));
      continue;
    }
    plugin.check_keys({"name", "version", "alternatives"});
    PluginRequirement requirement{{}, entry->place};
    if (auto choice = read_choice(plugin)) requirement.choices.push_back(std::move(*choice));
    if (const YamlNode* others = plugin.of_kind("alternatives", Kind::sequence)) {
      for (const YamlPtr& other : others->items) {
        auto choice = read_choice(Item(*other, "alternative", findings));
        if (!choice) continue;
        const bool twice = std::ranges::any_of(
            requirement.choices, [&](const auto& c) { return c.name == choice->name; });
        if (twice)
          plugin.error(other->place,
                       fmt::format("the plugin {} stands twice in one requirement", choice->name),
                       Code::validate);
        requirement.choices.push_back(std::move(*choice));
      }
    }
    if (!requirement.choices.empty()) required_plugins.push_back(std::move(requirement));
  }
}

void Loader::check_plugin(const PluginRequirement& requirement) {
  std::string names;
  for (const auto& [name, version] : requirement.choices) {
    names += fmt::format("{}{} {}", names.empty() ? "" : " or ", name, version);
    if (name != "container") continue;
    // What it gives is built in, as all its versions below 1.0.0 have it.
    Version wanted{};
    if (parse_version(version, wanted) && wanted[0] != 0)
      findings.error(Code::validate, requirement.place,
                     fmt::format("the file needs the plugin container {}; gyr does what versions "
                                 "below 1.0.0 do",
                                 version));
    return;
  }
  findings.warn(Code::missing_plugin, requirement.place,
                fmt::format("the file needs the plugin {}, which is not there", names));
}

void Loader::check_plugins() {
  for (const PluginRequirement& requirement : required_plugins) check_plugin(requirement);
}

template <class T>
void Loader::define(std::vector<T>& all, T* earlier, T definition) {
  definition.index = earlier != nullptr ? earlier->index : next_index_;
  definition.visibility = next_index_++;
  if (earlier == nullptr) earlier = &all.emplace_back();
  *earlier = std::move(definition);
}

void Loader::load_list(Item& item) {
  item.check_keys({"list", "items", "append", "override"});
  const auto name = item.need("list");
  if (!name) return;
  item.set_context(fmt::format("in list '{}'", name->text()));
  if (!is_list_name(name->text()))
    item.warn(Code::invalid_list_name, name->begin(),
              "the name of a list has neither blanks nor any of ( ) = , and quotes");
  const Overrides overrides = read_overrides(item, {"items"}, {"items"});
  const bool append = item.boolean("append").value_or(false);
  if (!item.has("items")) item.error(item.place(), "the list has no 'items'");
  auto items = item.texts("items");
  if (!items) return;
  if (append)
    item.warn(Code::deprecated_item, item.place_of("append"),
              "'append' is the old way; write override: {items: append}");
  List* list = find_by_name(definitions.lists, name->text());
  if (append || overrides.appends("items")) {
    if (list == nullptr) {
      item.error(name->begin(), "there is no earlier list of that name to append to",
                 Code::validate);
      return;
    }
    list->items.insert(list->items.end(), items->begin(), items->end());
    list->visibility = next_index_++;
    return;
  }
  define(definitions.lists, list, {*name, std::move(*items)});
}

void Loader::load_macro(Item& item) {
  item.check_keys({"macro", "condition", "append", "override"});
  const auto name = item.need("macro");
  if (!name) return;
  item.set_context(fmt::format("in macro '{}'", name->text()));
  if (!is_macro_name(name->text()))
    item.warn(Code::invalid_macro_name, name->begin(),
              "the name of a macro is a letter, then letters, digits and '_'");
  const Overrides overrides = read_overrides(item, {"condition"}, {"condition"});
  const bool append = item.boolean("append").value_or(false);
  auto condition = item.need("condition");
  if (!condition) return;
  if (append)
    item.warn(Code::deprecated_item, item.place_of("append"),
              "'append' is the old way; write override: {condition: append}");
  Macro* macro = find_by_name(definitions.macros, name->text());
  if (append || overrides.appends("condition")) {
    if (macro == nullptr) {
      item.error(name->begin(), "there is no earlier macro of that name to append to",
                 Code::validate);
      return;
    }
    macro->condition.append(" ", condition->begin());
    macro->condition.append(*condition);
    macro->visibility = next_index_++;
    return;
  }
  define(definitions.macros, macro, {*name, std::move(*condition)});
}

}  // namespace gyr::rules
