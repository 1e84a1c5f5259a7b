#include "rules/doubts.hpp"

#include <fmt/format.h>

#include <array>

#include "filter/fields/registry.hpp"
#include "filter/parser.hpp"
#include "filter/source.hpp"
#include "filter/transformers.hpp"
#include "filter/wording.hpp"

namespace gyr::rules {

namespace {

using filter::Op;

bool is_field(std::string_view text) {
  if (!filter::is_field_name(text.substr(0, text.find('[')))) return false;
  size_t length = 0;
  const auto operand = filter::parse_operand_prefix(text, length);
  return operand && length == text.size() && filter::bind(*operand).has_value();
}

bool is_transformed(std::string_view text) {
  const size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return false;
  const std::string_view name = text.substr(0, open);
  return name == "val" || filter::find_transformer(name) != nullptr;
}

bool drop_front(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool drop_back(std::string_view& text, std::string_view what) {
  if (!text.ends_with(what)) return false;
  text.remove_suffix(what.size());
  return true;
}

/// What says the same as a regular expression that has nothing but its ends open or shut. A match
/// is one of the whole text.
std::string simpler(std::string_view pattern) {
  constexpr std::string_view special = ".*+?()[]{}|\\^$";
  drop_front(pattern, "^");
  drop_back(pattern, "$");
  const bool open_front = drop_front(pattern, ".*"), open_back = drop_back(pattern, ".*");
  if (pattern.empty() || pattern.find_first_of(special) != std::string_view::npos) return {};
  const std::array words = {"=", "startswith", "endswith", "contains"};
  return fmt::format("{} {}", words[(open_front ? 2u : 0u) + (open_back ? 1u : 0u)], pattern);
}

}  // namespace

std::string doubt_of(Op op, std::string_view value) {
  if (op == Op::regex) {
    const std::string better = simpler(value);
    if (better.empty()) return {};
    return fmt::format("the regular expression {} says no more than {}, which is faster",
                       filter::shown(value), better);
  }
  if (value.find_first_of(".(") == std::string_view::npos) return {};
  std::string text(value);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  if (is_transformed(text))
    return fmt::format(
        "{} is a text here; without quotes, and outside of exceptions, it would be "
        "what the transformer gives",
        filter::shown(value));
  if (is_field(text))
    return fmt::format("{} is a text here, not the field; that would be val({})",
                       filter::shown(value), text);
  return {};
}

}  // namespace gyr::rules
