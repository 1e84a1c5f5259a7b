// Runs cases against rules.
//
// Purpose: what stands between the files of cases and the reports.
//
// Contract: a Runner compiles the rules once, the disabled ones too, and runs any number of cases;
// errors of a case are its failure and stop nothing. `place` and `lines` of an outcome are safe for
// a terminal.
//
// Example:
//   Runner runner(loader);
//   for (rules::Case& test : cases) report(runner.run(test));
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/detector.hpp"
#include "rules/loader.hpp"
#include "rules/testing/cases.hpp"
#include "rules/testing/verdict.hpp"

namespace gyr {

struct Outcome {
  enum class Kind : uint8_t { passed, failed, error };

  Kind kind = Kind::passed;
  std::string file, place;         // "tests/shell.yaml", "tests/shell.yaml:12"
  std::string name;                // of the case
  std::vector<std::string> lines;  // what is not as expected, or what is wrong
  double seconds = 0;
};

/// Those of a text, each safe for a terminal.
std::vector<std::string> shown_lines(std::string_view text);

class Runner {
 public:
  /// The rules must have been checked: their errors are ignored. The loader must outlive it.
  explicit Runner(rules::Loader& loader);

  Outcome run(rules::Case& test);
  /// The alerts of a trace by the rules that are on: those that are enabled, and `enable`.
  Result<std::vector<rules::SeenAlert>> alerts_of(const std::string& trace,
                                                  const std::set<std::string>& enable);
  /// Rules that no case has triggered so far, in the order of their definitions.
  std::vector<std::string> untriggered() const;

 private:
  struct RuleState {
    bool enabled = true;
    bool triggered = false;
  };

  void check_names(rules::Case& test, const std::set<std::string>& enable) const;
  void check_name(const rules::TracedText& name, rules::Case& test,
                  const std::set<std::string>& enable) const;
  Result<std::vector<rules::SeenAlert>> alerts_of_case(rules::Case& test,
                                                       const std::set<std::string>& enable);

  rules::Loader& loader_;
  std::unique_ptr<rules::Detector> detector_;
  std::map<std::string, RuleState, std::less<>> states_;
};

}  // namespace gyr
