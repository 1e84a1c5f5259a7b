// Cases of rules: a trace, or events, and the alerts that are expected of it.
//
// Purpose: what gyr test runs. The format is gyr-test(8), "Cases".
//
// Contract: `load_cases` gives every case of a file; what is wrong with one stands with it, and the
// others are not affected. What is wrong with the file as a whole goes to `findings`. Names of
// rules are not looked up here.
//
// Example:
//   const auto cases = load_cases(files.add("tests/shell.yaml", text), files, findings);
#pragma once

#include <vector>

#include "rules/item.hpp"

namespace gyr::rules {

struct Expectation {
  TracedText rule;
  uint64_t count = 1;
  bool or_more = false;
  std::string output;  // that the message of each alert has in it
};

struct Case {
  std::string name;
  Place place;
  std::string trace;  // path; empty: there are events
  Place trace_place;
  YamlPtr events;
  std::vector<Expectation> expect;
  std::vector<TracedText> enable;
  Findings findings;
};

std::vector<Case> load_cases(uint32_t file, const SourceFiles& files, Findings& findings);

/// "FILE:LINE:COLUMN: what is wrong", the line and a caret.
std::string render_case_error(const Finding& finding, const SourceFiles& files);

}  // namespace gyr::rules
