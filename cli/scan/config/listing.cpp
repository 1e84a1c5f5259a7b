// gyr scan --list-config: the table as a file with comments.
#include <fmt/format.h>

#include "cli/command_line.hpp"
#include "cli/scan/config/keys.hpp"

namespace gyr {

namespace {

std::string comment(std::string_view text, size_t indent) {
  constexpr size_t width = 90;
  const std::string margin(indent, ' ');
  std::string out = margin + "# ";
  for (const char c : wrap(text, 0, width - indent))
    out += c == '\n' ? "\n" + margin + "# " : std::string(1, c);
  return out + '\n';
}

}  // namespace

std::string list_config() {
  std::string text = "# The configuration of gyr scan: every key with its default.\n";
  std::string_view group;
  for (const ConfigKey& key : config_keys()) {
    const size_t dot = key.name.find('.');
    const bool nested = dot != std::string_view::npos;
    const std::string_view own = nested ? key.name.substr(0, dot) : std::string_view();
    if (own != group || !nested) text += '\n';
    if (own != group && nested) text += fmt::format("{}:\n", own);
    group = own;
    const size_t indent = nested ? 2 : 0;
    text += comment(fmt::format("{} ({})", key.doc, key.type), indent);
    text += fmt::format("{}{}: {}\n", std::string(indent, ' '),
                        nested ? key.name.substr(dot + 1) : key.name, key.preset);
  }
  return text;
}

}  // namespace gyr
