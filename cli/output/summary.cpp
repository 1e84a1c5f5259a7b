#include "cli/output/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "decoder/render/names.hpp"

namespace gyr {

void Summary::count(const Event& event) {
  const uint16_t type = event.raw().type;
  if (type <= schema::type::generic_exit)
    ++generic_[type][event_name(event)];
  else
    ++calls_[type];
}

std::vector<Summary::Row> Summary::sorted() const {
  std::vector<Row> rows;
  for (uint32_t type = 0; type < generic_.size(); ++type) {
    for (const auto& [name, calls] : generic_[type])
      rows.push_back({name, schema::is_enter(type), calls});
  }
  for (uint32_t type = 0; type < calls_.size(); ++type) {
    if (calls_[type] != 0)
      rows.push_back({schema::events[type].name, schema::is_enter(type), calls_[type]});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(b.calls, a.name, b.is_enter) < std::tie(a.calls, b.name, a.is_enter);
  });
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
