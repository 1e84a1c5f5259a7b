#include "filter/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json_text.hpp"
#include "filter/render_value.hpp"

namespace gyr::filter {

namespace {

using schema::Format;
using schema::ParamType;

void append_double(Text& to, double number) {
  if (!std::isfinite(number)) {
    to.append("null");
    return;
  }
  constexpr size_t longest = 32;  // the shortest text that reads back as the same number
  char* const at = to.room(longest);
  const auto end = std::to_chars(at, at + longest, number);
  to.added(static_cast<size_t>(end.ptr - at));
}

/// How the values of one field are written.
struct JsonValueWriter {
  const Source& source;
  ParamType type;
  const RenderOptions& options;
  Text& scratch;

  void append(Text& to, const Value& value) const {
    const ValueKind kind{type, source.format()};
    switch (json_type(type, source.format(), source.has_json_number())) {
      case JsonType::boolean:
        to.append(value.number != 0 ? "true" : "false");
        break;
      case JsonType::number:
        if (source.has_json_number())
          to.append_unsigned(value.number);
        else if (kind.type == ParamType::float64)
          append_double(to, value.as_double());
        else
          append_value(to, value, {kind.type, Format::dec}, options);
        break;
      case JsonType::string:
        append_string(to, value, kind);
        break;
    }
  }

  void append_string(Text& to, const Value& value, ValueKind kind) const {
    if (is_text(kind.type)) {
      append_json_string(to, value.text);
      return;
    }
    scratch.clear();
    append_value(scratch, value, kind, options);
    append_json_string(to, scratch.view());
  }

  void append_array(Text& to, std::span<const Value> values) const {
    to.append('[');
    for (size_t i = 0; i < values.size(); ++i) {
      if (i != 0) to.append(',');
      append(to, values[i]);
    }
    to.append(']');
  }
};

std::string quoted_key(std::string_view name) {
  Text text;
  append_json_string(text, name);
  text.append(':');
  return std::string(text.view());
}

}  // namespace

JsonFormat::JsonFormat(OutputFormat format, std::vector<JsonText> texts)
    : always_(format.always()) {
  for (JsonText& text : texts) {
    FormatField name_only;
    name_only.name = std::move(text.name);
    members_.push_back({quoted_key(name_only.name), std::move(name_only), std::move(text.format)});
  }
  for (FormatField& field : std::move(format).take_fields()) {
    std::string key = quoted_key(field.name);
    members_.push_back({std::move(key), std::move(field)});
  }
  const auto name = [](const Member& member) -> const std::string& { return member.field.name; };
  std::ranges::stable_sort(members_, {}, name);
  const auto same = [&](const Member& a, const Member& b) { return name(a) == name(b); };
  members_.erase(std::unique(members_.begin(), members_.end(), same), members_.end());
}

bool JsonFormat::needs_enter() const {
  return std::any_of(members_.begin(), members_.end(), [](const Member& member) {
    return member.text ? member.text->needs_enter() : member.field.source.needs_enter();
  });
}

bool JsonFormat::append(Text& to, const Moment& moment) {
  const size_t begin = to.size();
  to.append('{');
  for (Member& member : members_) {
    Source& source = member.field.source;
    Extraction& extraction = member.field.extraction;
    if (&member != &members_.front()) to.append(',');
    to.append(member.key);
    if (member.text) {
      text_.clear();
      member.text->append(text_, moment);
      append_json_string(to, text_.view());
      continue;
    }
    const bool found = source.extract_for_json(moment, extraction);
    if (!found && !always_) {
      to.truncate(begin);
      return false;
    }
    const ParamType own = extraction.type();
    const JsonValueWriter writer{source, own != ParamType::none ? own : source.print_type(),
                                 moment.settings.render, text_};
    if (!found)
      to.append("null");
    else if (source.is_list())
      writer.append_array(to, extraction.values());
    else
      writer.append(to, extraction.first());
  }
  to.append('}');
  return true;
}

std::string_view json_type_name(JsonType type) {
  switch (type) {
    case JsonType::number:
      return "number";
    case JsonType::boolean:
      return "boolean";
    case JsonType::string:
      break;
  }
  return "string";
}

JsonType json_type(ParamType type, Format format, bool has_json_number) {
  if (has_json_number || type == ParamType::float64) return JsonType::number;
  if (type == ParamType::boolean) return JsonType::boolean;
  const bool decimal = format != Format::hex && format != Format::oct;
  return is_integer(type) && decimal ? JsonType::number : JsonType::string;
}

JsonType json_type(const Field& field) {
  return json_type(print_type(field, field.type), field.format, field.json != nullptr);
}

JsonType json_type(const Source& source) {
  return json_type(source.print_type(), source.format(), source.has_json_number());
}

}  // namespace gyr::filter
