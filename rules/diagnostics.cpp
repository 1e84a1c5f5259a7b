#include "rules/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "base/utf8.hpp"
#include "filter/parser.hpp"

namespace gyr::rules {

namespace {

constexpr std::array<std::string_view, 24> code_names = {
    "LOAD_ERR_FILE_READ",
    "LOAD_ERR_YAML_PARSE",
    "LOAD_ERR_YAML_VALIDATE",
    "LOAD_ERR_COMPILE_CONDITION",
    "LOAD_ERR_COMPILE_OUTPUT",
    "LOAD_ERR_VALIDATE",
    "LOAD_UNKNOWN_SOURCE",
    "LOAD_MISSING_PLUGIN",
    "LOAD_UNSAFE_NA_CHECK",
    "LOAD_NO_EVTTYPE",
    "LOAD_UNKNOWN_FILTER",
    "LOAD_UNUSED_MACRO",
    "LOAD_UNUSED_LIST",
    "LOAD_UNKNOWN_ITEM",
    "LOAD_DEPRECATED_ITEM",
    "LOAD_APPEND_NO_VALUES",
    "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
    "LOAD_INVALID_MACRO_NAME",
    "LOAD_INVALID_LIST_NAME",
    "LOAD_UNKNOWN_KEY",
    "LOAD_COMPILE_CONDITION",
    "GYR_NEVER_MATCHES",
    "GYR_MATCHES_EVERYTHING",
    "GYR_SHADOWED",
};

}  // namespace

std::string_view code_name(Code code) { return code_names[static_cast<size_t>(code)]; }

void Findings::add(Finding finding) {
  const bool known = std::ranges::any_of(all_, [&](const Finding& other) {
    return other.code == finding.code && other.place == finding.place &&
           other.message == finding.message &&
           (finding.place.file != Place::nowhere || other.context == finding.context);
  });
  if (known) return;
  if (is_error(finding.code)) ++errors_;
  all_.push_back(std::move(finding));
}

void Findings::sort() {
  std::ranges::stable_sort(all_, {}, [](const Finding& finding) {
    return std::tuple(finding.place.file, finding.place.at);
  });
}

std::string place_text(Place place, const SourceFiles& files) {
  if (place.file == Place::nowhere) return "";
  const SourceFiles::File& file = files[place.file];
  const filter::TextPlace where = filter::find_place(file.text, place.at);
  return fmt::format("{}:{}:{}", file.name, where.line, where.column);
}

std::string render(const Finding& finding, const SourceFiles& files) {
  const bool has_place = finding.place.file != Place::nowhere;
  std::string text =
      fmt::format("{}{}{}: {}{}{}{} [{}]", place_text(finding.place, files), has_place ? ": " : "",
                  is_error(finding.code) ? "error" : "warning", printable(finding.message),
                  finding.context.empty() ? "" : " (", printable(finding.context),
                  finding.context.empty() ? "" : ")", code_name(finding.code));
  if (has_place && !files[finding.place.file].text.empty())
    text += '\n' + filter::show_place(files[finding.place.file].text, finding.place.at);
  return text;
}

}  // namespace gyr::rules
