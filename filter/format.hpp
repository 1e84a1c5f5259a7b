// Output formats: "%evt.num %proc.name (%thread.tid)".
//
// Purpose: what -p prints, and the texts of alerts. Parsed once, then appended for every event.
//
// Contract: `parse` takes literals and `%[WIDTH]FIELD` or `%[WIDTH]TRANSFORMER(...)`; a field's
// name is the longest one that fits, so "%proc.name:" is a field and a colon, and
// "%proc.name[%proc.pid]" two fields. An error's offset counts from the start of `text`; `explain`
// shows it. `append` gives false, and appends nothing, when a field has no value, unless the format
// begins with '*': then the field prints as "<NA>". No newline is added. A width pads with blanks
// or cuts to that many bytes; a character that would be cut in half goes as a whole, but not in the
// dialect of sysdig 0.29. Nothing is allocated once the buffers have grown.
//
// Example:
//   auto format = OutputFormat::parse("%evt.num %10proc.name|");
//   if (format->append(line, moment)) line.append('\n');
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/source.hpp"

namespace gyr::filter {

inline constexpr size_t max_width = 4096;

/// One field or transformer, with the text in front of it.
struct FormatField {
  std::string before;
  std::string name;  // as written, without '%' and width
  size_t width = 0;  // 0: as long as it is
  Source source;
  Extraction extraction;
};

class OutputFormat {
 public:
  static Result<OutputFormat> parse(std::string_view text);

  bool append(Text& to, const Moment& moment);

  /// With '*': an event without a value has a line nevertheless.
  bool always() const { return always_; }
  bool needs_enter() const;
  const std::vector<FormatField>& fields() const { return fields_; }
  std::vector<FormatField> take_fields() && { return std::move(fields_); }

 private:
  std::vector<FormatField> fields_;
  std::string after_;
  bool always_ = false;
};

/// Resolves what the command line may have instead of control characters: \n, \t, \e and \\. Any
/// other backslash stays.
std::string unescape_format(std::string_view text);

}  // namespace gyr::filter
