// An event as one line of JSON: the fields of an output format.
//
// Purpose: what -j prints, with types that a program can rely on.
//
// Contract: one object on one line without a newline, its keys the fields as they are written in
// the format, each once, sorted by bytes. The text between the fields is not used, nor are widths.
// As with text, a field without a value drops the object (false, nothing appended), unless the
// format begins with '*': then it is null. `json_type` says what else a field can be; a list is an
// array of that. Texts are members of their own, whose formats begin with '*'. Any bytes give valid
// JSON: base/json_text.hpp.
//
// Example:
//   JsonFormat json(*OutputFormat::parse("*%evt.num %fd.name"));
//   json.append(line, moment);   // {"evt.num":7,"fd.name":null}
#pragma once

#include <optional>

#include "filter/format.hpp"

namespace gyr::filter {

/// A member whose value is what a format gives.
struct JsonText {
  std::string name;
  OutputFormat format;
};

class JsonFormat {
 public:
  /// A text goes before a field of the same name.
  explicit JsonFormat(OutputFormat format) : JsonFormat(std::move(format), {}) {}
  JsonFormat(OutputFormat format, std::vector<JsonText> texts);

  bool append(Text& to, const Moment& moment);
  bool needs_enter() const;

 private:
  struct Member {
    std::string key;  // quoted, with its colon
    FormatField field;
    std::optional<OutputFormat> text = std::nullopt;  // instead of the field
  };
  std::vector<Member> members_;
  Text text_;  // of a value that goes into a string
  bool always_;
};

enum class JsonType : uint8_t { number, string, boolean };

/// The word that schemas use.
std::string_view json_type_name(JsonType type);

JsonType json_type(schema::ParamType type, schema::Format format, bool has_json_number);
/// Of a field without argument; evt.rawarg has the type of its argument.
JsonType json_type(const Field& field);
JsonType json_type(const Source& source);

}  // namespace gyr::filter
