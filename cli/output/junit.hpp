// JUnit's XML, as build servers read it: suites of cases, with what is wrong of those that failed.
//
// Contract: all texts become valid XML, whatever their bytes (base/markup.hpp). A document is
// `begin_junit`, the suites, `end_junit`. Times are written where a case has one. Nothing is
// printed: the caller owns the buffer.
//
// Example:
//   JunitSuite suite("t.scap");
//   suite.add({.name = "Clear logs", .result = JunitCase::Result::failed, .message = "2 alerts",
//              .lines = lines});
//   begin_junit(out, "gyr scan");
//   suite.append(out);
//   end_junit(out);
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace gyr {

struct JunitCase {
  enum class Result : uint8_t { passed, skipped, failed, error };

  std::string_view name;
  Result result = Result::passed;
  std::string_view message = {};            // of one that has not passed
  std::string_view type = {};               // of what is wrong; empty: it has none
  std::span<const std::string> lines = {};  // more about it
  std::optional<double> seconds = {};
};

struct JunitCounts {
  size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::optional<double> seconds;

  void add(const JunitCase& test);
  void add(const JunitCounts& more);
};

class JunitSuite {
 public:
  explicit JunitSuite(std::string name) : name_(std::move(name)) {}

  void add(const JunitCase& test);
  void append(Text& to) const;
  const JunitCounts& counts() const { return counts_; }

 private:
  std::string name_;
  Text cases_;
  JunitCounts counts_;
};

/// `counts`: of all suites, where they are known before the first is written.
void begin_junit(Text& to, std::string_view name, const std::optional<JunitCounts>& counts = {});
void end_junit(Text& to);

}  // namespace gyr
