#include "cli/scan/html/page.hpp"

#include <algorithm>
#include <array>

#include "cli/scan/html/style.hpp"
#include "version.hpp"

namespace gyr {

namespace {

constexpr size_t priority_count = 8;

void append_head(Html& html, const Page& page) {
  html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
      .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
      .markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
      .markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
      .markup("style-src ")
      .markup(style_hash)
      .markup("; script-src ")
      .markup(script_hash)
      .markup("; base-uri 'none'; form-action 'none'\">\n<title>gyr scan: ")
      .count(page.gathered.total, "alert")
      .markup("</title>\n<style>")
      .markup(style)
      .markup("</style>\n</head>\n<body>\n");
}

/// From the first to the last event, of all traces.
void append_range(Html& html, const Gathered& gathered) {
  uint64_t from = UINT64_MAX, to = 0;
  const auto include = [&](uint64_t first, uint64_t last) {
    if (first != 0) from = std::min(from, first);
    to = std::max(to, last);
  };
  for (const TraceAlerts& trace : gathered.traces) include(trace.first_ts, trace.last_ts);
  for (const RuleAlerts& rule : gathered.rules)
    if (rule.count != 0) include(rule.first_ts, rule.last_ts);
  if (to == 0) return;
  html.markup("<p class=\"range\">").time(from).markup(" to ").time(to).markup(" UTC</p>");
}

void append_header(Html& html, const Page& page) {
  const Gathered& gathered = page.gathered;
  html.markup("<header><h1>Scan report</h1>");
  if (gathered.traces.size() == 1)
    html.markup("<p class=\"subject\">").text(trace_name(gathered.traces.front())).markup("</p>");
  append_range(html, gathered);
  html.markup("</header>\n<main>\n");
}

Html& open_tile(Html& html, Markup label) {
  return html.markup("<div><dt>").markup(label).markup("</dt><dd>");
}

void append_tiles(Html& html, const Page& page, size_t matched) {
  uint64_t events = 0;
  for (const TraceAlerts& trace : page.gathered.traces) events += trace.events;
  html.markup("<dl class=\"tiles\">");
  open_tile(html, "Alerts").number(page.gathered.total).markup("</dd></div>");
  open_tile(html, "Rules that matched")
      .number(matched)
      .markup(" <small>of ")
      .number(page.context.rules.size())
      .markup("</small></dd></div>");
  if (!page.context.options.is_live()) {
    open_tile(html, "Traces").number(page.gathered.traces.size()).markup("</dd></div>");
    open_tile(html, "Events").number(events).markup("</dd></div>");
  }
  html.markup("</dl>\n");
}

/// What the reader must know before trusting the rest.
void append_warnings(Html& html, const Page& page) {
  for (const TraceAlerts& trace : page.gathered.traces)
    if (trace.error)
      html.markup("<p class=\"warning\">")
          .text(trace_name(trace))
          .markup(" was not read to its end: ")
          .text(trace.error->message)
          .markup(".</p>\n");
  if (page.interrupted)
    html.markup("<p class=\"warning\">The scan was interrupted: not all was read.</p>\n");
}

/// Buttons by priority, and a box: they work with a script only, which shows them.
void append_controls(Html& html, const Page& page) {
  std::array<uint64_t, priority_count> counts{};
  for (size_t rule = 0; rule < page.context.rules.size(); ++rule)
    counts[static_cast<size_t>(page.context.rules[rule].priority)] +=
        page.gathered.rules[rule].count;
  html.markup(
          "<div class=\"controls\" id=\"controls\" hidden><input id=\"filter\" type=\"search\" ")
      .markup(
          "placeholder=\"Only alerts with this text\" aria-label=\"Only alerts with this text\" ")
      .markup("autocomplete=\"off\" spellcheck=\"false\">");
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto priority = static_cast<rules::Priority>(i);
    html.markup("<button type=\"button\" aria-pressed=\"true\" data-priority=\"");
    append_priority_class(html, priority);
    html.markup("\" class=\"toggle ");
    append_priority_class(html, priority);
    html.markup("\">").text(rules::priority_name(priority)).markup(" <span>");
    html.number(counts[i]).markup("</span></button>");
  }
  html.markup("<button type=\"button\" id=\"unfold\">Open all</button></div>\n");
}

void append_row(Html& html, const Page& page, size_t index, uint64_t most) {
  const rules::CompiledRule& rule = page.context.rules[index];
  const RuleAlerts& alerts = page.gathered.rules[index];
  html.markup("<tr data-rule=\"r").plain(index).markup("\"><td>");
  append_badge(html, rule.priority);
  html.markup("</td><td><a href=\"#r").plain(index).markup("\">").text(rule.name);
  html.markup("</a></td><td class=\"amount\">").number(alerts.count);
  html.markup("</td><td class=\"bar\"><svg height=\"8\" aria-hidden=\"true\"><rect class=\"");
  append_priority_class(html, rule.priority);
  html.markup("\" height=\"8\" rx=\"2\" width=\"")
      .percent(std::max(0.02, static_cast<double>(alerts.count) / static_cast<double>(most)))
      .markup("\"/></svg></td><td class=\"first\">")
      .time(alerts.first_ts)
      .markup("</td><td class=\"last\">")
      .time(alerts.last_ts)
      .markup("</td></tr>\n");
}

void append_table(Html& html, const Page& page, const std::vector<size_t>& matched) {
  uint64_t most = 1;
  for (const size_t rule : matched) most = std::max(most, page.gathered.rules[rule].count);
  html.markup(
          "<div class=\"wide\"><table class=\"rules\"><thead><tr><th>Priority</th><th>Rule</th>")
      .markup(
          "<th class=\"amount\">Alerts</th><th class=\"bar\"></th><th class=\"first\">First</th>")
      .markup("<th class=\"last\">Last</th></tr></thead><tbody>\n");
  for (const size_t rule : matched) append_row(html, page, rule, most);
  html.markup("</tbody></table></div>\n");
}

void append_unmatched(Html& html, const Page& page, size_t matched) {
  const size_t unmatched = page.context.rules.size() - matched;
  if (unmatched == 0) return;
  html.markup("<details><summary>")
      .count(unmatched, "rule")
      .markup(" that did not match</summary><ul class=\"names\">");
  for (size_t rule = 0; rule < page.context.rules.size(); ++rule) {
    if (page.gathered.rules[rule].count != 0) continue;
    html.markup("<li>");
    append_badge(html, page.context.rules[rule].priority);
    html.text(page.context.rules[rule].name).markup("</li>");
  }
  html.markup("</ul></details>\n");
}

void append_traces(Html& html, const Page& page) {
  html.markup(
          "<div class=\"wide\"><table><thead><tr><th>Trace</th><th class=\"amount\">Alerts</th>")
      .markup("<th class=\"amount\">Events</th><th>From</th><th>To</th></tr></thead><tbody>\n");
  for (const TraceAlerts& trace : page.gathered.traces) {
    html.markup("<tr><td class=\"path\">").text(trace_name(trace));
    html.markup("</td><td class=\"amount\">").number(trace.alerts);
    html.markup("</td><td class=\"amount\">").number(trace.events).markup("</td><td>");
    if (trace.first_ts != 0) html.time(trace.first_ts);
    html.markup("</td><td>");
    if (trace.last_ts != 0) html.time(trace.last_ts);
    html.markup("</td></tr>\n");
  }
  html.markup("</tbody></table></div>\n");
}

void append_inputs(Html& html, const Page& page, size_t matched) {
  html.markup("<section><h2>What was scanned</h2>\n");
  if (!page.context.options.is_live()) append_traces(html, page);
  html.markup("<p>Rule files:</p><ul class=\"files\">");
  for (const std::string& file : page.rule_files) html.markup("<li>").text(file).markup("</li>");
  html.markup("</ul>\n");
  append_unmatched(html, page, matched);
  html.markup("</section>\n");
}

void append_alerts(Html& html, const Page& page, const std::vector<size_t>& matched) {
  if (matched.empty()) {
    html.markup("<p class=\"quiet\">No rule matched.</p>\n");
    return;
  }
  append_timelines(html, page);
  html.markup("<section><h2>Alerts by rule</h2>\n");
  append_controls(html, page);
  append_table(html, page, matched);
  html.markup("<p class=\"note\" id=\"nothing\" hidden>No alert is like that.</p>\n");
  for (const size_t rule : matched) append_rule(html, page, rule);
  html.markup("</section>\n");
}

}  // namespace

