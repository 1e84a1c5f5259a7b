// What a trace says about containers.
//
// Purpose: images, names, labels and mounts by container id. Only the trace itself is asked: its
// writer recorded what the container runtime said, in container events.
//
// Contract: ids are those of Thread::container_id. Bounded by number and by the size of the texts
// that the records came from; what does not fit is refused.
//
// Example:
//   if (const Container* c = state.containers.find(thread.container_id.view())) use(c->image);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "decoder/containers.hpp"

namespace gyr {

struct Mount {
  std::string source, destination, mode, propagation;
  bool writable = false;
};

struct Container {
  std::string id;  // as in Thread::container_id
  ContainerType type = ContainerType::unknown;
  std::string full_id, name, ip, user, cni_json, pod_sandbox_id;
  std::string image, image_id, image_repository, image_tag, image_digest;
  /// Command lines of the probes that the runtime starts inside.
  std::string healthcheck, liveness_probe, readiness_probe;
  bool privileged = false, host_pid = false, host_network = false, host_ipc = false;
  std::vector<Mount> mounts;
  using Labels = std::vector<std::pair<std::string, std::string>>;
  Labels labels, pod_sandbox_labels;  // sorted by name

  /// nullptr when there is none.
  static const std::string* find(const Labels& labels, std::string_view name);
};

class ContainerTable {
 public:
  static constexpr size_t max_containers = 1u << 14;
  static constexpr size_t max_bytes = size_t{64} << 20;  // of all the texts they came from

  /// `bytes`: the size of the text that says it.
  void set(Container container, size_t bytes);
  void remove(std::string_view id);
  void clear();
  /// nullptr when unknown.
  const Container* find(std::string_view id) const;
  size_t size() const { return containers_.size(); }
  /// In no order.
  template <class F>
  void for_each(F f) const {
    for (const auto& [id, entry] : containers_) f(entry.container);
  }

 private:
  struct Entry {
    Container container;
    size_t bytes;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
  };
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> containers_;
  size_t bytes_ = 0;
};

}  // namespace gyr
