// What is wrong, or doubtful, in rule files.
//
// Purpose: all errors of all files at once, each with its place, so that one run is enough.
//
// Contract: `add` keeps what was not said before about the same place. `render` shows a finding in
// three or four lines: file:line:column, the sentence, the line of the file with a caret. The code
// is the one that Falco gives such a finding.
//
// Example:
//   findings.error(Code::yaml_validate, place, "the rule has no 'condition'");
//   for (const Finding& finding : findings.all()) report(render(finding, files));
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/traced_text.hpp"

namespace gyr::rules {

enum class Code : uint8_t {
  // errors
  file_read,
  yaml_parse,
  yaml_validate,
  compile_condition,
  compile_output,
  validate,
  // warnings
  unknown_source,
  missing_plugin,
  unsafe_na_check,
  no_evttype,
  unknown_filter,
  unused_macro,
  unused_list,
  unknown_item,
  deprecated_item,
  append_no_values,
  exception_name_not_unique,
  invalid_macro_name,
  invalid_list_name,
  unknown_key,
  doubtful_condition,
  // warnings of our own
  never_matches,
  matches_everything,
  shadowed,
};

constexpr bool is_error(Code code) { return code < Code::unknown_source; }
/// "LOAD_ERR_YAML_PARSE": what Falco calls it; those that it does not have begin with GYR_.
std::string_view code_name(Code code);

struct Finding {
  Code code;
  Place place;
  std::string message;
  std::string context;  // "in macro X, used by rule Y"; empty: the message says it all
};

class Findings {
 public:
  void add(Finding finding);
  void error(Code code, Place place, std::string message, std::string context = {}) {
    add({code, place, std::move(message), std::move(context)});
  }
  void warn(Code code, Place place, std::string message, std::string context = {}) {
    add({code, place, std::move(message), std::move(context)});
  }

  const std::vector<Finding>& all() const { return all_; }
  size_t errors() const { return errors_; }
  /// By place: those of a file in the order of its lines.
  void sort();

 private:
  std::vector<Finding> all_;
  size_t errors_ = 0;
};

/// "FILE:LINE:COLUMN", counted from 1, in characters.
std::string place_text(Place place, const SourceFiles& files);
/// Without an end of line.
std::string render(const Finding& finding, const SourceFiles& files);

}  // namespace gyr::rules
