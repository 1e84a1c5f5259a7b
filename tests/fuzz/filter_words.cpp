#include "tests/fuzz/filter_words.hpp"

#include <vector>

#include "filter/fields/registry.hpp"

namespace gyr::fuzz {

namespace {

using namespace gyr::filter;

// Known to make_seeds.py by position: add at the end.
constexpr std::string_view words[] = {
    " and ",
    " or ",
    "not ",
    "(",
    ")",
    ", ",
    " = ",
    " != ",
    " < ",
    " <= ",
    " > ",
    " >= ",
    " exists",
    " contains ",
    " icontains ",
    " bcontains ",
    " startswith ",
    " bstartswith ",
    " endswith ",
    " glob ",
    " iglob ",
    " regex ",
    " pmatch ",
    " in ",
    " intersects ",
    "oneof ",
    "anyof ",
    "allof ",
    "val(",
    "tolower(",
    "toupper(",
    "b64(",
    "basename(",
    "len(",
    "join(",
    "concat(",
    "getopt(",
    "[0]",
    "[1]",
    "[PATH]",
    ".res",
    ".name",
    "0",
    "1",
    "-1",
    "80",
    "true",
    "false",
    "/etc/passwd",
    "program",
    "127.0.0.1",
    "10.0.0.0/8",
    "'*a?[b-c]'",
    "'(a|b)+c$'",
};

std::vector<const Field*> all_fields() {
  std::vector<const Field*> all;
  for (const FieldClass& group : field_classes())
    for (const Field& field : group.fields) all.push_back(&field);
  return all;
}

/// The first argument that the field takes.
std::string_view default_argument(const Field& field) {
  for (const std::string_view argument : {"1", "name", "res", "src", "cpu"})
    if (resolve(field.name, std::string(argument))) return argument;
  return {};
}

void append_field(std::string& text, const Field& field, std::string_view behind) {
  text += field.name;
  const bool has_one = !behind.empty() && (behind[0] == '[' || behind[0] == '.');
  if ((field.flags & arg_required) == 0 || has_one) return;
  text += '[';
  text += default_argument(field);
  text += ']';
}

}  // namespace

std::string expand(std::string_view encoded) {
  static const std::vector<const Field*> fields = all_fields();
  std::string text;
  while (!encoded.empty()) {
    const auto byte = static_cast<unsigned char>(encoded.front());
    encoded.remove_prefix(1);
    if (byte < 0x80) {
      text += static_cast<char>(byte);
    } else if (byte >= 0xC0) {
      text += words[(byte - 0xC0u) % std::size(words)];
    } else if (!encoded.empty()) {
      const auto low = static_cast<unsigned char>(encoded.front());
      encoded.remove_prefix(1);
      const size_t number = (byte & 0x3Fu) << 8 | low;
      append_field(text, *fields[number % fields.size()], encoded);
    }
  }
  return text;
}

}  // namespace gyr::fuzz
