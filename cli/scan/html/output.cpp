// The report as a web page: gathers all alerts, then writes.
#include <chrono>

#include "cli/interrupt.hpp"
#include "cli/scan/html/page.hpp"
#include "cli/scan/rule_files.hpp"

namespace gyr {

namespace {

uint64_t now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count());
}

class HtmlOutput : public AlertOutput {
 public:
  HtmlOutput(Writer& out, const ScanContext& context)
      : out_(out), context_(context), gathered_(context.rules.size()) {}

  rules::AlertParts parts() const override {
    return {.message = true, .ancestry = true, .details = Gathered::most_shown};
  }
  void alert(const rules::Alert& alert) override { gathered_.add(alert); }
  void trace_ended(const ScannedTrace& trace) override { gathered_.trace_ended(trace); }
  void finish() override;

 private:
  Writer& out_;
  ScanContext context_;
  Gathered gathered_;
};

void HtmlOutput::finish() {
  const bool is_live = context_.options.is_live();
  if (is_live && gathered_.traces.empty()) gathered_.traces.emplace_back();
  gathered_.read_nearby();
  std::vector<std::string> rule_files;
  for (const std::string& path : context_.options.rule_files)
    for (std::string& file : files_of(path, {".yaml", ".yml"}))
      rule_files.push_back(std::move(file));
  Html html(out_.line());
  append_page(html, {context_, gathered_, std::move(rule_files), now(), interrupted() && !is_live});
  out_.commit();
}

}  // namespace

std::unique_ptr<AlertOutput> make_html_output(Writer& out, const ScanContext& context) {
  return std::make_unique<HtmlOutput>(out, context);
}

}  // namespace gyr
