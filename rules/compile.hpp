// From definitions to conditions and outputs that can be run.
//
// Purpose: checks every rule as strictly as Falco and makes one filter::Program of those that are
// wanted.
//
// Contract: all rules are checked, also those that are not wanted; of one with errors every wrong
// comparison is reported, not only the first. Rules whose source nobody provides are left out, with
// one warning per source that names them. The program holds the rules for which `wanted` says true,
// in the order of the definitions.
//
// Example:
//   RuleProgram compiled = compile_rules(loader.definitions, {}, findings);
//   if (findings.errors() == 0) Engine engine(std::move(compiled));
#pragma once

#include <functional>
#include <memory>

#include "filter/format.hpp"
#include "filter/json.hpp"
#include "filter/program.hpp"
#include "rules/alert_style.hpp"
#include "rules/definitions.hpp"
#include "rules/diagnostics.hpp"

namespace gyr::rules {

/// A rule as it is run.
struct CompiledRule {
  std::string name, desc, source;
  Priority priority = Priority::debug;
  std::vector<std::string> tags;             // sorted
  std::string output;                        // the format, complete
  std::string message;                       // the format without what every output says besides
  std::vector<ExtraField> extra_fields;      // JSON only
  std::string condition;                     // expanded, canonical
  std::shared_ptr<const filter::Node> tree;  // the same, with the names of macros
  Place place;
  filter::Program::Id id = 0;
};

struct RuleProgram {
  filter::Program program;
  std::vector<CompiledRule> rules;
};

struct CompileOptions {
  /// Which rules are run; empty: those that are enabled.
  std::function<bool(const Rule&)> wanted;
  /// As in Falco's own configuration.
  std::vector<OutputAddition> additions = {OutputAddition{.suggested = true}};
  /// Names of static fields, which are suggested for outputs too.
  std::vector<std::string> static_fields = {};
  bool warn_unused = false;
};

/// What Falco's shipped configuration has every output say besides.
extern const std::string_view suggested_output;

RuleProgram compile_rules(const Definitions& definitions, const CompileOptions& options,
                          Findings& findings);

}  // namespace gyr::rules
