#include "decoder/container_table.hpp"

#include <algorithm>

namespace gyr {

const std::string* Container::find(const Labels& labels, std::string_view name) {
  const auto found = std::lower_bound(
      labels.begin(), labels.end(), name,
      [](const auto& label, std::string_view wanted) { return label.first < wanted; });
  return found != labels.end() && found->first == name ? &found->second : nullptr;
}

void ContainerTable::set(Container container, size_t bytes) {
  if (container.id.empty()) return;
  remove(container.id);
  if (containers_.size() >= max_containers || bytes > max_bytes - bytes_) return;
  bytes_ += bytes;
  std::string id = container.id;
  containers_.emplace(std::move(id), Entry{std::move(container), bytes});
}

void ContainerTable::remove(std::string_view id) {
  const auto found = containers_.find(id);
  if (found == containers_.end()) return;
  bytes_ -= found->second.bytes;
  containers_.erase(found);
}

void ContainerTable::clear() {
  containers_.clear();
  bytes_ = 0;
}

const Container* ContainerTable::find(std::string_view id) const {
  const auto found = containers_.find(id);
  return found != containers_.end() ? &found->second.container : nullptr;
}

}  // namespace gyr