std::vector<size_t> Page::matched_rules() const {
  std::vector<size_t> matched;
  for (size_t rule = 0; rule < gathered.rules.size(); ++rule)
    if (gathered.rules[rule].count != 0) matched.push_back(rule);
  std::ranges::stable_sort(matched, {}, [&](size_t rule) { return context.rules[rule].priority; });
  return matched;
}

void append_page(Html& html, const Page& page) {
  const std::vector<size_t> matched = page.matched_rules();
  append_head(html, page);
  append_header(html, page);
  append_warnings(html, page);
  append_tiles(html, page, matched.size());
  append_alerts(html, page, matched);
  append_inputs(html, page, matched.size());
  html.markup("</main>\n<footer>Made by gyr ")
      .markup(version)
      .markup(" on ")
      .text(utc_text(page.made_ts, 0))
      .markup(" UTC. All times are UTC.</footer>\n<script>")
      .markup(script)
      .markup("</script>\n</body>\n</html>\n");
}

void append_badge(Html& html, rules::Priority priority) {
  html.markup("<span class=\"badge ");
  append_priority_class(html, priority);
  html.markup("\">").text(rules::priority_name(priority)).markup("</span>");
}

void append_priority_class(Html& html, rules::Priority priority) {
  html.markup("p").plain(static_cast<uint64_t>(priority));
}

std::string_view trace_name(const TraceAlerts& trace) {
  if (trace.path.empty()) return "live host";
  return trace.path == "-" ? "standard input" : std::string_view(trace.path);
}

}  // namespace gyr
