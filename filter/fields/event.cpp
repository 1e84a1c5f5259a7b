// The class of the fields about system calls, put together, and what its parts share.
#include <vector>

#include "filter/fields/event_parts.hpp"
#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

std::array<int8_t, schema::event_count> result_indexes() {
  std::array<int8_t, schema::event_count> indexes;
  for (uint32_t i = 0; i < schema::event_count; ++i) {
    const auto id = static_cast<uint16_t>(i);
    int index = find_param(id, "res");
    if (index < 0 && is_exit(id) && has_flag(id, schema::creates_fd)) index = find_param(id, "fd");
    indexes[id] = static_cast<int8_t>(index);
  }
  return indexes;
}

}  // namespace

int find_param(uint16_t id, std::string_view name) {
  const auto params = schema::events[id].params;
  for (size_t i = 0; i < params.size(); ++i)
    if (params[i].name == name) return static_cast<int>(i);
  return -1;
}

ParamIndexes::ParamIndexes(std::string_view name) {
  for (uint32_t id = 0; id < schema::event_count; ++id)
    indexes_[id] = static_cast<int8_t>(find_param(static_cast<uint16_t>(id), name));
}

int result_index(uint16_t id) {
  static const auto indexes = result_indexes();
  return indexes[id];
}

bool has_result(uint16_t id) { return result_index(id) >= 0; }

std::optional<int64_t> result_of(const Event& event) {
  const int index = result_index(event.raw().type);
  if (index < 0 || static_cast<uint32_t>(index) >= event.nparams()) return std::nullopt;
  const Bytes raw = event.param(static_cast<uint32_t>(index));
  if (raw.empty()) return std::nullopt;
  return Event::value<int64_t>(raw);
}

FieldClass event_fields() {
  static const auto rows = [] {
    std::vector<Field> all;
    for (const auto part : {event_time_fields(), event_type_fields(), event_args_fields(),
                            event_result_fields(), event_count_fields(), event_file_fields()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return {"evt", "System calls",
          "What a system call or another event of the kernel is, was given and gave back.", rows};
}

}  // namespace gyr::filter
