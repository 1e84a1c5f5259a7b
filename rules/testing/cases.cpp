#include "rules/testing/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "filter/parser.hpp"
#include "filter/wording.hpp"
#include "rules/testing/state_items.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;

/// An Item whose unknown keys are errors: a case that is not what it looks like is worse than none.
void check_keys(const Item& item, std::string_view kind,
                const std::vector<std::string_view>& known) {
  std::set<std::string_view> seen;
  for (const auto& [key, value] : item.node().entries) {
    const std::string& name = key->text.text();
    const bool is_known = std::ranges::find(known, name) != known.end();
    if (!is_known)
      item.error(key->place, unknown_key(kind, name, known));
    else if (!seen.insert(name).second)
      item.error(key->place, fmt::format("'{}' stands twice", name));
  }
}

/// "3", "3+": at least so many.
bool read_count(const TracedText& text, Expectation& to) {
  std::string_view digits = text.text();
  to.or_more = digits.ends_with('+');
  if (to.or_more) digits.remove_suffix(1);
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, to.count);
  return parsed.ec == std::errc() && parsed.ptr == end && to.count != 0;
}

void read_expectation(const YamlNode& node, Case& to) {
  Expectation expectation;
  if (node.kind == Kind::scalar && !node.text.empty()) {
    expectation.rule = node.text;
    to.expect.push_back(std::move(expectation));
    return;
  }
  const Item item(node, "alert", to.findings);
  if (node.kind != Kind::mapping) {
    item.error(node.place,
               "an item of 'expect' is the name of a rule, or {rule: NAME, count: N, "
               "output: TEXT}");
    return;
  }
  check_keys(item, "expect", {"rule", "count", "output"});
  const auto rule = item.need("rule");
  if (const auto count = item.text("count"); count && !read_count(*count, expectation))
    item.error(count->begin(),
               fmt::format("'count' takes a number from 1 on, or 3+ for three or more; found {}",
                           filter::shown(count->text())));
  if (const auto output = item.text("output")) expectation.output = output->text();
  if (!rule) return;
  expectation.rule = *rule;
  to.expect.push_back(std::move(expectation));
}

void read_expect(const Item& item, Case& to) {
  const YamlNode* node = item.node().find("expect");
  if (node == nullptr) {
    item.error(item.place(), "the case has no 'expect'; write 'expect: none' if no rule matches");
    return;
  }
  if (node->kind == Kind::scalar && node->text.text() == "none") return;
  if (node->kind != Kind::sequence) {
    item.error(node->place,
               fmt::format("'expect' takes a list of rules, or none; found {}",
                           node->kind == Kind::scalar ? filter::shown(node->text.text())
                                                      : std::string(kind_name(node->kind))));
    return;
  }
  for (const YamlPtr& each : node->items) read_expectation(*each, to);
}

/// Beside the file of the case, unless it is absolute.
std::string path_beside(const std::string& file, const std::string& path) {
  const size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

void read_source(const Item& item, const std::string& file, Case& to) {
  const auto trace = item.text("trace");
  if (item.has("trace") == item.has("events"))
    item.error(item.place(), item.has("trace")
                                 ? "the case has both 'trace' and 'events'; give one of them"
                                 : "the case has neither 'trace' nor 'events'");
  if (trace) to.trace = path_beside(file, trace->text());
  to.trace_place = item.place_of("trace");
  for (const auto& [key, value] : item.node().entries)
    if (key->text.text() == "events") to.events = value;
}

Case read_case(const YamlNode& node, const std::string& file) {
  Case to;
  to.place = node.place;
  const Item item(node, "case", to.findings);
  if (node.kind != Kind::mapping) {
    item.error(node.place, fmt::format("a case is a mapping, found {}", kind_name(node.kind)));
    return to;
  }
  check_keys(item, "case", {"case", "trace", "events", "expect", "enable"});
  if (const auto name = item.need("case")) to.name = name->text();
  read_source(item, file, to);
  read_expect(item, to);
  if (const YamlNode* enable = node.find("enable");
      enable != nullptr && enable->kind == Kind::scalar)
    to.enable.push_back(enable->text);
  else if (auto names = item.texts("enable"))
    to.enable = std::move(*names);
  return to;
}

}  // namespace

std::vector<Case> load_cases(uint32_t file, const SourceFiles& files, Findings& findings) {
  std::vector<Case> cases;
  auto documents = parse_yaml(files[file].text, file);
  if (!documents) {
    const Place place{file, static_cast<uint32_t>(documents.error().offset.value_or(0))};
    findings.error(Code::yaml_parse, place, documents.error().message);
    return cases;
  }
  std::set<std::string> names;
  for (const YamlPtr& document : *documents) {
    if (document->kind != Kind::sequence) {
      findings.error(
          Code::validate, document->place,
          fmt::format("a file of cases is a list of them, found {}", kind_name(document->kind)));
      continue;
    }
    for (const YamlPtr& node : document->items) {
      Case& added = cases.emplace_back(read_case(*node, files[file].name));
      if (!added.name.empty() && !names.insert(added.name).second)
        added.findings.error(
            Code::validate, added.place,
            fmt::format("the file has a case of the name {} already", filter::shown(added.name)));
    }
  }
  return cases;
}

std::string render_case_error(const Finding& finding, const SourceFiles& files) {
  const std::string where = place_text(finding.place, files);
  if (where.empty()) return finding.message;
  std::string text = fmt::format("{}: {}", where, finding.message);
  if (!files[finding.place.file].text.empty())
    text += '\n' + filter::show_place(files[finding.place.file].text, finding.place.at);
  return text;
}

}  // namespace gyr::rules
