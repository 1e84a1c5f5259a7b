// Explanations as lines and as JSON.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "filter/brief.hpp"
#include "rules/explain.hpp"

namespace gyr::rules {

namespace {

/// Of texts that events bring; the rest of a line is as long as the rule made it.
constexpr size_t longest_value = 160;

std::string value_text(const std::string& value) {
  return value.empty() ? "empty" : filter::cut_short(value, longest_value);
}

std::string line_of(const ExplainedPart& part) {
  std::string line = part.text;
  if (part.has_value) {
    line += fmt::format("  (is {}", value_text(part.value));
    if (!part.right_name.empty())
      line += fmt::format(", {} is {}", part.right_name, value_text(part.right_value));
    if (!part.chosen.empty()) line += ", fits " + value_text(part.chosen);
    if (part.counts) line += "; counts only what is explained";
    line += ')';
  }
  if (part.decides) line += "  <- why";
  return line;
}

/// A root that only says "all of" is left out: the rule says it.
bool is_silent(const ExplainedPart& root) {
  return root.kind == ExplainedPart::Kind::all && root.text == "all of";
}

void append_key(Text& to, std::string_view key, std::string_view value) {
  to.append(",\"").append(key).append("\":");
  append_json_string(to, value);
}

/// Gives the index behind the part and what it is made of.
size_t append_part_json(Text& to, const std::vector<ExplainedPart>& parts, size_t index) {
  const ExplainedPart& part = parts[index];
  to.append("{\"holds\":").append(part.holds ? "true" : "false");
  append_key(to, "text", part.text);
  if (part.has_value) append_key(to, "value", part.value);
  if (!part.right_name.empty()) append_key(to, "right_value", part.right_value);
  if (!part.chosen.empty()) append_key(to, "fits", part.chosen);
  if (part.decides) to.append(",\"decides\":true");
  ++index;
  if (part.kind != ExplainedPart::Kind::check) {
    to.append(",\"terms\":[");
    for (bool first = true; index < parts.size() && parts[index].depth > part.depth;
         first = false) {
      if (!first) to.append(',');
      index = append_part_json(to, parts, index);
    }
    to.append(']');
  }
  to.append('}');
  return index;
}

}  // namespace

void append_explanation(Text& to, const Explanation& explanation, std::string_view indent) {
  const bool silent_root = is_silent(explanation.parts.front());
  for (const ExplainedPart& part : explanation.parts) {
    if (silent_root && part.depth == 0) continue;
    to.append(indent).append(part.holds ? "yes  " : "no   ");
    for (uint32_t i = silent_root ? 1 : 0; i < part.depth; ++i) to.append("  ");
    to.append(printable(line_of(part)));
    to.append('\n');
  }
}

void append_explanation_json(Text& to, const Explanation& explanation) {
  append_part_json(to, explanation.parts, 0);
}

}  // namespace gyr::rules
