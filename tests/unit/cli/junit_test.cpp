#include "cli/output/junit.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace gyr;
using Result = JunitCase::Result;

TEST_CASE("junit: a document of one suite, with all that can become of a case") {
  const std::vector<std::string> lines = {"<first>", "sec\x1bond"};
  JunitSuite suite("a&b");
  suite.add({.name = "good"});
  suite.add({.name = "\"left\" out", .result = Result::skipped, .message = "not read"});
  suite.add({.name = "bad",
             .result = Result::failed,
             .message = "2 alerts",
             .type = "WARNING",
             .lines = lines});
  suite.add({.name = "worse", .result = Result::error, .message = "damaged"});
  Text to;
  begin_junit(to, "gyr scan");
  suite.append(to);
  end_junit(to);
  CHECK(to.view() == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gyr scan">
  <testsuite name="a&amp;b" tests="4" failures="1" errors="1" skipped="1">
    <testcase classname="a&amp;b" name="good"/>
    <testcase classname="a&amp;b" name="&quot;left&quot; out">
      <skipped message="not read"/>
    </testcase>
    <testcase classname="a&amp;b" name="bad">
      <failure message="2 alerts" type="WARNING">&lt;first&gt;
sec\x1bond
</failure>
    </testcase>
    <testcase classname="a&amp;b" name="worse">
      <error message="damaged"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("junit: counts and times of suites add up") {
  JunitSuite one("one"), two("two");
  one.add({.name = "a", .seconds = 0.25});
  one.add({.name = "b", .result = Result::failed, .message = "no", .seconds = 0.5});
  two.add({.name = "c"});
  JunitCounts all;
  all.add(one.counts());
  all.add(two.counts());
  CHECK_FALSE(two.counts().seconds);
  Text to;
  begin_junit(to, "gyr test", all);
  CHECK(to.view().find("<testsuites name=\"gyr test\" tests=\"3\" failures=\"1\" errors=\"0\" "
                       "skipped=\"0\" time=\"0.750000\">") != std::string_view::npos);
}
