// From rule files to their definitions.
//
// Purpose: several files in order, the later ones changing what the earlier ones define: replacing,
// appending, overriding, switching off.
//
// Contract: `load` adds a file to the definitions; what is wrong goes to `findings`, all of it, and
// what is right is taken. Conditions are not parsed here (compile.hpp). Versions and plugins that a
// file requires are compared with what gyr has: `engine_version`.
//
// Example:
//   Loader loader;
//   loader.load(loader.files.add("rules.yaml", text));
//   for (const Rule& rule : loader.definitions.rules) ...
#pragma once

#include <array>

#include "rules/definitions.hpp"
#include "rules/diagnostics.hpp"
#include "rules/item.hpp"

namespace gyr::rules {

/// The newest version of Falco's engine whose rule files gyr reads as it does.
inline constexpr std::string_view engine_version = "0.63.0";

struct PluginRequirement {
  struct Choice {
    std::string name, version;
  };
  std::vector<Choice> choices;  // any of which will do
  Place place;
};

class Loader {
 public:
  void load(uint32_t file);
  /// Of required plugins those that are not there are warned of; a version of one that is built in
  /// which gyr does not stand for is an error.
  void check_plugins();

  SourceFiles files;
  Findings findings;
  Definitions definitions;
  std::vector<PluginRequirement> required_plugins;

 private:
  void load_item(const YamlNode& node);
  void load_engine_version(const Item& item);
  void load_plugin_versions(const Item& item);
  void check_plugin(const PluginRequirement& requirement);
  void load_list(Item& item);
  void load_macro(Item& item);
  /// Takes the place of an earlier definition of that name, if there is one.
  template <class T>
  void define(std::vector<T>& all, T* earlier, T definition);

  size_t next_index_ = 0;
};

/// A rule item: complete, or one that changes an earlier rule (load_rule.cpp).
void load_rule(Item& item, Definitions& definitions, size_t& next_index);

/// Whether a key of `override` says append or replace; wrong words are reported.
struct Overrides {
  std::vector<std::string> append, replace;
  bool given = false;
  bool appends(std::string_view key) const;
  bool replaces(std::string_view key) const;
};
Overrides read_overrides(const Item& item, const std::vector<std::string_view>& appendable,
                         const std::vector<std::string_view>& replaceable);

/// Three numbers "1.2.3"; false: something else.
bool parse_version(std::string_view text, std::array<uint32_t, 3>& version);
/// Whether what is there suits what is wanted: the same major version, and not an older one.
bool is_compatible(const std::array<uint32_t, 3>& there, const std::array<uint32_t, 3>& wanted);

}  // namespace gyr::rules
