#include "cli/scan/config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/whole_number.hpp"
#include "filter/fields/static.hpp"
#include "filter/format.hpp"
#include "filter/wording.hpp"
#include "rules/item.hpp"

namespace gyr {

namespace {

using Kind = YamlNode::Kind;

/// The value as a text, in which an empty one is one too.
std::optional<std::string> text_of(const YamlNode& node, std::string_view key,
                                   std::string_view wanted, ConfigProblems& problems) {
  if (node.kind == Kind::null) return std::nullopt;
  if (node.kind == Kind::scalar) return with_environment(node.text.text());
  problems.error(node.place,
                 fmt::format("'{}' takes {}, found {}", key, wanted, kind_name(node.kind)));
  return std::nullopt;
}

/// Whether there is something of the kind to look into.
bool is_kind(const YamlNode& node, Kind kind, std::string_view key, ConfigProblems& problems) {
  if (node.kind == kind) return true;
  if (node.kind != Kind::null)
    problems.error(node.place, fmt::format("'{}' takes {}, found {}", key, kind_name(kind),
                                           kind_name(node.kind)));
  return false;
}

/// One of some words, each with what it stands for; `wanted` lists them.
template <class T>
void read_word(const YamlNode& node, std::string_view key, std::string_view wanted,
               std::initializer_list<std::pair<std::string_view, T>> words, T& to,
               ConfigProblems& problems) {
  const auto text = text_of(node, key, wanted, problems);
  if (!text) return;
  for (const auto& [word, value] : words) {
    if (*text != word) continue;
    to = value;
    return;
  }
  problems.error(node.place,
                 fmt::format("'{}' takes {}, found {}", key, wanted, filter::shown(*text)));
}

template <class T>
void read_member(const YamlNode& mapping, std::string_view key, T& to, ConfigProblems& problems) {
  if (const YamlNode* value = mapping.find(key)) read_value(*value, key, to, problems);
}

void read_selection(const YamlNode& entry, std::vector<RuleSelection>& to,
                    ConfigProblems& problems) {
  if (!is_kind(entry, Kind::mapping, "rules", problems)) return;
  check_keys(entry, "rules", {"enable", "disable"}, problems);
  for (const auto& [key, value] : entry.entries) {
    const std::string& word = key->text.text();
    if (!is_kind(*value, Kind::mapping, word, problems)) continue;
    check_keys(*value, word, {"rule", "tag"}, problems);
    RuleSelection selection{word == "enable", "", ""};
    read_member(*value, "rule", selection.rule, problems);
    read_member(*value, "tag", selection.tag, problems);
    to.push_back(std::move(selection));
  }
}

/// `before`: bytes of `text` that the node does not have.
void check_format(const YamlNode& node, const std::string& text, size_t before,
                  ConfigProblems& problems) {
  if (const auto parsed = filter::OutputFormat::parse(text); !parsed) {
    const size_t at = std::max<size_t>(parsed.error().offset.value_or(0), before) - before;
    problems.error(node.text.place(std::min(at, node.text.size())), parsed.error().message);
  }
}

void read_extra_field(const YamlNode& entry, std::vector<rules::ExtraField>& to,
                      ConfigProblems& problems) {
  if (entry.kind == Kind::mapping) {
    for (const auto& [key, value] : entry.entries) {
      const auto format = text_of(*value, key->text.text(), "an output format", problems);
      if (!format) continue;
      check_format(*value, *format, 0, problems);
      to.push_back({key->text.text(), *format});
    }
  } else if (const auto name = text_of(entry, "extra_fields", "names of fields", problems)) {
    check_format(entry, "%" + *name, 1, problems);
    to.push_back({*name, ""});
  }
}

void read_addition(const YamlNode& entry, std::vector<rules::OutputAddition>& to,
                   ConfigProblems& problems) {
  if (!is_kind(entry, Kind::mapping, "append_output", problems)) return;
  check_keys(entry, "append_output", {"match", "extra_output", "extra_fields", "suggested_output"},
             problems);
  rules::OutputAddition addition;
  const YamlNode* match = entry.find("match");
  if (match != nullptr && is_kind(*match, Kind::mapping, "match", problems)) {
    check_keys(*match, "match", {"source", "tags", "rule"}, problems);
    read_member(*match, "source", addition.source, problems);
    read_member(*match, "tags", addition.tags, problems);
    read_member(*match, "rule", addition.rule, problems);
  }
  if (const YamlNode* text = entry.find("extra_output")) {
    read_value(*text, "extra_output", addition.text, problems);
    check_format(*text, addition.text, 0, problems);
  }
  const YamlNode* fields = entry.find("extra_fields");
  if (fields != nullptr && is_kind(*fields, Kind::sequence, "extra_fields", problems))
    for (const YamlPtr& field : fields->items) read_extra_field(*field, addition.fields, problems);
  read_member(entry, "suggested_output", addition.suggested, problems);
  to.push_back(std::move(addition));
}

}  // namespace

std::string with_environment(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t at = text.find("${");
    const size_t end = at == std::string_view::npos ? at : text.find('}', at);
    if (end == std::string_view::npos) break;
    const bool literal = at > 0 && text[at - 1] == '$';
    out += text.substr(0, literal ? at - 1 : at);
    if (literal)
      out += text.substr(at, end + 1 - at);
    else if (const char* value =
                 std::getenv(std::string(text.substr(at + 2, end - at - 2)).c_str()))
      out += value;
    text.remove_prefix(end + 1);
  }
  out += text;
  return out;
}

