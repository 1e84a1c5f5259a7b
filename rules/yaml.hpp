// YAML documents as trees whose every byte knows its place in the file.
//
// Purpose: yaml-cpp says where a node begins; rule files need more, for a condition is a text over
// many lines and the error is somewhere in it.
//
// Contract: `parse_yaml` gives the documents of a text, without the empty ones; an Error has the
// byte at which yaml-cpp gave up. An alias is the node that it names (shared, never a copy, so that
// a small file cannot become a large tree); one that names a node around it is refused. Keys that
// are no scalars have no text. The text is UTF-8 without a
// byte order mark.
//
// Example:
//   auto documents = parse_yaml(text, file);
//   for (const YamlPtr& item : (*documents)[0]->items) item->find("rule");
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "rules/traced_text.hpp"

namespace gyr::rules {

struct YamlNode;
using YamlPtr = std::shared_ptr<const YamlNode>;

struct YamlNode {
  enum class Kind : uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  Place place;
  TracedText text;                                   // of a scalar
  std::vector<YamlPtr> items;                        // of a sequence
  std::vector<std::pair<YamlPtr, YamlPtr>> entries;  // of a mapping

  /// The value of the first such key of a mapping, or nullptr.
  const YamlNode* find(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
};

/// "a list", "a text", …: what it is, for messages.
std::string_view kind_name(YamlNode::Kind kind);

Result<std::vector<YamlPtr>> parse_yaml(std::string_view text, uint32_t file);

/// Gives every byte of `value`, which is what the scalar that begins at byte `at` of `source`
/// says, its place.
TracedText trace_scalar(std::string_view source, uint32_t file, size_t at, std::string_view value);

}  // namespace gyr::rules
