#include "rules/alert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/json_text.hpp"

namespace gyr::rules {

namespace {

/// A format that was parsed before, with something in front of it.
filter::OutputFormat parsed(const std::string& format) {
  return std::move(*filter::OutputFormat::parse(format));
}

std::string json_array(const std::vector<std::string>& texts) {
  Text array;
  array.append('[');
  for (const std::string& text : texts) {
    if (&text != &texts.front()) array.append(',');
    append_json_string(array, text);
  }
  array.append(']');
  return std::string(array.view());
}

/// The members of output_fields: those of the line, and the extra ones.
filter::JsonFormat json_fields(std::string line, const std::vector<ExtraField>& extra) {
  std::vector<filter::JsonText> texts;
  for (const ExtraField& field : extra) {
    if (field.format.empty())
      line += " %" + field.name;
    else
      texts.push_back({field.name, parsed((field.format[0] == '*' ? "" : "*") + field.format)});
  }
  return {parsed(line), std::move(texts)};
}

}  // namespace

AlertWriter::AlertWriter(const std::vector<CompiledRule>& rules, const AlertStyle& style)
    : rules_(rules.data()), style_(style) {
  const std::string_view time = style.iso_time ? "%evt.time.iso8601" : "%evt.time";
  outputs_.reserve(rules.size());
  for (const CompiledRule& rule : rules) {
    const std::string_view message = std::string_view(rule.output).substr(1);  // behind the '*'
    const std::string line = fmt::format("*{}: {} {}", time, priority_name(rule.priority), message);
    outputs_.push_back({parsed(line), parsed(rule.message), parsed(rule.output),
                        json_fields(line, rule.extra_fields), json_array(rule.tags)});
  }
}

bool AlertWriter::needs_enter() const {
  return std::ranges::any_of(outputs_, [](const Output& output) {
    return output.text.needs_enter() || output.fields.needs_enter();
  });
}

void AlertWriter::append_text(Text& to, const CompiledRule& rule, const filter::Moment& moment) {
  scratch_.clear();
  output_of(rule).text.append(scratch_, moment);
  append_json_escaped(to, scratch_.view());
}

void AlertWriter::append_message(Text& to, const CompiledRule& rule, const filter::Moment& moment) {
  output_of(rule).message.append(to, moment);
}

void AlertWriter::append_json(Text& to, const CompiledRule& rule, const filter::Moment& moment) {
  Output& output = output_of(rule);
  to.append("{\"hostname\":");
  append_json_string(to, moment.state.machine.hostname);
  const auto append_formatted = [&](std::string_view name, filter::OutputFormat& format) {
    to.append(name);
    scratch_.clear();
    format.append(scratch_, moment);
    append_json_string(to, scratch_.view());
  };
  if (style_.message) append_formatted(",\"message\":", output.whole);
  if (style_.output) append_formatted(",\"output\":", output.text);
  if (style_.output_fields) {
    to.append(",\"output_fields\":");
    output.fields.append(to, moment);
  }
  to.append(",\"priority\":");
  append_json_string(to, priority_name(rule.priority));
  to.append(",\"rule\":");
  append_json_string(to, rule.name);
  to.append(",\"source\":");
  append_json_string(to, rule.source);
  if (style_.tags) to.append(",\"tags\":").append(output.tags);
  to.append(",\"time\":\"");
  append_utc(to, moment.event.raw().ts);
  to.append("\"}");
}

void append_utc(Text& to, uint64_t ns) {
  constexpr uint64_t second = 1'000'000'000;
  const auto seconds = static_cast<std::time_t>(ns / second);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  to.append(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", utc.tm_year + 1900,
                        utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                        ns % second));
}

}  // namespace gyr::rules
