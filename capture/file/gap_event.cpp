#include "capture/file/gap_event.hpp"

#include <cstring>

#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"
#include "schema/schema.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

namespace param = schema::param::gap_exit;

template <class T>
void put(std::vector<std::byte>& to, T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), raw, raw + sizeof value);
}

/// Lengths and values of parameters that are all of fixed size.
template <class... T>
void put_params(std::vector<std::byte>& to, T... values) {
  put(to, static_cast<uint32_t>(sizeof...(values)));
  (put(to, static_cast<uint16_t>(sizeof values)), ...);
  (put(to, values), ...);
}

/// The value in the type that the schema has for the parameter.
template <class T, class V>
T as(schema::Field<T>, V value) {
  return static_cast<T>(value);
}

void store(std::vector<std::byte>& to, size_t at, size_t value) {
  const auto stored = static_cast<uint32_t>(value);
  std::memcpy(to.data() + at, &stored, sizeof stored);
}

static_assert(param::count.index == 0 && param::lost_cpu.index == 1 && param::from.index == 2 &&
              param::to.index == 3 && param::reason.index == 4);

}  // namespace

void append_gap(const Gap& gap, std::vector<std::byte>& to) {
  constexpr int64_t no_thread = -1;
  const size_t start = to.size();
  put(to, ordinary_event_block);
  put(to, uint32_t{0});  // the length, once it is known
  put(to, static_cast<uint16_t>(gap.cpu < 0 ? 0 : gap.cpu));
  const size_t event = to.size();
  put(to, gap.ts);
  put(to, no_thread);
  const size_t length = to.size();
  put(to, uint32_t{0});
  put(to, schema::id_in_file(schema::type::gap_exit));
  put_params(to, as(param::count, gap.count), as(param::lost_cpu, gap.cpu),
             as(param::from, gap.from), as(param::to, gap.to), as(param::reason, gap.reason));
  store(to, length, to.size() - event);
  while ((to.size() - start) % 4 != 0) put(to, uint8_t{0});
  const size_t total = to.size() - start + block_trailer_size;
  store(to, start + sizeof(uint32_t), total);
  put(to, static_cast<uint32_t>(total));
}

}  // namespace gyr
