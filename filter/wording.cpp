#include "filter/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "base/utf8.hpp"
#include "filter/parser.hpp"

namespace gyr::filter {

namespace {

struct Advice {
  std::string_view foreign;
  std::string_view ours;
};

constexpr Advice logic_advice[] = {
    {"&&", "and"},  {"&", "and"}, {"||", "or"},   {"|", "or"},    {"!", "not"}, {"~", "not"},
    {"AND", "and"}, {"OR", "or"}, {"NOT", "not"}, {"And", "and"}, {"Or", "or"}, {"Not", "not"},
};

constexpr Advice operator_advice[] = {
    {"is", "="},
    {"eq", "="},
    {"equals", "="},
    {"===", "="},
    {":", "="},
    {"<>", "!="},
    {"ne", "!="},
    {"!==", "!="},
    {"!", "!="},
    {"lt", "<"},
    {"le", "<="},
    {"gt", ">"},
    {"ge", ">="},
    {"~", "regex"},
    {"=~", "regex"},
    {"~=", "regex"},
    {"match", "regex"},
    {"matches", "regex"},
    {"like", "glob"},
    {"ilike", "iglob"},
    {"has", "contains"},
    {"includes", "contains"},
    {"prefix", "startswith"},
    {"suffix", "endswith"},
    {"present", "exists"},
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_alone(char c) { return std::string_view("()[]\"',").find(c) != std::string_view::npos; }

bool is_sign(char c) {
  return !is_word(c) && !is_alone(c) && static_cast<unsigned char>(c) > ' ' && c != 0x7f;
}

std::string_view token(std::string_view rest) {
  if (rest.empty() || is_alone(rest[0])) return rest.substr(0, 1);
  const auto* end =
      is_word(rest[0])
          ? std::find_if(rest.begin(), rest.end(), [](char c) { return !is_word(c) && c != '.'; })
          : std::find_if(rest.begin(), rest.end(), [](char c) { return !is_sign(c); });
  return rest.substr(0, std::max<size_t>(1, static_cast<size_t>(end - rest.begin())));
}

std::string advice(std::string_view rest, std::span<const Advice> table) {
  const std::string_view name = token(rest);
  for (const Advice& a : table)
    if (a.foreign == name) return fmt::format("; write '{}'", a.ours);
  return {};
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr size_t most = 40;
  std::string to = "'";
  while (!text.empty() && to.size() <= most) {
    const size_t length = printable_utf8_length(text);
    if (length != 0)
      to += text.substr(0, length);
    else
      fmt::format_to(std::back_inserter(to), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return to += text.empty() ? "'" : "...'";
}

std::string found(std::string_view rest) {
  if (rest.find_first_not_of(" \t\r\n\b") == std::string_view::npos) return "the end of the filter";
  if (rest[0] == '"') return "a quote \"";
  if (rest[0] == '\'') return "a quote '";
  if (rest[0] == ' ') return "a blank";
  return shown(token(rest));
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names) {
  const std::vector<std::string_view> near = nearest(name, names);
  std::string to;
  for (size_t i = 0; i < near.size(); ++i) {
    to += i == 0 ? "; did you mean " : i + 1 == near.size() ? " or " : ", ";
    to += shown(near[i]);
  }
  return near.empty() ? to : to + "?";
}

std::string advice_on_logic(std::string_view rest) { return advice(rest, logic_advice); }

std::string advice_on_operator(std::string_view rest) { return advice(rest, operator_advice); }

}  // namespace gyr::filter
