#include "rules/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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

/// The terms that stop events.
void append_steps(Text& to, const RuleCost& cost) {
  constexpr size_t longest = 100;
  for (size_t i = 0; i < cost.steps.size(); ++i) {
    if (cost.stopped[i] == 0) continue;
    to.append(fmt::format("{:>47}    ", cost.passed(i)));
    to.append(printable(filter::cut_short(cost.steps[i], longest)));
    to.append('\n');
  }
}

void append_row(Text& to, const Row& row, double total) {
  constexpr double ns_per_ms = 1e6, percent = 100;
  const RuleCost& cost = *row.cost;
  to.append(fmt::format("{:>10.3f} {:>6.1f}% {:>9.1f} {:>10} {:>8}  ", row.ns / ns_per_ms,
                        total > 0 ? row.ns / total * percent : 0.0,
                        row.ns / static_cast<double>(cost.asked), cost.asked, cost.matched()));
  to.append(printable(cost.name));
  to.append('\n');
  append_steps(to, cost);
}

void append_unasked(Text& to, const Profile& profile, size_t asked) {
  if (asked == profile.costs.size()) return;
  to.append("not asked, for there was no event of their types:");
  for (const RuleCost& cost : profile.costs) {
    if (cost.asked != 0) continue;
    to.append("\n  ");
    to.append(printable(cost.name));
  }
  to.append('\n');
}

}  // namespace

uint64_t RuleCost::passed(size_t step) const {
  const auto end = stopped.begin() + static_cast<ptrdiff_t>(step) + 1;
  return asked - std::accumulate(stopped.begin(), end, uint64_t{0});
}

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
    for (size_t i = 0; i < cost.stopped.size(); ++i) cost.stopped[i] += more.stopped[i];
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