void read_value(const YamlNode& node, std::string_view key, std::string& to,
                ConfigProblems& problems) {
  if (auto text = text_of(node, key, "a text", problems)) to = std::move(*text);
}

void read_value(const YamlNode& node, std::string_view key, bool& to, ConfigProblems& problems) {
  const auto text = text_of(node, key, "true or false", problems);
  if (!text) return;
  if (const auto answer = rules::parse_truth(*text))
    to = *answer;
  else
    problems.error(node.place,
                   fmt::format("'{}' takes true or false, found {}", key, filter::shown(*text)));
}

void read_value(const YamlNode& node, std::string_view key, uint64_t& to,
                ConfigProblems& problems) {
  constexpr uint64_t most = UINT32_MAX;  // so that times and counts can be added up
  const auto text = text_of(node, key, "a number", problems);
  if (!text) return;
  if (const auto number = whole_number(*text); number && *number <= most)
    to = *number;
  else
    problems.error(node.place, fmt::format("'{}' takes a number from 0 to {}, found {}", key, most,
                                           filter::shown(*text)));
}

void read_value(const YamlNode& node, std::string_view key, Texts& to, ConfigProblems& problems) {
  if (!is_kind(node, Kind::sequence, key, problems)) return;
  to.clear();
  for (const YamlPtr& item : node.items)
    if (auto text = text_of(*item, key, "a list of texts", problems))
      to.push_back(std::move(*text));
}

void read_value(const YamlNode& node, std::string_view key, TextMap& to, ConfigProblems& problems) {
  if (!is_kind(node, Kind::mapping, key, problems)) return;
  to.clear();
  for (const auto& [name, value] : node.entries)
    if (auto text = text_of(*value, name->text.text(), "a text", problems))
      to[name->text.text()] = std::move(*text);
}

void read_value(const YamlNode& node, std::string_view key, LineFormat& to,
                ConfigProblems& problems) {
  read_word(
      node, key, "text, json or auto",
      {{"auto", LineFormat::automatic}, {"text", LineFormat::text}, {"json", LineFormat::json}}, to,
      problems);
}

void read_value(const YamlNode& node, std::string_view key, rules::Priority& to,
                ConfigProblems& problems) {
  const auto text = text_of(node, key, "a priority", problems);
  if (text && !rules::parse_priority(*text, to))
    problems.error(node.place, fmt::format("there is no priority {}; there are emergency, alert, "
                                           "critical, error, warning, notice, informational and "
                                           "debug",
                                           filter::shown(*text)));
}

void read_value(const YamlNode& node, std::string_view key, std::vector<RuleSelection>& to,
                ConfigProblems& problems) {
  if (!is_kind(node, Kind::sequence, key, problems)) return;
  to.clear();
  for (const YamlPtr& entry : node.items) read_selection(*entry, to, problems);
}

void read_value(const YamlNode& node, std::string_view key, std::vector<rules::OutputAddition>& to,
                ConfigProblems& problems) {
  if (!is_kind(node, Kind::sequence, key, problems)) return;
  to.clear();
  for (const YamlPtr& entry : node.items) read_addition(*entry, to, problems);
}

void read_value(const YamlNode& node, std::string_view key, MergeStrategy& to,
                ConfigProblems& problems) {
  read_word(node, key, "append, override or add-only",
            {{"append", MergeStrategy::append},
             {"override", MergeStrategy::override_all},
             {"add-only", MergeStrategy::add_only}},
            to, problems);
}

void read_value(const YamlNode& node, std::string_view key, std::vector<IncludedConfig>& to,
                ConfigProblems& problems) {
  if (!is_kind(node, Kind::sequence, key, problems)) return;
  to.clear();
  for (const YamlPtr& entry : node.items) {
    IncludedConfig included;
    if (entry->kind == Kind::mapping) {
      check_keys(*entry, key, {"path", "strategy"}, problems);
      read_member(*entry, "path", included.path, problems);
      read_member(*entry, "strategy", included.strategy, problems);
    } else {
      read_value(*entry, key, included.path, problems);
    }
    if (!included.path.empty())
      to.push_back(std::move(included));
    else if (entry->kind == Kind::mapping && !entry->has("path"))
      problems.error(entry->place, fmt::format("an entry of '{}' needs a path", key));
  }
}

void read_static_fields(const YamlNode& node, std::string_view key, TextMap& to,
                        ConfigProblems& problems) {
  read_value(node, key, to, problems);
  for (const auto& [name, value] : node.entries)
    if (!filter::is_static_name(name->text.text()))
      problems.error(name->place,
                     fmt::format("{} cannot be the name of a field: letters, digits and '_', of "
                                 "which the first is a letter",
                                 filter::shown(name->text.text())));
}

void read_matching(const YamlNode& node, std::string_view key, bool& first,
                   ConfigProblems& problems) {
  read_word(node, key, "first or all", {{"first", true}, {"all", false}}, first, problems);
}

void check_keys(const YamlNode& mapping, std::string_view key,
                std::initializer_list<std::string_view> known, ConfigProblems& problems) {
  const std::vector<std::string_view> names(known);
  std::vector<std::string_view> seen;
  for (const auto& [entry, value] : mapping.entries) {
    const std::string_view name = entry->text.text();
    if (std::ranges::find(names, name) == names.end())
      problems.error(entry->place, fmt::format("'{}' has no key {}{}", key, filter::shown(name),
                                               filter::did_you_mean(name, names)));
    else if (std::ranges::find(seen, name) != seen.end())
      problems.error(entry->place, fmt::format("the key '{}' stands there twice", name));
    seen.push_back(name);
  }
}

}  // namespace gyr
