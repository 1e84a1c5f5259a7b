// The report as a web page: what is counted, and that nothing in it can become markup.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "cli/scan/html/gathered.hpp"
#include "cli/scan/html/page.hpp"
#include "cli/scan/html/time_bins.hpp"
#include "cli/scan/look_closer.hpp"

using namespace gyr;

namespace {

constexpr uint64_t second = 1'000'000'000;

rules::Alert alert_at(uint64_t ts, uint64_t num, uint32_t rule = 0) {
  rules::Alert alert;
  alert.rule = rule;
  alert.ts = ts;
  alert.num = num;
  alert.trace = "a.scap";
  alert.message = "<script>" + std::to_string(num);
  alert.ancestry.push_back({7, "a\"b", "a\"b --x='<i>'"});
  return alert;
}

std::string page_of(const std::vector<rules::CompiledRule>& rules, const Gathered& gathered) {
  ScanOptions options;
  options.traces = {"a.scap"};
  const ScanContext context{options, rules};
  Text text;
  Html html(text);
  append_page(html, {context, gathered, {"<rules>.yaml"}, 5 * second, false});
  return std::string(text.view());
}

size_t occurrences(std::string_view text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("html report: bins hold all that was counted, however long it takes") {
  std::mt19937_64 random(3);
  TimeBins bins;
  uint64_t ts = 1'700'000'000 * second, last = 0;
  const uint64_t first = ts;
  for (int i = 0; i < 5000; ++i) {
    bins.add(ts, i % 3 == 0);
    last = ts;
    ts += random() % (1 + random() % second);
  }
  uint64_t sums[2] = {};
  for (const auto& [what, counts] : bins.counts()) {
    REQUIRE(counts.size() == TimeBins::capacity);
    for (const uint64_t count : counts) sums[what] += count;
  }
  CHECK(sums[0] == 3333);
  CHECK(sums[1] == 1667);
  CHECK(bins.begin() == first);
  CHECK((last - first) / bins.width() < TimeBins::capacity);
  CHECK((last - first) / bins.width() >= TimeBins::capacity / 2);  // no coarser than needed
  CHECK(bins.counts().at(1)[0] != 0);
}

TEST_CASE("html report: a time before the first one counts as the first") {
  TimeBins bins;
  bins.add(1000, 0);
  bins.add(10, 0);
  CHECK(bins.begin() == 1000);
  CHECK(bins.counts().at(0)[0] == 2);
}

TEST_CASE("html report: the first alerts of a rule are kept, and all are counted") {
  Gathered gathered(2);
  for (uint64_t i = 0; i < 100; ++i) gathered.add(alert_at(second + i, i + 1));
  gathered.trace_ended({"a.scap", second, 2 * second, 500, std::nullopt});
  gathered.add(alert_at(second / 2, 1, 1));
  gathered.trace_ended({"a.scap", 1, 2, 3, Error{"cut", std::nullopt}});
  gathered.trace_ended({"b.scap", 0, 0, 0, std::nullopt});
  CHECK(gathered.total == 101);
  CHECK(gathered.rules[0].count == 100);
  CHECK(gathered.rules[0].shown.size() == Gathered::most_shown);
  CHECK(gathered.rules[0].first_ts == second);
  CHECK(gathered.rules[0].last_ts == second + 99);
  REQUIRE(gathered.traces.size() == 3);  // the same path twice is two traces
  CHECK(gathered.traces[0].alerts == 100);
  CHECK(gathered.traces[1].alerts == 1);
  CHECK(gathered.rules[1].shown[0].trace == 1);
  CHECK(gathered.traces[1].error->message == "cut");
  CHECK(gathered.traces[2].alerts == 0);
  gathered.read_nearby();
  CHECK(gathered.traces[0].nearby.empty());
  CHECK(!gathered.traces[0].no_nearby.empty());
}

TEST_CASE("html report: texts of traces and rules are texts") {
  std::vector<rules::CompiledRule> rules(2);
  rules[0].name = "<b>name & \"co\"";
  rules[0].desc = "first <i>line</i>\nsecond\n";
  rules[0].tags = {"T1059.004", "T1555", "<u>"};
  rules[1].name = "quiet";
  Gathered gathered(2);
  for (uint64_t i = 0; i < 30; ++i) gathered.add(alert_at(second + i, i + 1));
  const std::string page = page_of(rules, gathered);
  CHECK(occurrences(page, "<script>") == 1);
  CHECK(occurrences(page, "&lt;script&gt;") == Gathered::most_shown);
  CHECK(occurrences(page, "<details class=\"alert\">") == Gathered::most_shown);
  CHECK(page.find("Only the first 20 are shown; 10 more were counted.") != std::string::npos);
  CHECK(page.find("<b>name") == std::string::npos);
  CHECK(page.find("first &lt;i&gt;line&lt;/i&gt;\nsecond</p>") != std::string::npos);
  CHECK(page.find("techniques/T1059/004/\">T1059.004</a>") != std::string::npos);
  CHECK(page.find("<span class=\"tag\">&lt;u&gt;</span>") != std::string::npos);
  CHECK(page.find("a&quot;b --x=&#39;&lt;i&gt;&#39;") != std::string::npos);
  CHECK(page.find("<li>&lt;rules&gt;.yaml</li>") != std::string::npos);
  CHECK(page.find("1 rule that did not match") != std::string::npos);
  CHECK(page.find("No rule matched.") == std::string::npos);
}

TEST_CASE("html report: without alerts it says so") {
  const std::vector<rules::CompiledRule> rules(3);
  Gathered gathered(3);
  gathered.trace_ended({"a.scap", second, 2 * second, 1234567, std::nullopt});
  const std::string page = page_of(rules, gathered);
  CHECK(page.find("No rule matched.") != std::string::npos);
  CHECK(page.find("1,234,567") != std::string::npos);
  CHECK(page.find("<svg") == std::string::npos);
}

TEST_CASE("the command to look closer is one for a shell") {
  CHECK(look_closer("a b.scap", 12) == "gyr -r 'a b.scap' -n 20 'evt.num>=12'");
  CHECK(look_closer("it's", 1) == "gyr -r 'it'\\''s' -n 20 'evt.num>=1'");
}
