#include "chisels/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace gyr::chisels {

namespace {

constexpr size_t name_width = 16, text_width = 63, full_width = 79;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// As sysdig breaks lines: after so many characters, wherever that is.
std::string cut(std::string_view text, size_t width, size_t indent) {
  std::string out;
  while (text.size() > width) {
    out += text.substr(0, width);
    out += "\n" + std::string(indent, ' ');
    text.remove_prefix(width);
  }
  return out.append(text);
}

std::string heading(std::string_view category) {
  const std::string title = fmt::format("Category: {}", category.empty() ? "NA" : category);
  return fmt::format("\n{}\n{}\n", title, std::string(title.size(), '-'));
}

std::string entry(const Description& chisel) {
  std::string out = fmt::format("{:{}}", chisel.name, name_width);
  if (chisel.name.size() >= name_width) out += "\n" + std::string(name_width, ' ');
  return out + cut(chisel.brief, text_width, name_width) + "\n";
}

bool has_words(const Description& chisel, const std::vector<std::string>& words) {
  const std::string all =
      lower(chisel.name + "\n" + chisel.category + "\n" + chisel.brief + "\n" + chisel.full);
  return std::ranges::all_of(
      words, [&](const auto& w) { return all.find(lower(w)) != std::string::npos; });
}

}  // namespace

std::string list_text(const std::vector<Description>& chisels,
                      const std::vector<std::string>& words) {
  std::string out;
  const std::string* category = nullptr;
  for (const Description& chisel : chisels) {
    if (!has_words(chisel, words)) continue;
    if (category == nullptr || *category != chisel.category) out += heading(chisel.category);
    category = &chisel.category;
    out += entry(chisel);
  }
  return out;
}

std::string description_text(const Description& chisel) {
  std::string out = heading(chisel.category) + entry(chisel) + "\n";
  out += cut(chisel.full, full_width, 0) + "\nArgs:\n";
  if (chisel.arguments.empty()) out += "(None)\n";
  for (const ArgumentRow& row : chisel.arguments) {
    const std::string text = fmt::format("[{}] {} - {}", row.type, row.name, row.description);
    out += cut(text, text_width, name_width) + "\n";
  }
  return out + "\n";
}

}  // namespace gyr::chisels
