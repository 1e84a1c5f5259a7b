// What alerts say, as far as a configuration can change it.
//
// Contract: an OutputAddition goes to the rules that its `source`, all its `tags` and its `rule`
// fit; what is empty fits every rule. Its `text` is an output format that follows the rule's own
// after a blank; its fields are only in JSON, under output_fields.
//
// Example:
//   CompileOptions options;
//   options.additions.push_back({.tags = {"network"}, .text = "from=%fd.cip"});
#pragma once

#include <string>
#include <vector>

namespace gyr::rules {

/// A member of output_fields: the value of a field, or what a format gives.
struct ExtraField {
  std::string name;
  std::string format;  // empty: `name` is a field

  bool operator==(const ExtraField&) const = default;
};

/// An entry of Falco's append_output.
struct OutputAddition {
  std::string source = {};
  std::vector<std::string> tags = {};
  std::string rule = {};
  std::string text = {};
  std::vector<ExtraField> fields = {};
  bool suggested = false;  // what Falco's shipped configuration has every output say besides

  bool operator==(const OutputAddition&) const = default;
};

/// Which members an alert in JSON has, and how times are written.
struct AlertStyle {
  bool iso_time = false;  // in the text: with the date, in UTC
  bool message = false;
  bool output = true;
  bool output_fields = true;
  bool tags = true;

  bool operator==(const AlertStyle&) const = default;
};

}  // namespace gyr::rules
