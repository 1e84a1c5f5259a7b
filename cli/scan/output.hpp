// What becomes of alerts.
//
// Purpose: one interface for every format and channel; each is a file of its own.
//
// Contract: `alert` comes for each alert, in order; `trace_ended` behind those of a trace, and
// live, with an empty path, only when the capture has failed; `finish` once, when all have come. An
// output says with `parts` what it needs of an alert. Outputs write and report their own failures;
// `ok` turns false when there is no use in going on.
//
// Example:
//   auto output = make_output(options.format, writer, context);
//   output->alert(alert);
//   output->finish();
#pragma once

#include <memory>

#include "cli/output/writer.hpp"
#include "cli/scan/options.hpp"
#include "cli/scan/traces.hpp"

namespace gyr {

class AlertOutput {
 public:
  AlertOutput() = default;
  AlertOutput(const AlertOutput&) = delete;
  AlertOutput& operator=(const AlertOutput&) = delete;
  virtual ~AlertOutput() = default;

  virtual rules::AlertParts parts() const = 0;
  virtual void alert(const rules::Alert& alert) = 0;
  virtual void trace_ended(const ScannedTrace&) {}
  virtual void finish() {}
};

/// What outputs know besides the alerts; must outlive them.
struct ScanContext {
  const ScanOptions& options;
  const std::vector<rules::CompiledRule>& rules;  // an alert's `rule` is an index
};

std::unique_ptr<AlertOutput> make_output(AlertFormat format, Writer& out,
                                         const ScanContext& context);

/// One per file:
std::unique_ptr<AlertOutput> make_text_output(Writer& out, const ScanContext& context);
std::unique_ptr<AlertOutput> make_json_output(Writer& out, const ScanContext& context);
std::unique_ptr<AlertOutput> make_report_output(Writer& out, const ScanContext& context);
std::unique_ptr<AlertOutput> make_sarif_output(Writer& out, const ScanContext& context);
std::unique_ptr<AlertOutput> make_html_output(Writer& out, const ScanContext& context);
std::unique_ptr<AlertOutput> make_junit_output(Writer& out, const ScanContext& context);

}  // namespace gyr
