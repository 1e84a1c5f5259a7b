#include "capture/file/gap_event.hpp"

#include "capture/file/event_builder.hpp"
#include "schema/schema.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

namespace param = schema::param::gap_exit;

/// The value in the type that the schema has for the parameter.
template <class T, class V>
T as(schema::Field<T>, V value) {
  return static_cast<T>(value);
}

static_assert(param::count.index == 0 && param::lost_cpu.index == 1 && param::from.index == 2 &&
              param::to.index == 3 && param::reason.index == 4);

}  // namespace

void append_gap(const Gap& gap, std::vector<std::byte>& to) {
  const EventHead head{.ts = gap.ts,
                       .cpu = static_cast<uint16_t>(gap.cpu < 0 ? 0 : gap.cpu),
                       .type = schema::type::gap_exit};
  append_event(to, head, as(param::count, gap.count), as(param::lost_cpu, gap.cpu),
               as(param::from, gap.from), as(param::to, gap.to), as(param::reason, gap.reason));
}

}  // namespace gyr
