#include "cli/test/case_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "cli/scan/rule_files.hpp"

namespace gyr {

namespace {

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

Outcome error_of_file(const std::string& path, const std::string& message) {
  Outcome outcome;
  outcome.kind = Outcome::Kind::error;
  outcome.file = path;
  outcome.place = printable(path);
  outcome.name = "the file";
  outcome.lines = shown_lines(message);
  return outcome;
}

}  // namespace

std::string cases_folder(const std::string& rules) {
  const std::filesystem::path path(rules);
  return ((is_folder(rules) ? path : path.parent_path()) / "tests").string();
}

std::vector<std::string> case_files_of(const TestOptions& options) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& path) {
    for (const std::string& file : files_of(path, {".yaml", ".yml"}))
      if (std::ranges::find(files, file) == files.end()) files.push_back(file);
  };
  for (const std::string& path : options.cases) add(path);
  if (!options.cases.empty()) return files;
  for (const std::string& rules : options.rule_files)
    if (const std::string folder = cases_folder(rules); is_folder(folder)) add(folder);
  return files;
}

std::vector<rules::Case> load_case_files(const std::vector<std::string>& paths,
                                         rules::Loader& loader, std::vector<Outcome>& wrong) {
  std::vector<rules::Case> all;
  for (const std::string& path : paths) {
    auto text = read_text_file(path);
    if (!text) {
      wrong.push_back(error_of_file(path, "the file cannot be read"));
      continue;
    }
    rules::Findings findings;
    const uint32_t file = loader.files.add(path, std::move(*text));
    for (rules::Case& each : rules::load_cases(file, loader.files, findings))
      all.push_back(std::move(each));
    for (const rules::Finding& finding : findings.all())
      wrong.push_back(error_of_file(path, render_case_error(finding, loader.files)));
  }
  return all;
}

}  // namespace gyr
