#include "cli/scan/rule_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text_file.hpp"
#include "cli/run.hpp"
#include "rules/compile.hpp"

namespace gyr {

namespace {

void load_file(rules::Loader& loader, const std::string& path) {
  auto text = read_text_file(path);
  if (!text) {
    const uint32_t file = loader.files.add(path, "");
    loader.findings.error(rules::Code::file_read, {file, 0}, "the file cannot be read");
    return;
  }
  loader.load(loader.files.add(path, without_byte_order_mark(std::move(*text))));
}

/// Without being asked: what changes which rules are run, whether they can find anything, how fast.
bool matters(rules::Code code) {
  using rules::Code;
  constexpr std::array codes = {Code::unknown_source, Code::no_evttype, Code::never_matches,
                                Code::shadowed};
  return rules::is_error(code) || std::ranges::find(codes, code) != codes.end();
}

}  // namespace

std::vector<std::string> files_of(const std::string& path,
                                  std::initializer_list<std::string_view> ends) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    const std::string name = entry.path().string();
    if (std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); }))
      files.push_back(name);
  }
  std::ranges::sort(files);
  return files;
}

void load_rule_files(rules::Loader& loader, const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths)
    for (std::string& file : files_of(path, {".yaml", ".yml"})) files.push_back(std::move(file));
  for (const std::string& file : files) {
    load_file(loader, file);
    if (&file == &files.back()) break;  // to be compiled with all the others
    rules::Findings so_far;
    rules::compile_rules(loader.definitions, {}, so_far);
    for (const rules::Finding& finding : so_far.all())
      if (rules::is_error(finding.code)) loader.findings.add(finding);
  }
  loader.check_plugins();
}

bool show_findings(rules::Loader& loader, bool all) {
  loader.findings.sort();
  for (const rules::Finding& finding : loader.findings.all()) {
    if (all || matters(finding.code)) fmt::print(stderr, "{}\n", render(finding, loader.files));
  }
  const size_t errors = loader.findings.errors();
  if (errors != 0)
    report(fmt::format("{} error{} in the rule files", errors, errors == 1 ? "" : "s"));
  return errors == 0;
}

}  // namespace gyr
