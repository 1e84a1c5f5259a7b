#include "cli/output/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decoder/render/names.hpp"

namespace gyr {

void Summary::count(const Event& event) { ++calls_[{event.raw().type, event_name(event)}]; }

std::vector<Summary::Row> Summary::sorted() const {
  std::vector<Row> rows;
  for (const auto& [key, calls] : calls_)
    rows.push_back({key.second, schema::is_enter(key.first), calls});
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.calls > b.calls; });
  return rows;
}

void Summary::append(Text& to) const {
  constexpr size_t max_rows = 100;
  constexpr std::string_view rule = "----------------------\n";
  to.append(rule).append("Event           #Calls\n").append(rule);
  const std::vector<Row> rows = sorted();
  for (size_t i = 0; i < std::min(rows.size(), max_rows); ++i) {
    const Row& row = rows[i];
    to.append(fmt::format("{} {:<15} {}\n", row.is_enter ? '>' : '<', row.name, row.calls));
  }
}

}  // namespace gyr
