#include "cli/test/add_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "cli/convert.hpp"
#include "cli/run.hpp"
#include "cli/test/case_files.hpp"

namespace gyr {

namespace {

namespace fs = std::filesystem;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Words that YAML takes for something else than a text.
bool is_reserved(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return is_letter(c) ? static_cast<char>(c | 0x20) : c; });
  constexpr std::string_view words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n",  "none"};
  return std::ranges::find(words, text) != std::end(words);
}

struct Places {
  std::string file;   // of cases
  std::string trace;  // that is written
};

Places places_of(const TestOptions& options) {
  std::string where =
      options.cases.empty() ? cases_folder(options.rule_files[0]) : options.cases[0];
  const bool is_file = where.ends_with(".yaml") || where.ends_with(".yml");
  const fs::path folder = is_file ? fs::path(where).parent_path() : fs::path(where);
  const std::string trace = file_stem(options.add) + ".scap.zst";
  return {is_file ? where : (folder / "cases.yaml").string(), (folder / trace).string()};
}

/// What speaks against adding it; also reads what the file has, to which the case is appended.
std::optional<std::string> objection(rules::Loader& loader, const Places& places,
                                     const std::string& name, std::string& present) {
  std::error_code ignored;
  if (fs::exists(places.file, ignored)) {
    auto text = read_text_file(places.file);
    if (!text) return fmt::format("{} cannot be read", places.file);
    present = *text;
    rules::Findings findings;
    const uint32_t file = loader.files.add(places.file, std::move(*text));
    for (const rules::Case& each : rules::load_cases(file, loader.files, findings))
      if (each.name == name)
        return fmt::format("{}: there is a case of that name already",
                           rules::place_text(each.place, loader.files));
    if (findings.errors() != 0)
      return "nothing can be appended to a file with an error:\n" +
             render_case_error(findings.all().front(), loader.files);
  }
  if (fs::exists(places.trace, ignored))
    return fmt::format("{} is there already; choose another name", places.trace);
  return std::nullopt;
}

/// As gyr convert cuts: the part can be read alone.
int cut_trace(const TestOptions& options, const std::string& to) {
  std::vector<std::string> arguments = {options.trace, "-o", to};
  if (options.from_event || options.to_event) {
    arguments.emplace_back("--events");
    arguments.push_back(fmt::format("{}-{}",
                                    options.from_event ? std::to_string(*options.from_event) : "",
                                    options.to_event ? std::to_string(*options.to_event) : ""));
  }
  if (!options.trace_filter.empty()) {
    arguments.emplace_back("--");
    arguments.push_back(options.trace_filter);
  }
  return run_convert(std::move(arguments));
}

std::string case_text(const std::string& name, const std::string& trace,
                      const std::vector<rules::SeenAlert>& alerts) {
  std::vector<std::pair<std::string, size_t>> counts;  // in the order of the first alerts
  for (const rules::SeenAlert& alert : alerts) {
    const auto found =
        std::ranges::find(counts, alert.rule, &std::pair<std::string, size_t>::first);
    if (found == counts.end())
      counts.emplace_back(alert.rule, 1);
    else
      ++found->second;
  }
  std::string text = fmt::format("- case: {}\n  trace: {}\n  expect:{}\n", yaml_scalar(name),
                                 yaml_scalar(trace), counts.empty() ? " none" : "");
  for (const auto& [rule, count] : counts)
    text += count == 1 ? fmt::format("    - {}\n", yaml_scalar(rule))
                       : fmt::format("    - {{rule: {}, count: {}}}\n", yaml_scalar(rule), count);
  return text;
}

bool append_to_file(const std::string& path, const std::string& present, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  if (!present.empty() && present.back() != '\n') out << '\n';
  if (!present.empty()) out << '\n';
  out << text;
  out.close();
  return static_cast<bool>(out);
}

}  // namespace

std::string yaml_scalar(const std::string& text) {
  const bool plain = !text.empty() && is_letter(text[0]) && text.back() != ' ' &&
                     !is_reserved(text) &&
                     std::ranges::all_of(text, [](char c) { return is_plain(c) || c == ' '; });
  if (plain) return text;
  std::string to = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (to += '\\') += c;
    else if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
      fmt::format_to(std::back_inserter(to), "\\x{:02x}", static_cast<unsigned char>(c));
    else
      to += c;
  }
  return to += '"';
}

std::string file_stem(std::string_view name) {
  std::string to;
  for (const char c : name) {
    const bool plain = is_plain(c) && c != '/' && (c != '.' || !to.empty());
    if (plain)
      to += c;
    else if (!to.empty() && to.back() != '-')
      to += '-';
  }
  while (!to.empty() && to.back() == '-') to.pop_back();
  return to.empty() ? "case" : to;
}

int add_case(rules::Loader& loader, const TestOptions& options) {
  const Places places = places_of(options);
  std::string present;
  if (const auto wrong = objection(loader, places, options.add, present)) {
    report(*wrong);
    return exit_user_error;
  }
  std::error_code failed;
  const fs::path folder = fs::path(places.trace).parent_path();
  if (!folder.empty()) fs::create_directories(folder, failed);
  if (const int status = cut_trace(options, places.trace); status != exit_done) {
    fs::remove(places.trace, failed);
    return status;
  }
  const auto alerts = Runner(loader).alerts_of(places.trace, {});
  const std::string trace_name = fs::path(places.trace).filename().string();
  if (!alerts ||
      !append_to_file(places.file, present, case_text(options.add, trace_name, *alerts))) {
    report(alerts ? fmt::format("cannot write {}", places.file)
                  : places.trace + ": " + alerts.error().message);
    fs::remove(places.trace, failed);
    return exit_user_error;
  }
  fmt::print("{}: added '{}', which expects {} alert{}; its events are in {}\n", places.file,
             printable(options.add), alerts->size(), alerts->size() == 1 ? "" : "s", places.trace);
  return exit_done;
}

}  // namespace gyr
