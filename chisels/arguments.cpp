#include "chisels/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/filter.hpp"

namespace gyr::chisels {

bool takes_word(const Description& chisel, std::span<const std::string> rest) {
  if (chisel.arguments.empty()) return false;
  if (chisel.required() != 0) return true;
  if (rest.empty() || rest[0].starts_with('-')) return false;
  if (chisel.arguments.size() == 1 && chisel.arguments[0].type == "filter") return true;
  return !filter::Filter::compile(fmt::format("{}", fmt::join(rest, " ")));
}

Result<std::vector<std::string>> split_arguments(std::string_view chisel, std::string_view word) {
  std::vector<std::string> found;
  while (!word.empty()) {
    if (word[0] == ' ') {
      word.remove_prefix(1);
      continue;
    }
    const bool quoted = word[0] == '\'' || word[0] == '`';
    size_t end = std::min(word.find(quoted ? word[0] : ' ', 1), word.size());
    if (quoted && end == word.size())
      return fail(fmt::format("chisel {}: the quote {} is not closed", chisel, word[0]));
    found.emplace_back(word.substr(quoted, end - quoted));
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return found;
}

}  // namespace gyr::chisels
