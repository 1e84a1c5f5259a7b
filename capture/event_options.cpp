#include "capture/event_options.hpp"

#include <algorithm>

namespace gyr {

namespace {

constexpr uint16_t end_of_options = 0;
constexpr size_t alignment = 4;

template <class T>
void put(std::vector<std::byte>& to, T value) {
  const auto* raw = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), raw, raw + sizeof value);
}

}  // namespace

std::optional<uint64_t> find_latency(Bytes options) {
  Cursor cursor(options);
  while (cursor.left() != 0) {
    const auto code = cursor.take<uint16_t>();
    const std::string_view value = cursor.take_str16();
    if (!cursor.ok() || code == end_of_options) return std::nullopt;
    if (code == latency_option && value.size() == sizeof(uint64_t))
      return load<uint64_t>(as_bytes_of(value).data());
    const size_t padding = (alignment - value.size() % alignment) % alignment;
    cursor.skip(std::min(cursor.left(), padding));
  }
  return std::nullopt;
}

void append_latency(std::vector<std::byte>& to, uint64_t ns) {
  to.resize((to.size() + alignment - 1) / alignment * alignment);
  put(to, latency_option);
  put(to, static_cast<uint16_t>(sizeof ns));
  put(to, ns);
}

}  // namespace gyr
