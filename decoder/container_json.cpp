#include "decoder/container_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gyr {

namespace {

using Json = nlohmann::json;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found != object.end() ? &*found : nullptr;
}

std::string text(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get_ref<const std::string&>()
                                                : std::string();
}

bool truth(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

ContainerType type_of(const Json& object) {
  const Json* value = member(object, "type");
  return value != nullptr && value->is_number_integer()
             ? static_cast<ContainerType>(value->get<uint32_t>())
             : ContainerType::unknown;
}

Container::Labels labels_of(const Json& object, const char* name) {
  Container::Labels labels;
  const Json* values = member(object, name);
  if (values == nullptr || !values->is_object()) return labels;
  for (const auto& [label, value] : values->items())
    if (value.is_string()) labels.emplace_back(label, value.get_ref<const std::string&>());
  std::sort(labels.begin(), labels.end());
  return labels;
}

std::vector<Mount> mounts_of(const Json& object) {
  std::vector<Mount> mounts;
  const Json* values = member(object, "Mounts");
  if (values == nullptr || !values->is_array()) return mounts;
  for (const Json& value : *values)
    mounts.push_back({.source = text(value, "Source"),
                      .destination = text(value, "Destination"),
                      .mode = text(value, "Mode"),
                      .propagation = text(value, "Propagation"),
                      .writable = truth(value, "RW")});
  return mounts;
}

/// The command line of a probe: its program and the arguments.
std::string probe_of(const Json& object, const char* name) {
  const Json* probe = member(object, name);
  if (probe == nullptr) return {};
  std::string command = text(*probe, "exe");
  const Json* args = member(*probe, "args");
  if (args == nullptr || !args->is_array()) return command;
  for (const Json& arg : *args)
    if (arg.is_string()) command.append(" ").append(arg.get_ref<const std::string&>());
  return command;
}

}  // namespace

std::optional<Container> parse_container(std::string_view json) {
  constexpr bool may_throw = false;
  const Json whole = Json::parse(json.begin(), json.end(), nullptr, may_throw);
  const Json* object = member(whole, "container");
  if (object == nullptr) return std::nullopt;
  Container container;
  container.id = text(*object, "id");
  if (container.id.empty()) return std::nullopt;
  container.type = type_of(*object);
  container.full_id = text(*object, "full_id");
  container.name = text(*object, "name");
  container.ip = text(*object, "ip");
  container.user = text(*object, "User");
  container.cni_json = text(*object, "cni_json");
  container.pod_sandbox_id = text(*object, "pod_sandbox_id");
  container.image = text(*object, "image");
  container.image_id = text(*object, "imageid");
  container.image_repository = text(*object, "imagerepo");
  container.image_tag = text(*object, "imagetag");
  container.image_digest = text(*object, "imagedigest");
  container.healthcheck = probe_of(*object, "Healthcheck");
  container.liveness_probe = probe_of(*object, "LivenessProbe");
  container.readiness_probe = probe_of(*object, "ReadinessProbe");
  container.privileged = truth(*object, "privileged");
  container.host_pid = truth(*object, "host_pid");
  container.host_network = truth(*object, "host_network");
  container.host_ipc = truth(*object, "host_ipc");
  container.mounts = mounts_of(*object);
  container.labels = labels_of(*object, "labels");
  container.pod_sandbox_labels = labels_of(*object, "pod_sandbox_labels");
  return container;
}

}  // namespace gyr
