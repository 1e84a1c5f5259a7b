// One entry of a rule file, and what is wrong with its values.
//
// Contract: the getters say what is wrong where the value does not fit, and then give nothing; a
// key that is absent is an error only for `need`. `check_keys` warns of keys that nobody reads.
//
// Example:
//   Item item(*node, "rule", findings);
//   const auto condition = item.need("condition");
#pragma once

#include <initializer_list>
#include <optional>

#include "rules/diagnostics.hpp"
#include "rules/yaml.hpp"

namespace gyr::rules {

class Item {
 public:
  /// `kind` is the word for messages: "rule", "macro", …
  Item(const YamlNode& node, std::string_view kind, Findings& findings)
      : node_(node), kind_(kind), findings_(findings) {}

  const YamlNode& node() const { return node_; }
  Place place() const { return node_.place; }
  bool has(std::string_view key) const { return node_.has(key); }
  /// The place of a key's value, or of the item.
  Place place_of(std::string_view key) const;

  /// A text that is not empty.
  std::optional<TracedText> need(std::string_view key) const;
  std::optional<TracedText> text(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;
  std::optional<uint64_t> number(std::string_view key) const;
  std::optional<std::vector<TracedText>> texts(std::string_view key) const;
  /// A mapping, a sequence; nullptr: absent or wrong, which it says.
  const YamlNode* of_kind(std::string_view key, YamlNode::Kind kind) const;

  void check_keys(std::initializer_list<std::string_view> known) const;
  void error(Place place, std::string message, Code code = Code::yaml_validate) const;
  void warn(Code code, Place place, std::string message) const;
  /// "in rule 'X'", once the name is known.
  void set_context(std::string context) { context_ = std::move(context); }
  const std::string& context() const { return context_; }
  Findings& findings() const { return findings_; }

 private:
  std::optional<TracedText> text_of(const YamlNode& value, std::string_view key) const;

  const YamlNode& node_;
  std::string_view kind_;
  Findings& findings_;
  std::string context_;
};

/// YAML 1.1 has more words than two for a truth value.
std::optional<bool> parse_truth(std::string_view text);

}  // namespace gyr::rules
