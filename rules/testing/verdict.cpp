#include "rules/testing/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/utf8.hpp"

namespace gyr::rules {

namespace {

constexpr size_t most_shown = 3;

std::string times(uint64_t count) {
  if (count == 0) return "never";
  return count == 1 ? "once" : fmt::format("{} times", count);
}

std::string shown_alert(const SeenAlert& alert) {
  return fmt::format("event {}: {}", alert.event, printable(alert.message));
}

/// What is said about one rule.
struct Side {
  uint64_t expected = 0;
  bool or_more = false;
  bool any_output = false;  // an expectation of it names no text
  std::vector<const std::string*> outputs;
  std::vector<const SeenAlert*> alerts;

  bool right_number() const {
    return or_more ? alerts.size() >= expected : alerts.size() == expected;
  }
  bool fits(const SeenAlert& alert) const {
    return any_output || outputs.empty() || std::ranges::any_of(outputs, [&](const auto* text) {
             return alert.message.find(*text) != std::string::npos;
           });
  }
};

void list_alerts(const std::vector<const SeenAlert*>& alerts, std::vector<std::string>& to) {
  for (size_t i = 0; i < std::min(alerts.size(), most_shown); ++i)
    to.push_back("  " + shown_alert(*alerts[i]));
  if (alerts.size() > most_shown)
    to.push_back(fmt::format("  and {} more", alerts.size() - most_shown));
}

void compare(const std::string& rule, const Side& side, std::vector<std::string>& to) {
  const std::string name = printable(rule);
  if (side.expected == 0) {
    to.push_back(fmt::format("not expected: {}, {}", name, times(side.alerts.size())));
    list_alerts(side.alerts, to);
    return;
  }
  if (!side.right_number()) {
    to.push_back(fmt::format("expected: {}, {}{}; it came {}", name, times(side.expected),
                             side.or_more ? " or more" : "", times(side.alerts.size())));
    list_alerts(side.alerts, to);
  }
  for (const SeenAlert* alert : side.alerts) {
    if (side.fits(*alert)) continue;
    to.push_back(fmt::format("expected: {} with '{}'; its message is", name,
                             printable(*side.outputs.front())));
    to.push_back("  " + shown_alert(*alert));
    break;  // the others would say the same
  }
}

}  // namespace

std::vector<std::string> differences(const std::vector<Expectation>& expected,
                                     const std::vector<SeenAlert>& alerts) {
  std::map<std::string, Side> sides;
  for (const Expectation& each : expected) {
    Side& side = sides[each.rule.text()];
    side.expected += each.count;
    side.or_more = side.or_more || each.or_more;
    if (each.output.empty())
      side.any_output = true;
    else
      side.outputs.push_back(&each.output);
  }
  for (const SeenAlert& alert : alerts) sides[alert.rule].alerts.push_back(&alert);
  std::vector<std::string> lines;
  for (const auto& [rule, side] : sides) compare(rule, side, lines);
  return lines;
}

}  // namespace gyr::rules
