// SARIF 2.1.0 (OASIS), which code scanners, editors and dashboards read.
//
// Results are written as they come, so memory does not grow with them; what is known only at the
// end stands behind them, where JSON allows it as well.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/scan/output.hpp"
#include "version.hpp"

namespace gyr {

namespace {

using Json = nlohmann::ordered_json;
using rules::Priority;

/// Texts of traces may be of any bytes.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view level_of(Priority priority) {
  if (priority <= Priority::error) return "error";
  return priority == Priority::warning ? "warning" : "note";
}

/// "ReadSensitiveFile" of "Read sensitive file": what SARIF's viewers take for a name.
std::string pascal_case(std::string_view text) {
  std::string name;
  bool begins = true;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9'))
      name += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !is_letter;
  }
  return name;
}

/// A full stop ends a sentence when a blank follows it, but not that of "e.g.".
std::string first_sentence(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') return std::string(text.substr(0, at));
    const bool stops = text[at] == '.' && (at + 1 == text.size() || text[at + 1] == ' ');
    if (stops && !(at >= 2 && text[at - 2] == '.')) return std::string(text.substr(0, at + 1));
  }
  return std::string(text);
}

std::string uri_of(std::string_view path) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (unreserved.find(c) != std::string_view::npos)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Json artifact_location(std::string_view trace) { return {{"uri", uri_of(trace)}}; }

bool is_file(std::string_view trace) { return !trace.empty() && trace != "-"; }

Json rule_json(const rules::CompiledRule& rule) {
  const std::string& desc = rule.desc.empty() ? rule.name : rule.desc;
  return {{"id", rule.name},
          {"name", pascal_case(rule.name)},
          {"shortDescription", {{"text", first_sentence(desc)}}},
          {"fullDescription", {{"text", desc}}},
          {"defaultConfiguration", {{"level", level_of(rule.priority)}}},
          {"properties",
           {{"tags", rule.tags},
            {"priority", rules::priority_name(rule.priority)},
            {"source", rule.source}}}};
}

/// The same for the same event, wherever the trace is and whatever else is found in it. FNV-1a.
std::string fingerprint(const rules::CompiledRule& rule, const rules::Alert& alert) {
  constexpr uint64_t offset_basis = 0xcbf29ce484222325, prime = 0x100000001b3;
  uint64_t hash = offset_basis;
  for (const char c : fmt::format("{}\n{}\n{}", rule.name, alert.ts, alert.num))
    hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  return fmt::format("{:016x}", hash);
}

std::string utc(uint64_t ts) {
  Text text;
  rules::append_utc(text, ts);
  return std::string(text.view());
}

/// The file, and in it the process.
Json location_json(const rules::Alert& alert) {
  Json location = Json::object();
  if (is_file(alert.trace))
    location["physicalLocation"] = {{"artifactLocation", artifact_location(alert.trace)}};
  if (!alert.ancestry.empty()) {
    const rules::Ancestor& process = alert.ancestry.front();
    location["logicalLocations"] = Json::array(
        {{{"name", fmt::format("{} ({})", process.comm, process.pid)}, {"kind", "process"}}});
  }
  return location;
}

class SarifOutput : public AlertOutput {
 public:
  SarifOutput(Writer& out, const ScanContext& context);

  rules::AlertParts parts() const override { return {.message = true, .ancestry = true}; }
  void alert(const rules::Alert& alert) override;
  void trace_ended(const ScannedTrace& trace) override;
  void finish() override;

 private:
  Writer& out_;
  ScanContext context_;
  bool has_results_ = false;
  Json artifacts_ = Json::array();
  Json notifications_ = Json::array();
};

SarifOutput::SarifOutput(Writer& out, const ScanContext& context) : out_(out), context_(context) {
  Json described = Json::array();
  for (const rules::CompiledRule& rule : context.rules) described.push_back(rule_json(rule));
  const Json tool = {
      {"driver", {{"name", "gyr"}, {"version", version}, {"rules", std::move(described)}}}};
  out_.line()
      .append(R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",)")
      .append("\"runs\":[{\"tool\":")
      .append(dumped(tool))
      .append(",\n\"results\":[");
}

void SarifOutput::alert(const rules::Alert& alert) {
  const rules::CompiledRule& rule = context_.rules[alert.rule];
  Json processes = Json::array();
  for (const rules::Ancestor& process : alert.ancestry)
    processes.push_back(
        {{"pid", process.pid}, {"name", process.comm}, {"commandLine", process.command_line}});
  const Json result = {{"ruleId", rule.name},
                       {"ruleIndex", alert.rule},
                       {"level", level_of(rule.priority)},
                       {"message", {{"text", alert.message}}},
                       {"locations", Json::array({location_json(alert)})},
                       {"partialFingerprints", {{"ruleAndEvent/v1", fingerprint(rule, alert)}}},
                       {"properties",
                        {{"eventNumber", alert.num},
                         {"time", utc(alert.ts)},
                         {"priority", rules::priority_name(rule.priority)},
                         {"processes", std::move(processes)}}}};
  out_.line().append(has_results_ ? ",\n" : "\n").append(dumped(result));
  out_.commit();
  has_results_ = true;
}

void SarifOutput::trace_ended(const ScannedTrace& trace) {
  if (is_file(trace.path))
    artifacts_.push_back({{"location", artifact_location(trace.path)},
                          {"roles", {"analysisTarget"}},
                          {"properties", {{"events", trace.events}}}});
  if (!trace.error) return;
  Json notification = {{"level", "error"}, {"message", {{"text", trace.error->message}}}};
  if (is_file(trace.path))
    notification["locations"] = Json::array(
        {{{"physicalLocation", {{"artifactLocation", artifact_location(trace.path)}}}}});
  notifications_.push_back(std::move(notification));
}

void SarifOutput::finish() {
  const bool interrupted_early = interrupted() && !context_.options.is_live();
  Json invocation = {{"executionSuccessful", notifications_.empty() && !interrupted_early}};
  if (!notifications_.empty()) invocation["toolExecutionNotifications"] = std::move(notifications_);
  out_.line()
      .append("\n],\n\"artifacts\":")
      .append(dumped(artifacts_))
      .append(",\n\"invocations\":")
      .append(dumped(Json::array({std::move(invocation)})))
      .append("}]}\n");
}

}  // namespace

std::unique_ptr<AlertOutput> make_sarif_output(Writer& out, const ScanContext& context) {
  return std::make_unique<SarifOutput>(out, context);
}

}  // namespace gyr
