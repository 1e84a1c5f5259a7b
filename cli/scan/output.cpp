#include "cli/scan/output.hpp"

namespace gyr {

namespace {

/// Falco's lines.
class LineOutput : public AlertOutput {
 public:
  LineOutput(Writer& out, bool json, bool explain) : out_(out), json_(json), explain_(explain) {}

  rules::AlertParts parts() const override {
    return {.text = !json_, .json = json_, .explanation = explain_};
  }

  void alert(const rules::Alert& alert) override {
    Text& to = out_.line();
    if (json_ && explain_) {
      // One more key of the object.
      to.append(std::string_view(alert.json).substr(0, alert.json.size() - 1));
      to.append(",\"explanation\":");
      append_explanation_json(to, alert.explanation);
      to.append("}\n");
    } else {
      to.append(json_ ? alert.json : alert.text).append('\n');
      if (explain_) append_explanation(to, alert.explanation, explanation_indent);
    }
    out_.commit();
  }

 private:
  Writer& out_;
  bool json_;
  bool explain_;
};

}  // namespace

std::unique_ptr<AlertOutput> make_text_output(Writer& out, const ScanContext& context) {
  return std::make_unique<LineOutput>(out, false, context.options.explain);
}

std::unique_ptr<AlertOutput> make_json_output(Writer& out, const ScanContext& context) {
  return std::make_unique<LineOutput>(out, true, context.options.explain);
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
