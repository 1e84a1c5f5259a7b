#include "cli/scan/config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/text_file.hpp"
#include "cli/scan/config/included.hpp"
#include "cli/scan/config/keys.hpp"
#include "cli/scan/config/settings.hpp"
#include "filter/fields/static.hpp"
#include "filter/wording.hpp"

namespace gyr {

namespace {

using rules::YamlNode;
using rules::YamlPtr;
using Kind = YamlNode::Kind;

/// What the table says.
ScanConfig default_config() {
  ScanConfig config;
  ConfigProblems none;
  for (const ConfigKey& key : config_keys()) {
    const uint32_t file = none.files.add(std::string(key.name), std::string(key.preset));
    if (const auto documents = rules::parse_yaml(key.preset, file);
        documents && !documents->empty())
      key.set(config, *documents->front(), key.name, none);
  }
  return config;
}

/// Sets what a tree says, key by key.
class ConfigWalk {
 public:
  ConfigWalk(ScanConfig& config, ConfigProblems& problems) : config_(config), problems_(problems) {}

  void walk(const YamlNode& mapping, const std::string& group) {
    for (const auto& [key, value] : mapping.entries)
      take(*key, *value, group.empty() ? key->text.text() : group + '.' + key->text.text());
  }

 private:
  void take(const YamlNode& key, const YamlNode& value, std::string name) {
    if (name == "rules_file") name = "rules_files";  // as Falco was
    if (!seen_.insert(name).second) {
      problems_.error(key.place, fmt::format("the key '{}' stands there twice", name));
      return;
    }
    const auto keys = config_keys();
    const auto row = std::ranges::find(keys, name, &ConfigKey::name);
    const auto of_group = [&](const ConfigKey& each) { return each.name.starts_with(name + '.'); };
    if (row != keys.end())
      row->set(config_, value, name, problems_);
    else if (std::ranges::any_of(keys, of_group))
      take_group(value, name);
    else if (std::ranges::find(foreign_keys(), name) != foreign_keys().end())
      problems_.foreign.push_back(name);
    else
      unknown(key, name);
  }

  void take_group(const YamlNode& value, const std::string& name) {
    if (value.kind == Kind::mapping)
      walk(value, name);
    else if (value.kind != Kind::null)
      problems_.error(value.place,
                      fmt::format("'{}' takes a mapping, found {}", name, kind_name(value.kind)));
  }

  /// Names the nearest of its own group, or of all if one is mistyped as a whole.
  void unknown(const YamlNode& key, const std::string& name) {
    std::set<std::string_view> near;
    const size_t depth = static_cast<size_t>(std::ranges::count(name, '.'));
    for (const ConfigKey& each : config_keys())
      near.insert(depth == 0 ? each.name.substr(0, each.name.find('.')) : each.name);
    problems_.error(key.place, fmt::format("there is no key {}{}", filter::shown(name),
                                           filter::did_you_mean(name, {near.begin(), near.end()})));
  }

  ScanConfig& config_;
  ConfigProblems& problems_;
  std::set<std::string> seen_;
};

/// Lists that are not empty by default, so that a setting can add to them.
YamlPtr with_default_lists(const YamlPtr& root, ConfigProblems& problems) {
  auto whole = std::make_shared<YamlNode>();
  if (root != nullptr) *whole = *root;
  whole->kind = Kind::mapping;
  for (const ConfigKey& key : config_keys()) {
    if (!key.preset.starts_with('[') || key.preset == "[]" || whole->has(key.name)) continue;
    const uint32_t file = problems.files.add("default", std::string(key.preset));
    const auto list = rules::parse_yaml(key.preset, file);
    auto name = std::make_shared<YamlNode>();
    name->kind = Kind::scalar;
    name->text = rules::TracedText(key.name, {file, 0});
    whole->entries.emplace_back(std::move(name), list->front());
  }
  return whole;
}

/// A setting of config_files.
bool is_of_files(std::string_view setting) {
  if (!setting.starts_with(included_key)) return false;
  setting.remove_prefix(included_key.size());
  return setting.starts_with('=') || setting.starts_with('[');
}

YamlPtr apply_settings(YamlPtr root, const std::vector<std::string>& settings,
                       ConfigProblems& problems) {
  for (const std::string& setting : settings) {
    const uint32_t file = problems.files.add("-o", setting);
    if (is_of_files(setting)) {
      problems.error({file, 0}, "config_files is for files: settings come behind all of them");
      continue;
    }
    auto changed = with_setting(root, setting, file);
    if (changed)
      root = std::move(*changed);
    else
      problems.error({file, static_cast<uint32_t>(changed.error().offset.value_or(0))},
                     changed.error().message);
  }
  return root;
}

std::string first_there_is() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  std::vector<std::string> places;
  if (const std::string own = variable("XDG_CONFIG_HOME"); !own.empty())
    places.push_back(own + "/gyr/gyr.yaml");
  else if (const std::string home = variable("HOME"); !home.empty())
    places.push_back(home + "/.config/gyr/gyr.yaml");
  places.emplace_back("/etc/gyr/gyr.yaml");
  const auto there = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; };
  const auto found = std::ranges::find_if(places, there);
  return found == places.end() ? "" : *found;
}

/// Before all else is read: formats may name them.
void define_static_fields(const YamlNode& root, const ConfigProblems& problems) {
  TextMap fields;
  read_early(root, "static_fields", fields, problems);
  filter::define_static_fields({fields.begin(), fields.end()});
}

ConfigReading reading_of(const std::string& name, std::string text, bool with_files,
                         const std::vector<std::string>& settings) {
  ConfigReading reading{default_config(), {}, {}};
  ConfigProblems problems;
  text = without_byte_order_mark(std::move(text));
  const uint32_t file = problems.files.add(name, text);
  YamlPtr root = parse_config(text, file, problems);
  if (with_files) root = with_included(root, problems);
  root = apply_settings(with_default_lists(root, problems), settings, problems);
  define_static_fields(*root, problems);
  ConfigWalk(reading.config, problems).walk(*root, "");
  reading.warnings = std::move(problems.warnings);
  if (!problems.foreign.empty())
    reading.warnings.push_back(fmt::format("{}: warning: Falco's keys that gyr has no use for: {}",
                                           name, fmt::join(problems.foreign, ", ")));
  reading.errors = std::move(problems.errors);
  return reading;
}

}  // namespace

ConfigReading read_config_text(std::string name, std::string text,
                               const std::vector<std::string>& settings) {
  return reading_of(name, std::move(text), false, settings);
}

ConfigReading read_config(const std::string& file, const std::vector<std::string>& settings) {
  const std::string path = file.empty() ? first_there_is() : file;
  if (path.empty()) return reading_of("-o", "", false, settings);
  if (auto text = read_text_file(path)) return reading_of(path, std::move(*text), true, settings);
  return {default_config(), {fmt::format("{}: error: the file cannot be read", path)}, {}};
}

}  // namespace gyr
