#include "tests/support/rule_file.hpp"

#include <fstream>
#include <optional>
#include <string_view>

namespace gyr::test {

namespace {

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \n") - first + 1));
}

std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> items;
  const size_t open = text.find('['), close = text.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos) return items;
  std::string item;
  bool quoted = false;
  for (const char c : text.substr(open + 1, close - open - 1)) {
    if (c == '"' || c == '\'') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      items.push_back(trimmed(item));
      item.clear();
    } else {
      item += c;
    }
  }
  if (!trimmed(item).empty()) items.push_back(trimmed(item));
  return items;
}

struct Line {
  size_t indent;
  std::string key, rest;
};

/// A line that begins with a key, behind the dash of a list perhaps.
std::optional<Line> split(const std::string& line) {
  const size_t at = line.find_first_not_of("- ");
  if (at == std::string::npos || line[at] == '#') return std::nullopt;
  const size_t colon = line.find(':', at);
  if (colon == std::string::npos || line.find(' ', at) < colon) return std::nullopt;
  return Line{at, line.substr(at, colon - at), line.substr(colon + 1)};
}

void store(RuleEntry& entry, const std::string& key, const std::string& text) {
  if (key == "condition") entry.condition = trimmed(text);
  if (key == "items") entry.items = items_of(text);
}

}  // namespace

std::vector<RuleEntry> read_rule_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<RuleEntry> entries;
  std::string key, text;
  size_t indent = std::string::npos;  // of the key whose text is being read
  const auto finish = [&] {
    if (indent != std::string::npos && !entries.empty()) store(entries.back(), key, text);
    indent = std::string::npos;
  };
  for (std::string line; std::getline(in, line);) {
    const size_t first = line.find_first_not_of(' ');
    if (indent != std::string::npos && (first == std::string::npos || first > indent)) {
      text += '\n' + line;
      continue;
    }
    finish();
    const auto found = split(line);
    if (!found) continue;
    if (found->key == "rule" || found->key == "macro" || found->key == "list")
      entries.push_back({found->key, trimmed(found->rest), {}, {}});
    key = found->key;
    const size_t begin = found->rest.find_first_not_of(" >|-");
    text = begin == std::string::npos ? "" : found->rest.substr(begin);
    indent = found->indent;
  }
  finish();
  return entries;
}

}  // namespace gyr::test
