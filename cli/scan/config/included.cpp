#include "cli/scan/config/included.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text_file.hpp"
#include "cli/scan/config/values.hpp"
#include "cli/scan/rule_files.hpp"

namespace gyr {

namespace {

using rules::Place;
using Kind = YamlNode::Kind;
using Entry = std::pair<YamlPtr, YamlPtr>;

YamlPtr with_items_behind(const YamlNode& list, const YamlNode& more) {
  auto longer = std::make_shared<YamlNode>(list);
  longer->kind = Kind::sequence;
  longer->items.insert(longer->items.end(), more.items.begin(), more.items.end());
  return longer;
}

/// What a file says of one key becomes part of the whole.
void merge_entry(YamlNode& whole, const Entry& entry, MergeStrategy strategy) {
  const auto& [key, value] = entry;
  const auto known = std::ranges::find(whole.entries, key->text.text(),
                                       [](const Entry& each) { return each.first->text.text(); });
  if (known == whole.entries.end()) {
    whole.entries.push_back(entry);
    return;
  }
  if (strategy == MergeStrategy::add_only) return;
  const bool both_lists = value->kind == Kind::sequence && (known->second->kind == Kind::sequence ||
                                                            known->second->kind == Kind::null);
  if (strategy == MergeStrategy::append && both_lists)
    known->second = with_items_behind(*known->second, *value);
  else
    *known = entry;
}

void merge_file(YamlNode& whole, const std::string& path, MergeStrategy strategy,
                ConfigProblems& problems) {
  auto text = read_text_file(path);
  if (!text) {
    problems.errors.push_back(fmt::format("{}: error: the file cannot be read", path));
    return;
  }
  const std::string content = without_byte_order_mark(std::move(*text));
  const uint32_t file = problems.files.add(path, content);
  const YamlPtr tree = parse_config(content, file, problems);
  if (tree == nullptr) return;
  std::vector<std::string_view> seen;
  for (const Entry& entry : tree->entries) {
    const std::string_view name = entry.first->text.text();
    if (name == included_key)
      problems.error(entry.first->place, "a file that is named by config_files cannot name others");
    else if (std::ranges::find(seen, name) != seen.end())
      problems.error(entry.first->place, fmt::format("the key '{}' stands there twice", name));
    else
      merge_entry(whole, entry, strategy);
    seen.push_back(name);
  }
}

}  // namespace

YamlPtr parse_config(const std::string& text, uint32_t file, ConfigProblems& problems) {
  const auto documents = rules::parse_yaml(text, file);
  if (!documents) {
    const auto at = static_cast<uint32_t>(documents.error().offset.value_or(0));
    problems.error({file, at}, documents.error().message);
    return nullptr;
  }
  if (documents->empty()) return nullptr;
  const YamlPtr& root = documents->front();
  if (documents->size() > 1)
    problems.error((*documents)[1]->place, "a configuration is one document");
  if (root->kind == Kind::mapping) return root;
  problems.error(root->place, fmt::format("a configuration is a mapping of keys to values, found "
                                          "{}",
                                          kind_name(root->kind)));
  return nullptr;
}

YamlPtr with_included(const YamlPtr& root, ConfigProblems& problems) {
  if (root == nullptr) return root;
  std::vector<IncludedConfig> included;
  read_early(*root, included_key, included, problems);
  auto whole = std::make_shared<YamlNode>(*root);
  for (const IncludedConfig& each : included) {
    std::error_code ignored;
    if (!std::filesystem::exists(each.path, ignored)) {
      problems.warnings.push_back(
          fmt::format("warning: {}, one of config_files, does not exist", each.path));
      continue;
    }
    for (const std::string& path : files_of(each.path, {""}))
      if (path == each.path || std::filesystem::is_regular_file(path, ignored))
        merge_file(*whole, path, each.strategy, problems);
  }
  return whole;
}

}  // namespace gyr
