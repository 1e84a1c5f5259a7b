// Alerts as text and as JSON, as Falco writes them.
//
// Purpose: lines that consumers of Falco's output read.
//
// Contract: `append_text` gives "TIME: PRIORITY MESSAGE", escaped as the inside of a JSON string;
// `append_json` one object with the keys that Falco has, sorted, without those that the style
// leaves out; the hostname is that of the trace. Neither ends the line. One AlertWriter per engine:
// it holds a parsed output per rule.
//
// Example:
//   AlertWriter writer(engine.rules());
//   writer.append_json(line, rule, moment);
#pragma once

#include "base/text.hpp"
#include "rules/compile.hpp"

namespace gyr::rules {

class AlertWriter {
 public:
  explicit AlertWriter(const std::vector<CompiledRule>& rules, const AlertStyle& style = {});

  void append_text(Text& to, const CompiledRule& rule, const filter::Moment& moment);
  void append_json(Text& to, const CompiledRule& rule, const filter::Moment& moment);
  /// Only the rule's own message, without what every output says besides.
  void append_message(Text& to, const CompiledRule& rule, const filter::Moment& moment);
  bool needs_enter() const;

 private:
  struct Output {
    filter::OutputFormat text;     // with time and priority
    filter::OutputFormat message;  // the rule's own
    filter::OutputFormat whole;    // without time and priority
    filter::JsonFormat fields;
    std::string tags;  // a JSON array
  };

  Output& output_of(const CompiledRule& rule) {
    return outputs_[static_cast<size_t>(&rule - rules_)];
  }

  const CompiledRule* rules_;
  AlertStyle style_;
  std::vector<Output> outputs_;
  Text scratch_;
};

/// "2026-11-22T04:55:11.892017899Z"
void append_utc(Text& to, uint64_t ns);

}  // namespace gyr::rules
