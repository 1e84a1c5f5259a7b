#include "rules/profile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "filter/brief.hpp"

namespace gyr::rules {

namespace {

/// A rule with its time, less the clock's.
struct Row {
  const RuleCost* cost;
  double ns;
};

std::vector<Row> rows_of(const Profile& profile) {
  const double clock_ns = Profile::clock_ns();
  std::vector<Row> rows;
  for (const RuleCost& cost : profile.costs) {
    if (cost.asked == 0) continue;
    const double clocks = clock_ns * static_cast<double>(cost.asked);
    rows.push_back({&cost, std::max(0.0, static_cast<double>(cost.ns) - clocks)});
  }
  std::ranges::stable_sort(rows, std::greater(), &Row::ns);
  return rows;
}

/// The terms that stop events, up to the one that lets nothing pass: what is behind it was never
/// evaluated.
void append_steps(Text& to, const RuleCost& cost) {
  constexpr size_t longest = 100;
  uint64_t before = cost.asked;
  for (size_t i = 0; i < cost.steps.size() && before != 0; ++i) {
    if (cost.passed[i] == before) continue;
    before = cost.passed[i];
    to.append(fmt::format("{:>47}    ", before));
    append_printable(to, filter::cut_short(cost.steps[i], longest));
    to.append('\n');
  }
}

void append_row(Text& to, const Row& row, double total) {
  constexpr double ns_per_ms = 1e6, percent = 100;
  const RuleCost& cost = *row.cost;
  to.append(fmt::format("{:>10.3f} {:>6.1f}% {:>9.1f} {:>10} {:>8}  ", row.ns / ns_per_ms,
                        total > 0 ? row.ns / total * percent : 0.0,
                        row.ns / static_cast<double>(cost.asked), cost.asked, cost.matched()));
  append_printable(to, cost.name);
  to.append('\n');
  append_steps(to, cost);
}

void append_unasked(Text& to, const Profile& profile, size_t asked) {
  if (asked == profile.costs.size()) return;
  to.append("not asked, for there was no event of their types:");
  for (const RuleCost& cost : profile.costs) {
    if (cost.asked != 0) continue;
    to.append("\n  ");
    append_printable(to, cost.name);
  }
  to.append('\n');
}

}  // namespace

double Profile::clock_ns() {
  constexpr int rounds = 10'000;
  uint64_t sum = 0;
  for (int i = 0; i < rounds; ++i) {
    const uint64_t begin = now();
    sum += now() - begin;
  }
  return static_cast<double>(sum) / rounds;
}

void Profile::add(const Profile& other) {
  for (size_t rule = 0; rule < costs.size(); ++rule) {
    RuleCost& cost = costs[rule];
    const RuleCost& more = other.costs[rule];
    cost.asked += more.asked;
    cost.ns += more.ns;
    for (size_t i = 0; i < cost.passed.size(); ++i) cost.passed[i] += more.passed[i];
  }
}

void append_profile(Text& to, const Profile& profile) {
  const std::vector<Row> rows = rows_of(profile);
  double total = 0;
  for (const Row& row : rows) total += row.ns;
  to.append(
      "   time ms   share  ns/event      asked  matched  rule, and what its terms let pass where "
      "they stop events\n");
  for (const Row& row : rows) append_row(to, row, total);
  append_unasked(to, profile, rows.size());
}

}  // namespace gyr::rules
