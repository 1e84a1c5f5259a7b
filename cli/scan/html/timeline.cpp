// When the alerts were: a lane for each priority, drawn without a script.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/scan/html/page.hpp"

namespace gyr {

namespace {

constexpr size_t columns = 200;
constexpr size_t most_timelines = 12;
constexpr uint64_t lane_height = 26, top = 4;

/// Alerts that are so close that they are one dot.
struct Dot {
  uint64_t count = 0;
  std::vector<std::pair<uint32_t, uint64_t>> rules;  // and how many of each
};
using Lane = std::array<Dot, columns>;
using Lanes = std::map<rules::Priority, Lane>;

/// What of time the axis shows: all of the trace, and all alerts.
struct Axis {
  uint64_t from, to;

  explicit Axis(const TraceAlerts& trace) {
    const TimeBins& times = trace.times;
    from = to = times.begin();
    for (const auto& [rule, counts] : times.counts())
      for (size_t bin = 0; bin < counts.size(); ++bin)
        if (counts[bin] != 0) to = std::max(to, times.begin() + bin * times.width());
    if (trace.first_ts != 0) from = std::min(from, trace.first_ts);
    to = std::max(to, trace.last_ts);
  }
  double share(uint64_t ts) const {
    if (from == to) return 0.5;
    const uint64_t since = std::clamp(ts, from, to) - from;
    return static_cast<double>(since) / static_cast<double>(to - from);
  }
  uint64_t at(double share) const {
    return from + static_cast<uint64_t>(share * static_cast<double>(to - from));
  }
  size_t column(uint64_t ts) const {
    return std::min(static_cast<size_t>(share(ts) * columns), columns - 1);
  }
};

Lanes lanes_of(const Page& page, const TraceAlerts& trace, const Axis& axis) {
  Lanes lanes;
  const TimeBins& times = trace.times;
  for (const auto& [rule, counts] : times.counts()) {
    Lane& lane = lanes[page.context.rules[rule].priority];
    for (size_t bin = 0; bin < counts.size(); ++bin) {
      if (counts[bin] == 0) continue;
      Dot& dot = lane[axis.column(times.begin() + bin * times.width() + times.width() / 2)];
      dot.count += counts[bin];
      if (dot.rules.empty() || dot.rules.back().first != rule) dot.rules.emplace_back(rule, 0);
      dot.rules.back().second += counts[bin];
    }
  }
  return lanes;
}

/// What shows when the pointer is over it.
void append_title(Html& html, const Page& page, const Dot& dot, uint64_t ts) {
  constexpr size_t most = 6;
  html.markup("<title>").text(utc_text(ts, 3)).markup(" UTC, ").count(dot.count, "alert");
  for (size_t i = 0; i < std::min(most, dot.rules.size()); ++i) {
    const auto& [rule, count] = dot.rules[i];
    html.markup("&#10;").number(count).markup(" × ").text(page.context.rules[rule].name);
  }
  if (dot.rules.size() > most)
    html.markup("&#10;and ").count(dot.rules.size() - most, "other rule");
  html.markup("</title>");
}

/// Dots that are many would run into one another: bars are drawn, then.
bool are_dense(const Lanes& lanes) {
  constexpr auto most = static_cast<std::ptrdiff_t>(columns / 6);
  return std::ranges::any_of(lanes, [](const auto& lane) {
    const auto is_used = [](const Dot& dot) { return dot.count != 0; };
    return std::ranges::count_if(lane.second, is_used) > most;
  });
}

void append_circle(Html& html, double share, double weight, uint64_t y) {
  html.markup("<circle cx=\"")
      .percent(share)
      .markup("\" cy=\"")
      .plain(y)
      .markup("\" r=\"")
      .text(fmt::format("{:.1f}", std::min(4 + weight, 10.0)))
      .markup("\">");
}

void append_bar(Html& html, double share, double weight, uint64_t y) {
  constexpr double width = 0.9 / columns;
  const double height = std::min(3 + 1.5 * weight, lane_height - 4.0);
  html.markup("<rect x=\"")
      .percent(std::max(0.0, share - width / 2))
      .markup("\" width=\"")
      .percent(width)
      .markup("\" y=\"")
      .text(fmt::format("{:.1f}", static_cast<double>(y) + lane_height / 2.0 - 2 - height))
      .markup("\" height=\"")
      .text(fmt::format("{:.1f}", height))
      .markup("\">");
}

void append_lane(Html& html, const Page& page, const Axis& axis, const Lane& lane, uint64_t y,
                 bool as_bars) {
  for (size_t column = 0; column < columns; ++column) {
    const Dot& dot = lane[column];
    if (dot.count == 0) continue;
    const double middle = (static_cast<double>(column) + 0.5) / static_cast<double>(columns);
    const double share = axis.from == axis.to ? 0.5 : middle;
    const double weight = std::log2(static_cast<double>(dot.count));
    html.markup("<a href=\"#r").plain(dot.rules.front().first).markup("\" tabindex=\"-1\">");
    (as_bars ? append_bar : append_circle)(html, share, weight, y);
    append_title(html, page, dot, axis.at(share));
    html.markup(as_bars ? Markup("</rect></a>") : Markup("</circle></a>"));
  }
}

void append_lanes(Html& html, const Page& page, const Axis& axis, const Lanes& lanes) {
  const uint64_t height = top + lanes.size() * lane_height;
  const bool as_bars = are_dense(lanes);
  html.markup("<svg class=\"lanes\" role=\"img\" aria-label=\"alerts by time\" height=\"")
      .plain(height)
      .markup("\">");
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
    html.markup("<line class=\"grid\" x1=\"")
        .percent(share)
        .markup("\" x2=\"")
        .percent(share)
        .markup("\" y1=\"0\" y2=\"")
        .plain(height)
        .markup("\"/>");
  uint64_t y = top + lane_height / 2;
  for (const auto& [priority, lane] : lanes) {
    html.markup("<g class=\"");
    append_priority_class(html, priority);
    html.markup("\"><line class=\"lane\" x1=\"0\" x2=\"100%\" y1=\"")
        .plain(y)
        .markup("\" y2=\"")
        .plain(y)
        .markup("\"/>");
    append_lane(html, page, axis, lane, y, as_bars);
    html.markup("</g>");
    y += lane_height;
  }
  html.markup("</svg>");
}

/// As exact as the length of the whole asks for.
std::string tick_text(const Axis& axis, double share) {
  constexpr uint64_t ms = 1'000'000, minute = 60'000 * ms, day = 1440 * minute;
  constexpr size_t year_and_dash = 5, to_minutes = 11, date_and_blank = 11;
  const uint64_t ts = axis.at(share), span = axis.to - axis.from;
  if (span > day) return utc_text(ts, 0).substr(year_and_dash, to_minutes);
  const unsigned digits = span > 10 * minute ? 0 : span > 100 * ms ? 3 : 6;
  return utc_text(ts, digits).substr(date_and_blank);
}

/// The times below the lines of the grid.
void append_ticks(Html& html, const Axis& axis) {
  html.markup("<div class=\"ticks\">");
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
    html.markup("<span>").text(tick_text(axis, share)).markup("</span>");
  html.markup("</div>");
}

void append_timeline(Html& html, const Page& page, const TraceAlerts& trace) {
  const Axis axis(trace);
  const auto lanes = lanes_of(page, trace, axis);
  html.markup("<figure class=\"timeline\">");
  if (page.gathered.traces.size() > 1)
    html.markup("<figcaption>").text(trace_name(trace)).markup("</figcaption>");
  html.markup("<div class=\"labels\">");
  for (const auto& [priority, lane] : lanes) {
    html.markup("<span class=\"");
    append_priority_class(html, priority);
    html.markup("\">").text(rules::priority_name(priority)).markup("</span>");
  }
  html.markup("</div><div class=\"plot\">");
  append_lanes(html, page, axis, lanes);
  append_ticks(html, axis);
  html.markup("</div></figure>\n");
}

}  // namespace

void append_timelines(Html& html, const Page& page) {
  html.markup("<section><h2>Timeline</h2>\n");
  size_t shown = 0, all = 0;
  for (const TraceAlerts& trace : page.gathered.traces) {
    if (trace.alerts == 0 || ++all > most_timelines) continue;
    append_timeline(html, page, trace);
    ++shown;
  }
  if (all > shown)
    html.markup("<p class=\"note\">Not drawn: ").count(all - shown, "more trace").markup(".</p>");
  html.markup("</section>\n");
}

}  // namespace gyr
