#include "cli/scan/output.hpp"

namespace gyr {

namespace {

/// Falco's lines.
class LineOutput : public AlertOutput {
 public:
  LineOutput(Writer& out, bool json) : out_(out), json_(json) {}

  rules::AlertParts parts() const override { return {.text = !json_, .json = json_}; }

  void alert(const rules::Alert& alert) override {
    out_.line().append(json_ ? alert.json : alert.text).append('\n');
    out_.commit();
  }

 private:
  Writer& out_;
  bool json_;
};

}  // namespace

std::unique_ptr<AlertOutput> make_text_output(Writer& out, const ScanContext&) {
  return std::make_unique<LineOutput>(out, false);
}

std::unique_ptr<AlertOutput> make_json_output(Writer& out, const ScanContext&) {
  return std::make_unique<LineOutput>(out, true);
}

std::unique_ptr<AlertOutput> make_output(AlertFormat format, Writer& out,
                                         const ScanContext& context) {
  switch (format) {
    case AlertFormat::text:
      return make_text_output(out, context);
    case AlertFormat::json:
      return make_json_output(out, context);
    case AlertFormat::sarif:
      return make_sarif_output(out, context);
    case AlertFormat::junit:
      return make_junit_output(out, context);
    case AlertFormat::html:
      return make_html_output(out, context);
    case AlertFormat::report:
      break;
  }
  return make_report_output(out, context);
}

}  // namespace gyr
