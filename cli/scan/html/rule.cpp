// A rule of the report, with its alerts.
#include <algorithm>
#include <string>

#include "base/utf8.hpp"
#include "cli/scan/html/page.hpp"
#include "cli/scan/look_closer.hpp"

namespace gyr {

namespace {

/// Longer texts say no more, and a page of them would be big.
constexpr size_t most_bytes = 600;

/// `text`, or its beginning, which ends with a whole character.
std::string shortened(std::string_view text) {
  if (text.size() <= most_bytes) return std::string(text);
  size_t end = most_bytes;
  while (end > most_bytes - 4 && utf8_length(text.substr(end)) == 0) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// "T1555" and "T1059.004" are techniques of MITRE's ATT&CK.
bool is_technique(std::string_view tag) {
  const auto digits = [&](size_t from, size_t to) {
    return std::all_of(tag.begin() + from, tag.begin() + to,
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!tag.starts_with('T')) return false;
  if (tag.size() == 5) return digits(1, 5);
  return tag.size() == 9 && tag[5] == '.' && digits(1, 5) && digits(6, 9);
}

void append_tag(Html& html, const std::string& tag) {
  if (!is_technique(tag)) {
    html.markup("<span class=\"tag\">").text(tag).markup("</span>");
    return;
  }
  std::string page = tag;
  std::ranges::replace(page, '.', '/');
  html.markup("<a class=\"tag\" rel=\"noreferrer\" href=\"https://attack.mitre.org/techniques/")
      .text(page)
      .markup("/\">")
      .text(tag)
      .markup("</a>");
}

/// Each process within its parent, the eldest outside.
void append_ancestry(Html& html, const std::vector<rules::Ancestor>& ancestry) {
  html.markup("\n<h4>Processes</h4>");
  for (auto process = ancestry.rbegin(); process != ancestry.rend(); ++process) {
    const bool is_own = std::next(process) == ancestry.rend();
    html.markup("<ul class=\"tree\"><li")
        .markup(is_own ? Markup(" class=\"own\"") : Markup(""))
        .markup("><b>");
    html.text(process->comm)
        .markup("</b> <span class=\"pid\">")
        .plain(static_cast<uint64_t>(process->pid));
    html.markup("</span> <code>").text(shortened(process->command_line)).markup("</code>");
  }
  for (size_t i = 0; i < ancestry.size(); ++i) html.markup("</li></ul>");
}

void append_event(Html& html, const NearbyEvent& event, bool is_own, bool is_same_thread) {
  constexpr size_t date_and_blank = 11;
  const Markup begin = is_same_thread ? Markup("<span>") : Markup("<span class=\"other\">");
  html.markup(is_own ? Markup("<b class=\"own\">") : begin);
  html.plain(event.num)
      .markup(" ")
      .text(utc_text(event.ts, 9).substr(date_and_blank))
      .markup(" ")
      .text(shortened(event.line))
      .markup(is_own ? Markup("</b>\n") : Markup("</span>\n"));
}

void append_nearby(Html& html, const TraceAlerts& trace, const ShownAlert& alert) {
  html.markup("\n<h4>Surrounding events</h4>");
  const auto from = std::ranges::lower_bound(
      trace.nearby, alert.num - std::min(alert.num, Gathered::reach), {}, &NearbyEvent::num);
  const auto to =
      std::ranges::upper_bound(trace.nearby, alert.num + Gathered::reach, {}, &NearbyEvent::num);
  if (from == to) {
    html.markup("<p class=\"note\">None. ").text(trace.no_nearby).markup("</p>");
    return;
  }
  const auto own = std::ranges::find(from, to, alert.num, &NearbyEvent::num);
  html.markup("<pre class=\"events\" tabindex=\"0\">\n");
  for (auto event = from; event != to; ++event)
    append_event(html, *event, event == own, own != to && event->tid == own->tid);
  html.markup("</pre>");
}

void append_alert(Html& html, const Page& page, const ShownAlert& alert) {
  const TraceAlerts& trace = page.gathered.traces[alert.trace];
  html.markup("<details class=\"alert\"><summary><span class=\"when\">")
      .time(alert.ts)
      .markup("</span><span class=\"message\">")
      .text(shortened(alert.message))
      .markup("</span></summary><div class=\"body\"><p class=\"where\">Event ")
      .number(alert.num)
      .markup(" of ")
      .text(trace_name(trace))
      .markup("</p>");
  if (!alert.ancestry.empty()) append_ancestry(html, alert.ancestry);
  append_nearby(html, trace, alert);
  if (can_read_again(trace.path))
    html.markup("\n<h4>Look closer</h4><pre class=\"command\" tabindex=\"0\">")
        .text(look_closer(trace.path, alert.num))
        .markup("</pre>");
  html.markup("</div></details>\n");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

void append_rule(Html& html, const Page& page, size_t index) {
  const rules::CompiledRule& rule = page.context.rules[index];
  const RuleAlerts& alerts = page.gathered.rules[index];
  html.markup("<section class=\"rule ");
  append_priority_class(html, rule.priority);
  html.markup("\" id=\"r").plain(index).markup("\"><h3>");
  append_badge(html, rule.priority);
  html.markup("<span class=\"name\">").text(rule.name).markup("</span><span class=\"total\">");
  html.count(alerts.count, "alert").markup("</span></h3>");
  if (!rule.desc.empty())
    html.markup("<p class=\"desc\">").lines(trimmed(rule.desc)).markup("</p>");
  if (!rule.tags.empty()) {
    html.markup("<p class=\"tags\">");
    for (const std::string& tag : rule.tags) append_tag(html, tag);
    html.markup("</p>");
  }
  html.markup("<details class=\"condition\"><summary>Condition</summary><pre tabindex=\"0\">")
      .lines(rule.condition)
      .markup("</pre></details>\n");
  for (const ShownAlert& alert : alerts.shown) append_alert(html, page, alert);
  if (const uint64_t more = alerts.count - alerts.shown.size(); more != 0)
    html.markup("<p class=\"note\">Only the first ")
        .number(alerts.shown.size())
        .markup(" are shown; ")
        .number(more)
        .markup(" more were counted.</p>");
  html.markup("</section>\n");
}

}  // namespace gyr
